"""One search over everything that has a number or a name."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse

from centerpoint.billing.queries import invoices
from centerpoint.companies.queries import Named, companies, properties
from centerpoint.contractors.models import Contractor
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.listing import first
from centerpoint.work.queries import projects, tickets

AS_ONE_TYPES = 5
ON_THE_PAGE = 25
NUMBERED = {"ticket", "project", "invoice"}


@dataclass(frozen=True, slots=True)
class Hit:
    label: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """What one kind of record has; `more` leads to its list with the same words when not all are shown."""

    label: str
    hits: list[Hit]
    more: str


def found(contractor: Contractor, text: str, *, most: int) -> list[Group]:
    """What holds the text in its number or name, that number first; kinds without a hit are left out."""
    named = Named.read(contractor, text)
    kinds: tuple[tuple[str, str, str, QuerySet[Any, Any]], ...] = (
        ("Companies", "company", "companies", companies(contractor, search=text).prefetch_related(None)),
        ("Properties", "property", "properties", properties(contractor, search=text, named=named)),
        ("Service tickets", "ticket", "tickets", tickets(contractor, search=text, named=named)),
        (
            "Projects",
            "project",
            "projects",
            projects(contractor, search=text, named=named).prefetch_related(None),
        ),
        ("Invoices", "invoice", "invoices", invoices(contractor, search=text, named=named)),
    )
    is_number = text[:1].isdigit()
    if is_number:
        # A number is meant before a phone number or a street that holds it.
        kinds = (*kinds[2:], *kinds[:2])
    groups = []
    for label, page, pages, matching in kinds:
        if page in NUMBERED and not named.are_many:
            matching = matching.order_by(_as_typed(text), *matching.query.order_by)
        rows = first(matching, most + 1)
        if not rows:
            continue
        hits = [_hit(contractor, page, row) for row in rows[:most]]
        groups.append(Group(label, hits, reverse(pages, args=[contractor.pk]) if len(rows) > most else ""))
    return groups


def _as_typed(text: str) -> Case:
    """The very number before those that begin with it, and these before those that hold it."""
    return Case(
        When(number__iexact=text, then=Value(0)),
        When(number__istartswith=text, then=Value(1)),
        default=Value(2),
    )


def _hit(contractor: Contractor, page: str, row: Any) -> Hit:
    match page:
        case "company":
            label, detail = row.name, ", ".join(filter(None, (row.billing_city, row.billing_state)))
        case "property":
            label, detail = row.name, row.company.name
        case "ticket":
            label, detail = row.number, f"{row.bill_to.name} · {row.description}"
        case "project":
            label, detail = f"{row.number} {row.name}", row.bill_to.name
        case _:
            label, detail = row.number, f"{row.bill_to.name} · {row.get_status_display()}"
    return Hit(label, detail[:120], reverse(page, args=[contractor.pk, row.pk]))


@reads
def search(request: OfficeRequest) -> HttpResponseBase:
    """As a page, or as the list below the search field while somebody types."""
    text = request.GET.get("search", "").strip()
    most = AS_ONE_TYPES if request.htmx else ON_THE_PAGE
    groups = found(request.contractor, text, most=most) if text else []
    template = "pages/search/hits.html" if request.htmx else "pages/search/search.html"
    return render(request, template, {"text": text, "groups": groups})


urls = [path("search/", search, name="search")]
