"""An emulated office PC with QuickBooks Desktop and the Web Connector, run over HTTP against a server: the demo's."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from qbemulator import qwc, rounds
from qbemulator.company_file import CompanyFile
from qbemulator.company_file.office import Office, Pays
from qbemulator.request_processor import RequestProcessor
from qbemulator.web_connector import HttpTransport, Update, WebConnector

PAYMENTS = 320
NEW_CUSTOMERS = ("Quarry Street Lofts", "Pinehurst Medical Center", "Lantern Hill Winery", "Saltmarsh Marina")
RENAMED = ("Bay Area Storage", "Bay Area Storage & Moving")


class PracticePC:
    """One emulated PC: a company file on disk and a Web Connector with one .qwc file added to it."""

    def __init__(self, *, file: Path, sample: str, qwc_file: Path, password: str) -> None:
        self.books = CompanyFile.create(file, sample=sample, now=timezone.now())
        self._connector = WebConnector(
            qwc=qwc.read(qwc_file),
            password=password,
            processor=RequestProcessor(self.books, clock=timezone.now),
            transport=HttpTransport(),
            check_urls=True,
        )

    def update(self) -> Sequence[Update]:
        """Run connector sessions until Centerpoint says that nothing is left to do."""
        return self._connector.update_until_idle()

    def play_the_office(self) -> dict[str, int]:
        """What people do in QuickBooks all day; how often each thing happened."""
        office = Office(self.books, clock=timezone.now)
        for name in NEW_CUSTOMERS:
            office.add_customer(name, Phone="512-555-0142")
        office.rename_customer(*RENAMED)
        happened = rounds.pay_some(office, count=PAYMENTS, seed=11)
        return {**happened, "new customers": len(NEW_CUSTOMERS), "customers renamed": 1}

    def play_the_morning(
        self,
        *,
        vendor: str,
        customers: Sequence[Mapping[str, str]],
        deleted: str,
        edited: str,
        renamed_phone: str,
        paid: str,
    ) -> None:
        """One of each thing that asks for a decision: invoices by TxnID, the customer by full name."""
        office = Office(self.books, clock=timezone.now)
        office.add_vendor(vendor)
        for customer in customers:
            office.add_customer(
                customer["Name"], **{tag: text for tag, text in customer.items() if tag != "Name"}
            )
        office.delete_invoice(deleted)
        office.edit_invoice(edited, first_line_amount="77.00")
        office.edit_customer(renamed_phone, Phone="512-555-0160")
        invoice = next(one for one in self.books.invoices if one["TxnID"] == paid)
        job, due = invoice["CustomerRef"]["FullName"], Decimal(invoice["BalanceRemaining"])
        office.receive_payment(
            job, due + 50, invoices=[Pays(paid, due - 10, "10")], ref_number="4410", memo="50 in advance"
        )
        unknown = office.add_invoice(job, [("Service", "120.00")], ref_number="OLD-17")
        office.receive_payment(job, "120.00", invoices=[unknown["TxnID"]], ref_number="4411")

    def dump(self) -> dict[str, Any]:
        """Everything in the company file, as plain data."""
        return self.books.dump()

    def close(self) -> None:
        self.books.close()
