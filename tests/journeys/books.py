"""A journey's contractor whose QuickBooks is connected, with a company that is paired and work that waits there."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Invoice
from centerpoint.companies import operations as companies
from centerpoint.companies.models import Company
from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks import connection, outbox
from centerpoint.quickbooks.models import CompanyFile
from centerpoint.quickbooks.pairing import operations as pairing
from centerpoint.work import operations as work
from journeys.emulated_pc import EmulatedPC


def connect(contractor: Contractor, pc: EmulatedPC, *, url: str) -> CompanyFile:
    """Activated, and heard from once: QuickBooks' lists and customers are read."""
    activation = connection.activate(contractor=contractor, url=url, now=timezone.now())
    pc.add_application(connection.qwc_file(activation.company_file), password=activation.password)
    pc.update_until_idle()
    activation.company_file.refresh_from_db()
    return activation.company_file


def created_there(contractor: Contractor, company_file: CompanyFile, pc: EmulatedPC, name: str) -> Company:
    """A company that is a QuickBooks customer, too."""
    now = timezone.now()
    company = companies.create_company(contractor=contractor, name=name, now=now)
    outbox.discover(company_file, now=now)
    pairing.create_there(company_file=company_file, company=company, now=now)
    pc.update_until_idle()
    return company


def issued(company: Company, amount: str, *, on: dt.date) -> Invoice:
    """A service invoice of its own ticket at the contractor's usual tax."""
    now = timezone.now()
    place = companies.create_property(company=company, name=f"{company.name} roof", now=now)
    ticket = work.create_ticket(property=place, description="Leak at the skylight", opened_on=on, now=now)
    line = billing.Line(description="Leak sealed", unit_price=Decimal(amount))
    draft = billing.draft_service_invoice(ticket=ticket, lines=[line], now=now)
    return billing.issue_invoice(invoice=draft, on=on, now=now)
