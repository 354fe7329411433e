"""What somebody does in QuickBooks while a connector session runs, as faults.py names it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from qbemulator.company_file import CompanyFile
from qbemulator.company_file.office import Office

Clock = Callable[[], datetime]
Undo = Callable[[], None]


def lock_every_record(books: CompanyFile, clock: Clock) -> Undo:
    """Customers and invoices are open on screens until the exchange is over."""
    office = Office(books, clock=clock)
    ids = [record["ListID"] for record in books.customers] + [record["TxnID"] for record in books.invoices]

    def for_each(act: Callable[[str], None]) -> None:
        with books.storage.transaction():
            for object_id in ids:
                act(object_id)

    for_each(office.open_on_screen)
    return lambda: for_each(office.close_on_screen)


def close_the_books(books: CompanyFile, clock: Clock) -> Undo:
    Office(books, clock=clock).set_closing_date(clock().date())
    return stays


def edit_the_latest(books: CompanyFile, clock: Clock) -> Undo:
    office = Office(books, clock=clock)
    if customers := [record for record in books.customers if "ParentRef" not in record]:
        office.edit_customer(max(customers, key=_age)["FullName"], Phone="555-0199")
    if invoices := books.invoices:
        office.edit_invoice(invoices[-1]["TxnID"], memo="Edited in QuickBooks")
    return stays


def _age(record: dict[str, Any]) -> int:
    """ListIDs begin with a counter in hexadecimal (protocol.md E.1)."""
    return int(str(record["ListID"]).partition("-")[0], 16)


def stays() -> None:
    """Nothing is undone after the exchange."""


ACTS: dict[str, Callable[[CompanyFile, Clock], Undo]] = {
    "record-locked": lock_every_record,
    "closed-period": close_the_books,
    "edit-between": edit_the_latest,
}
