"""How QuickBooks stands, at a glance: the card on Home."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks import connection, fixes, queries, runs
from centerpoint.quickbooks.inbox.queries import Received, payments_received, received
from centerpoint.quickbooks.models import CompanyFile
from centerpoint.quickbooks.notices.news import Piece, silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What the card shows; `silence` and `trouble` are None when all is well."""

    company_file: CompanyFile
    status: queries.Status
    held_amount: Decimal
    silence: Piece | None
    trouble: fixes.Fix | None
    progress: runs.Progress | None
    this_week: Received
    monday: dt.date


def glance(contractor: Contractor, *, now: dt.datetime, today: dt.date) -> Glance | None:
    """None without an integration. A fixed number of queries, whatever the company file holds."""
    try:
        company_file = connection.connected(contractor)
    except connection.NotActivated:
        return None
    monday = today - dt.timedelta(days=today.weekday())
    status = queries.status(company_file, now=now)
    is_active = company_file.status == CompanyFile.Status.ACTIVE
    return Glance(
        company_file=company_file,
        status=status,
        held_amount=Decimal(status.held_amount),
        silence=next(iter(silence(company_file, now=now)), None)
        if is_active and company_file.last_heard_at
        else None,
        trouble=fixes.trouble(company_file),
        progress=runs.under_way(company_file),
        this_week=received(payments_received(company_file, since=monday)),
        monday=monday,
    )
