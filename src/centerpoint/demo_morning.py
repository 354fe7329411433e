"""The morning after: what the demo leaves for whoever opens its pages, one of everything a bookkeeper meets.

The totals were compared before; nothing here is in step yet, on purpose.
"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from decimal import Decimal

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Invoice, InvoiceStatus, LineKind, TaxCode
from centerpoint.billing.operations import Line
from centerpoint.companies import operations as companies
from centerpoint.companies.models import Company
from centerpoint.contractors.models import Contractor
from centerpoint.practice import PracticePC
from centerpoint.quickbooks import connection, outbox
from centerpoint.quickbooks.models import CompanyFile, Counterpart, Pairing, Posting, RecordKind
from centerpoint.work import operations as work

# Certain, likely, nobody there, a vendor of the same name: what Pair Customers shows.
NEW_COMPANIES = (
    ("Cedar Ridge Dental PLLC", "512-555-0142", "1200 Quarry Street", "Austin"),
    ("Pinehurst Surgery Center", "512-555-0153", "", "Austin"),
    ("Bluebonnet Early Learning Center", "512-555-0177", "88 Clover Lane", "Round Rock"),
    ("Hill Country Crane Service", "512-555-0181", "40 Industrial Road", "Kyle"),
)
NEW_CUSTOMERS = (
    {"Name": "Cedar Ridge Dental", "Phone": "512-555-0142", "CompanyName": "Cedar Ridge Dental PLLC"},
    {"Name": "Pinehurst Surgical Center"},
)
VENDOR = "Hill Country Crane Service"
HELD = 6


@dataclass(frozen=True)
class Morning:
    """Whom and when it is about."""

    contractor: Contractor
    company_file: CompanyFile
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(zoneinfo.ZoneInfo(self.contractor.time_zone)).date()


def begin(*, company_file: CompanyFile, pc: PracticePC, now: dt.datetime) -> None:
    """New business here, people at work there, one run of the connector; then everything waits for somebody."""
    morning = Morning(company_file.contractor, company_file, now)
    paired = list(
        Company.objects.filter(
            pairings__company_file=company_file,
            invoices__in=Invoice.objects.filter(status=InvoiceStatus.ISSUED, balance__gt=100),
            tax_exempt=False,
        )
        .distinct()
        .order_by("name")[: HELD + 4]
    )
    pc.play_the_morning(
        vendor=VENDOR,
        customers=NEW_CUSTOMERS,
        deleted=_in_quickbooks(company_file, paired[0]),
        edited=_in_quickbooks(company_file, paired[1]),
        renamed_phone=_name_there(company_file, paired[2]),
        paid=_in_quickbooks(company_file, paired[3]),
    )
    companies.change_company(company=paired[2], phone="512-555-0119", now=now)
    for name, phone, street, city in NEW_COMPANIES:
        company = companies.create_company(
            contractor=morning.contractor,
            name=name,
            phone=phone,
            billing_street=street,
            billing_city=city,
            now=now,
        )
        _bill(morning, company, "Leak at the skylight, sealed", "385.00")
    for company in paired[4:]:
        _bill(morning, company, "Repair of the flashing at the chimney", "640.00")
    other_tax = _bill(morning, paired[1], "Storm damage", "815.00", tax=_other_tax(morning))
    connection.ask_for_news(company_file=company_file)
    pc.update()
    _approve(morning, kind=RecordKind.TICKET)
    _approve(morning, kind=RecordKind.INVOICE, invoice=other_tax)
    pc.update()


def _approve(morning: Morning, **which: object) -> None:
    postings = Posting.objects.filter(company_file=morning.company_file, **which)
    outbox.approve(
        company_file=morning.company_file, now=morning.now, posting_ids=postings.values_list("pk", flat=True)
    )


def _in_quickbooks(company_file: CompanyFile, company: Company) -> str:
    """The TxnID of an open invoice of the company."""
    return str(
        Counterpart.objects.filter(
            company_file=company_file, invoice__bill_to=company, there=Counterpart.There.PRESENT
        )
        .order_by("-balance", "pk")
        .values_list("quickbooks_id", flat=True)[0]
    )


def _name_there(company_file: CompanyFile, company: Company) -> str:
    return Pairing.objects.get(company_file=company_file, company=company).customer.full_name


def _other_tax(morning: Morning) -> TaxCode:
    """A percent that QuickBooks' sales tax item does not have, so that the difference is found before sending."""
    return billing.create_tax_code(
        contractor=morning.contractor, title="Hays County", code="HAYS", percent=Decimal("6.75")
    )


def _bill(
    morning: Morning, company: Company, description: str, amount: str, *, tax: TaxCode | None = None
) -> Invoice:
    place = company.properties.first() or companies.create_property(
        company=company, name=f"{company.name}, main building", city=company.billing_city, now=morning.now
    )
    ticket = work.create_ticket(
        property=place,
        bill_to=company,
        description=description,
        service_type="Leak",
        purchase_order="PO 7731" if company.needs_purchase_order else "",
        opened_on=morning.today,
        now=morning.now,
    )
    draft = billing.draft_service_invoice(
        ticket=ticket,
        lines=[
            Line(description="Service call", unit_price=Decimal("95.00"), kind=LineKind.TRAVEL),
            Line(description=description, unit_price=Decimal(amount), kind=LineKind.LABOR),
        ],
        tax_codes=None if tax is None else [tax],
        now=morning.now,
    )
    return billing.issue_invoice(invoice=draft, on=morning.today, now=morning.now)
