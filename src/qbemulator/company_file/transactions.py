"""What all transactions share: their row, their lines, who paid what, and leaving the file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from qbemulator.company_file import customers, locks, refusals
from qbemulator.company_file.lists import Fields
from qbemulator.company_file.storage import Row, Storage
from qbemulator.company_file.switches import Switches

INVOICE, CREDIT_MEMO, PAYMENT = "Invoice", "CreditMemo", "ReceivePayment"


@dataclass(slots=True)
class Transaction:
    """One transaction; money in cents.

    `open_amount` is what is still to pay of an invoice, what is still to use of a payment or credit memo.
    `fields` holds what no rule reads, under QuickBooks' element names; references are kept as ListIDs.
    """

    sequence: int
    txn_id: str
    kind: str
    txn_number: int
    customer_id: str
    txn_date: str
    ref_number: str | None
    ref_key: str | None
    created: int
    modified: int
    edit_sequence: int
    subtotal: int
    tax: int
    total: int
    open_amount: int
    is_pending: bool
    is_void: bool
    external_guid: str | None
    fields: Fields

    @property
    def balance_effect(self) -> int:
        """What this transaction adds to its customer's balance."""
        if self.is_pending:
            return 0
        return self.open_amount if self.kind == INVOICE else -self.open_amount


class Line(NamedTuple):
    line_id: str
    item_id: str | None
    fields: Fields


class Application(NamedTuple):
    """`amount` and `discount` of one payment or credit on one invoice; `payment_id` is the payment that set a credit."""

    id: int
    invoice_id: str
    source_id: str
    payment_id: str | None
    amount: int
    discount: int
    discount_account: str | None
    discount_class: str | None


def transaction(row: Row) -> Transaction:
    values = dict(row)
    values["is_pending"] = bool(values["is_pending"])
    values["is_void"] = bool(values["is_void"])
    values["fields"] = json.loads(values["fields"])
    return Transaction(**values)


def get(storage: Storage, kind: str, txn_id: str) -> Transaction | None:
    row = storage.one("SELECT * FROM transactions WHERE txn_id = ? AND kind = ?", (txn_id, kind))
    return None if row is None else transaction(row)


def existing(storage: Storage, kind: str, txn_id: str) -> Transaction:
    """The transaction of that kind behind an id, 3120 if there is none."""
    found = get(storage, kind, txn_id)
    if found is None:
        raise refusals.not_found(txn_id)
    return found


def every(storage: Storage, kind: str) -> list[Transaction]:
    """All of a kind in the order QuickBooks lists them: by date, then as entered."""
    return [
        transaction(row)
        for row in storage.all(
            "SELECT * FROM transactions WHERE kind = ? ORDER BY txn_date, sequence", (kind,)
        )
    ]


def insert(storage: Storage, entry: Transaction, lines: list[Line], *, now: int) -> None:
    """Store a new transaction and move its customer's balance."""
    storage.execute(
        "INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.sequence,
            entry.txn_id,
            entry.kind,
            entry.txn_number,
            entry.customer_id,
            entry.txn_date,
            entry.ref_number,
            entry.ref_key,
            entry.created,
            entry.modified,
            entry.edit_sequence,
            entry.subtotal,
            entry.tax,
            entry.total,
            entry.open_amount,
            entry.is_pending,
            entry.is_void,
            entry.external_guid,
            json.dumps(entry.fields),
        ),
    )
    store_lines(storage, entry.txn_id, lines)
    customers.shift_balance(storage, entry.customer_id, entry.balance_effect, now=now)


def update(storage: Storage, entry: Transaction, *, before: Transaction, now: int) -> None:
    """Store a changed transaction and move balances from what it was `before`. The edit sequence moves."""
    entry.modified = entry.edit_sequence = now
    storage.execute(
        "UPDATE transactions SET customer_id = ?, txn_date = ?, ref_number = ?, ref_key = ?, modified = ?,"
        " edit_sequence = ?, subtotal = ?, tax = ?, total = ?, open_amount = ?, is_pending = ?, is_void = ?,"
        " fields = ? WHERE txn_id = ?",
        (
            entry.customer_id,
            entry.txn_date,
            entry.ref_number,
            entry.ref_key,
            entry.modified,
            entry.edit_sequence,
            entry.subtotal,
            entry.tax,
            entry.total,
            entry.open_amount,
            entry.is_pending,
            entry.is_void,
            json.dumps(entry.fields),
            entry.txn_id,
        ),
    )
    if before.customer_id == entry.customer_id:
        delta = entry.balance_effect - before.balance_effect
        customers.shift_balance(storage, entry.customer_id, delta, now=now)
    else:
        customers.shift_balance(storage, before.customer_id, -before.balance_effect, now=now)
        customers.shift_balance(storage, entry.customer_id, entry.balance_effect, now=now)


def shift_open_amount(storage: Storage, txn_id: str, delta: int, *, now: int) -> None:
    """Something was paid or unpaid: the open amount and the customer's balance move.

    The edit sequence stays: the record's own data did not change. Whether the time stamp of an invoice moves is a
    switch (protocol.md section I, 7).
    """
    row = storage.one("SELECT * FROM transactions WHERE txn_id = ?", (txn_id,))
    assert row is not None
    entry = transaction(row)
    before = entry.balance_effect
    entry.open_amount += delta
    touched = now if Switches(storage).payment_touches_invoice else entry.modified
    storage.execute(
        "UPDATE transactions SET open_amount = ?, modified = ? WHERE txn_id = ?",
        (entry.open_amount, touched, txn_id),
    )
    customers.shift_balance(storage, entry.customer_id, entry.balance_effect - before, now=now)


def lines_of(storage: Storage, txn_id: str) -> list[Line]:
    return [
        Line(row["line_id"], row["item_id"], json.loads(row["fields"]))
        for row in storage.all("SELECT * FROM lines WHERE txn_id = ? ORDER BY position", (txn_id,))
    ]


def store_lines(storage: Storage, txn_id: str, lines: list[Line]) -> None:
    storage.execute_many(
        "INSERT INTO lines (txn_id, position, line_id, item_id, fields) VALUES (?, ?, ?, ?, ?)",
        [
            (txn_id, position, line.line_id, line.item_id, json.dumps(line.fields))
            for position, line in enumerate(lines)
        ],
    )


def replace_lines(storage: Storage, txn_id: str, lines: list[Line]) -> None:
    storage.execute("DELETE FROM lines WHERE txn_id = ?", (txn_id,))
    store_lines(storage, txn_id, lines)


def applications_on(storage: Storage, invoice_id: str) -> list[Application]:
    """What payments and credits did to an invoice, oldest first."""
    rows = storage.all("SELECT * FROM applications WHERE invoice_id = ? ORDER BY id", (invoice_id,))
    return [Application(*row) for row in rows]


def applications_of(storage: Storage, source_id: str) -> list[Application]:
    """What a payment or credit memo paid itself, in the order it was applied."""
    rows = storage.all("SELECT * FROM applications WHERE source_id = ? ORDER BY id", (source_id,))
    return [Application(*row) for row in rows]


def credits_set_by(storage: Storage, payment_id: str) -> list[Application]:
    """The credits of others that a payment applied (SetCredit)."""
    rows = storage.all("SELECT * FROM applications WHERE payment_id = ? ORDER BY id", (payment_id,))
    return [Application(*row) for row in rows]


def unapply(storage: Storage, application: Application, *, now: int) -> None:
    """Take one application back: the invoice is open again, the source has money to use again."""
    storage.execute("DELETE FROM applications WHERE id = ?", (application.id,))
    shift_open_amount(storage, application.invoice_id, application.amount + application.discount, now=now)
    shift_open_amount(storage, application.source_id, application.amount, now=now)


def apply(
    storage: Storage,
    *,
    invoice_id: str,
    source_id: str,
    amount: int,
    now: int,
    discount: int = 0,
    discount_account: str | None = None,
    discount_class: str | None = None,
    payment_id: str | None = None,
) -> None:
    """Let a payment or credit pay part of an invoice. The caller has made sure that both sides can bear it."""
    storage.execute(
        "INSERT INTO applications (invoice_id, source_id, payment_id, amount, discount, discount_account,"
        " discount_class) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (invoice_id, source_id, payment_id, amount, discount, discount_account, discount_class),
    )
    shift_open_amount(storage, invoice_id, -(amount + discount), now=now)
    shift_open_amount(storage, source_id, -amount, now=now)


def delete(storage: Storage, kind: str, txn_id: str, *, now: int) -> Transaction:
    """Remove a transaction and remember that it was here.

    Refused: 3120 unknown, 3176 open on a screen, 3161 closed period, 3160 an invoice or credit with links (unless the
    switch `delete_paid_invoice` says that links are taken back).
    """
    entry = existing(storage, kind, txn_id)
    locks.refuse_locked_transaction(storage, txn_id, "delete")
    locks.refuse_closed_period(storage, entry.txn_date, "delete", code=3161)
    applied = applications_on(storage, txn_id) + applications_of(storage, txn_id)
    if kind == INVOICE and applied and Switches(storage).delete_paid_invoice == "refuse":
        raise refusals.in_use(txn_id)
    for application in applied + credits_set_by(storage, txn_id):
        unapply(storage, application, now=now)
    left = existing(storage, kind, txn_id)
    customers.shift_balance(storage, left.customer_id, -left.balance_effect, now=now)
    storage.execute("DELETE FROM lines WHERE txn_id = ?", (txn_id,))
    storage.execute("DELETE FROM transactions WHERE txn_id = ?", (txn_id,))
    storage.execute(
        "INSERT INTO deletions (kind, object_id, name, created, deleted) VALUES (?, ?, ?, ?, ?)",
        (kind, txn_id, entry.ref_number, entry.created, now),
    )
    return entry


def ref_key(ref_number: str | None) -> str | None:
    """RefNumber without regard to case, for lookups."""
    return ref_number.lower() if ref_number else None


def numbered(storage: Storage, kind: str, ref_number: str | None) -> str | None:
    """The document's number: as given, or by the switches the next one, or none (protocol.md E.5)."""
    counter = f"RefNumber {kind}"
    if ref_number is None:
        if Switches(storage).absent_ref_number == "empty":
            return None
        return str(storage.take_numbers(counter))
    if Switches(storage).used_ref_number == "refuse" and storage.one(
        "SELECT 1 FROM transactions WHERE kind = ? AND ref_key = ?", (kind, ref_key(ref_number))
    ):
        raise refusals.cannot_save(kind, "The number is already in use.")
    if ref_number.isdecimal() and ref_number.isascii():
        storage.raise_counter(counter, int(ref_number))
    return ref_number
