"""A year of believable business for one contractor: the same seed and moment always give the same data.

Money is made by the same functions as everywhere; only the writing is in bulk.
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.db import transaction

from centerpoint.billing.models import TaxCode
from centerpoint.billing.operations import create_tax_code
from centerpoint.billing.operations.writing import ChosenTax
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.revisions import lock
from centerpoint.sample_data.companies import load_companies
from centerpoint.sample_data.projects import load_projects
from centerpoint.sample_data.tickets import load_tickets

COUNTY_TAX = Decimal("8.25")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many of each were made; invoices are the issued ones."""

    companies: int
    tickets: int
    projects: int
    service_invoices: int
    project_invoices: int


@transaction.atomic
def load_sample_data(
    *,
    contractor: Contractor,
    companies: int,
    tickets: int,
    projects: int,
    invoices: int,
    seed: int,
    now: dt.datetime,
    progress: Callable[[int], None] | None = None,
) -> Loaded:
    """Add to what the contractor has. `invoices` counts issued service invoices, each with its own ticket (so there
    are at least as many tickets); projects bring three invoices each on the average, all issued.

    Tickets beyond the invoiced ones stand at every other stage, some with a draft or a void invoice. `progress` hears
    how many companies, tickets, projects and invoices were added since it last heard.
    """
    if companies < 1 and (tickets or projects or invoices):
        raise ValueError("work needs at least one company")
    lock(contractor)
    rng = Random(seed)  # noqa: S311 - sample data, not secrets
    today = now.astimezone(zoneinfo.ZoneInfo(contractor.time_zone)).date()
    hear = progress or (lambda count: None)
    tickets = max(tickets, invoices)
    taxes = [_county_tax(contractor)]
    clientele = load_companies(contractor, companies, rng=rng, now=now)
    hear(companies)
    load_tickets(
        contractor,
        clientele,
        taxes,
        tickets=tickets,
        invoices=invoices,
        today=today,
        rng=rng,
        now=now,
        progress=hear,
    )
    project_invoices = load_projects(
        contractor, clientele, taxes, projects=projects, today=today, rng=rng, now=now, progress=hear
    )
    return Loaded(
        companies=companies,
        tickets=tickets,
        projects=projects,
        service_invoices=invoices,
        project_invoices=project_invoices,
    )


def _county_tax(contractor: Contractor) -> ChosenTax:
    """The tax that the practice company's sales tax item "County Tax" has too, as the contractor's usual one."""
    if not contractor.tax_percent:
        contractor.tax_percent = COUNTY_TAX
        contractor.save(update_fields=["tax_percent"])
    code = TaxCode.objects.filter(contractor=contractor, is_active=True, percent=COUNTY_TAX).first()
    if code is None:
        code = create_tax_code(contractor=contractor, title="County Tax", code="COUNTY", percent=COUNTY_TAX)
    return ChosenTax(code.pk, code.percent)
