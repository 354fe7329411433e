"""The QuickBooks tab of a record: where it stands, what to do, its ids, and every request and answer."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import path

from centerpoint.companies.models import Property
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.companies.record import company_of, company_page
from centerpoint.pages.invoices.record import invoice_of, invoice_page
from centerpoint.pages.projects.record import project_of, project_page
from centerpoint.pages.properties import property_of, property_page
from centerpoint.pages.quickbooks.buttons import buttons
from centerpoint.pages.tickets.record import ticket_of, ticket_page
from centerpoint.quickbooks import connection, fixes
from centerpoint.quickbooks.models import Posting
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.standing import Record, postings_of, standing, work_there

# Of each kind of a property's work; its Work tab has all.
SHOWN = 20


def _tab(
    kind: str,
    record_of: Callable[[OfficeRequest, int], Record],
    page_of: Callable[..., HttpResponseBase],
) -> Any:
    @reads
    def tab(request: OfficeRequest, pk: int) -> HttpResponseBase:
        record = record_of(request, pk)
        return page_of(request, record, f"pages/quickbooks/of_{kind}.html", **_shown(request, record))

    return tab


def _shown(request: OfficeRequest, record: Record) -> dict[str, Any]:
    try:
        company_file = connection.connected(request.contractor)
    except connection.NotActivated:
        return {"standing": None}
    postings = list(postings_of(company_file, record))
    fix = _to_fix(postings)
    return {
        "standing": standing(company_file, record),
        "postings": postings,
        "fix": fix,
        "buttons": buttons(request.contractor.pk, fix) if fix else [],
        "work": work_there(company_file, record, at_most=SHOWN) if isinstance(record, Property) else [],
    }


def _to_fix(postings: list[Posting]) -> fixes.Fix | None:
    if not postings or postings[0].state not in (State.REFUSED, State.DELETED_THERE):
        return None
    return fixes.fix(postings[0])


urls = [
    path(
        f"{subject}/<int:pk>/quickbooks/",
        _tab(kind, record_of, page_of),
        name=f"{kind}_quickbooks",
    )
    for kind, subject, record_of, page_of in (
        ("company", "companies", company_of, company_page),
        ("property", "properties", property_of, property_page),
        ("ticket", "tickets", ticket_of, ticket_page),
        ("project", "projects", project_of, project_page),
        ("invoice", "invoices", invoice_of, invoice_page),
    )
]
