"""The frame around every page: navigation with its counts, the contractor, what the user may do."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from centerpoint.contractors.models import Contractor, Role, User
from centerpoint.contractors.queries import contractors_of
from centerpoint.pages.access import RANK, OfficeRequest
from centerpoint.quickbooks.counted import said
from centerpoint.quickbooks.queries import waiting


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation: the name of its page, and which section's pages light it up."""

    page: str
    label: str
    icon: str
    # Its number, by name, in `quickbooks.queries.waiting`; nothing is shown for 0.
    count: str = ""
    least: Role = Role.TECHNICIAN


WORK = (
    Entry("home", "Home", "home"),
    Entry("companies", "Companies", "company"),
    Entry("properties", "Properties", "property"),
    Entry("tickets", "Service tickets", "ticket"),
    Entry("projects", "Projects", "project"),
    Entry("invoices", "Invoices", "invoice"),
    Entry("payments", "Payments", "payment"),
)
QUICKBOOKS: tuple[Entry, ...] = (
    Entry("pairing", "Pair customers", "pair", "unpaired"),
    Entry("outbox", "Outbox", "outbox", count="to_approve"),
    Entry("fixes", "Fix list", "fix", count="to_fix"),
    Entry("payments_received", "Payments received", "inbox"),
    Entry("conflicts", "Conflicts", "conflict", "conflicts"),
    Entry("runs", "Runs", "runs"),
)
OFFICE = (
    Entry("settings", "Settings", "settings", least=Role.BOOKKEEPER),
    Entry("users", "Users", "users", least=Role.OWNER),
    Entry("history", "Who did what", "history", least=Role.BOOKKEEPER),
)


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    icon: str
    href: str
    is_here: bool
    count: str


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template; lazy, because a part of a page (htmx) needs none of it."""
    contractor: Contractor | None = getattr(request, "contractor", None)
    if contractor is None:
        return {}
    return {
        "contractor": contractor,
        "navigation": SimpleLazyObject(lambda: _navigation(request, contractor)),
        "other_contractors": SimpleLazyObject(
            lambda: list(contractors_of(cast(User, request.user)).exclude(pk=contractor.pk))
        ),
    }


def _navigation(request: HttpRequest, contractor: Contractor) -> list[tuple[str, list[Link]]]:
    counts = waiting(contractor)
    sections = (("", WORK), ("QuickBooks", QUICKBOOKS), ("Office", OFFICE))
    return [
        (title, shown)
        for title, entries in sections
        if (
            shown := [
                _link(request, contractor, entry, counts) for entry in entries if _may_see(request, entry)
            ]
        )
    ]


def _may_see(request: HttpRequest, entry: Entry) -> bool:
    return RANK[cast(OfficeRequest, request).role] >= RANK[entry.least]


def _link(request: HttpRequest, contractor: Contractor, entry: Entry, counts: dict[str, int]) -> Link:
    href = reverse(entry.page, args=[contractor.pk])
    is_here = request.path == href if entry.page == "home" else request.path.startswith(href)
    count = counts.get(entry.count, 0)
    return Link(entry.label, entry.icon, href, is_here, said(count) if count else "")
