"""What would go out if the connector ran now: record by record, ours beside what QuickBooks will hold."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.integrations.connected import connected
from centerpoint.quickbooks.models import CompanyFile, Posting, RecordKind
from centerpoint.quickbooks.sync.dry_run import (
    SHOWN,
    DryInvoice,
    DryRecord,
    DryRun,
    dry_run,
    dry_run_of,
)

MOST_DIGITS = 9  # of a page number
# What a record is in QuickBooks.
_THERE = {RecordKind.COMPANY: "customer", RecordKind.INVOICE: "invoice"}
# What a filter shows, by its word in the address.
_SHOWS = {
    "customers": (RecordKind.COMPANY,),
    "jobs": (RecordKind.PROPERTY, RecordKind.TICKET, RecordKind.PROJECT),
    "invoices": (RecordKind.INVOICE,),
}
_DOES = {Posting.Action.ADD: "New", Posting.Action.MODIFY: "Changed", Posting.Action.VOID: "Void"}


@dataclass(frozen=True, slots=True)
class Beside:
    """One record of the dry run; `differs` names what is not the same on both sides, though it should be."""

    record: DryRecord
    heading: str
    differs: frozenset[str]


def beside(record: DryRecord) -> Beside:
    there = _THERE.get(record.kind, "job")
    return Beside(record, f"{_DOES[record.action]} {there}", _differences(record.ours, record.theirs))


def _differences(ours: DryInvoice | None, theirs: DryInvoice | None) -> frozenset[str]:
    if ours is None or theirs is None:
        return frozenset()
    same = {
        "number": ours.number == theirs.number,
        # Our tax that goes as a line is no tax of QuickBooks'.
        "tax": ours.tax == theirs.tax or not theirs.tax_item,
        "total": ours.total == theirs.total,
    }
    return frozenset(what for what, is_same in same.items() if not is_same)


def in_quickbooks_terms(run: DryRun) -> list[tuple[str, int]]:
    """How many customers, jobs and invoices; what there is none of is left out."""
    counted: dict[str, int] = {}
    for kind, count in run.by_kind.items():
        noun = _THERE.get(kind, "job")
        counted[noun] = counted.get(noun, 0) + count
    return [(noun if count == 1 else f"{noun}s", count) for noun, count in counted.items()]


@reads
@connected
def outbox_dry_run(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    with_held = bool(request.GET.get("held"))
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < MOST_DIGITS else 1
    shows = request.GET.get("show", "")
    run = dry_run(
        company_file,
        now=timezone.now(),
        including_held=with_held,
        kinds=_SHOWS.get(shows, tuple(RecordKind)),
        skip=(number - 1) * SHOWN,
        limit=SHOWN,
    )
    pages = Paginator(range(run.of), SHOWN)
    query = QueryDict(mutable=True)
    query.update(
        {name: value for name, value in (("held", "1" if with_held else ""), ("show", shows)) if value}
    )
    if number > pages.num_pages:  # fewer by now than there were
        query["page"] = str(pages.num_pages)
        return redirect(f"{request.path}?{query.urlencode()}")
    return render(
        request,
        "pages/quickbooks/dry_run.html",
        {
            "run": run,
            "terms": in_quickbooks_terms(run),
            "records": [beside(record) for record in run.records],
            "with_held": with_held,
            "shows": shows,
            "filters": [("", "All"), *((each, each.capitalize()) for each in _SHOWS)],
            "page": pages.page(number),
            "pages": pages.get_elided_page_range(number, on_each_side=2, on_ends=1),
            "query": query.urlencode(),
        },
    )


def of_posting(posting: Posting) -> Beside | None:
    """The posting in a run that had it approved; None when even then it would not go."""
    record = dry_run_of(posting, now=timezone.now())
    return beside(record) if record else None


urls = [path("quickbooks/outbox/dry-run/", outbox_dry_run, name="dry_run")]
