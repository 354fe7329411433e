"""Conflicts: fields that somebody changed here and somebody else changed in QuickBooks, until one value is chosen."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.companies.models import Company
from centerpoint.contractors.models import Change
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv
from centerpoint.quickbooks.models import CompanyFile, Conflict
from centerpoint.quickbooks.pairing import queries
from centerpoint.quickbooks.pairing.conflicts import settle, settle_all

COLUMNS: tuple[Column[Conflict], ...] = (
    Column(
        key="company",
        label="Company",
        order=("company__name", "field"),
        text=lambda conflict: conflict.company.name,
    ),
    Column(key="field", label="Field", order=("field",), text=lambda conflict: conflict.label),
    Column(key="ours", label="Centerpoint", text=lambda conflict: conflict.ours),
    Column(key="theirs", label="QuickBooks", text=lambda conflict: conflict.theirs),
    Column(key="agreed", label="Last agreed", text=lambda conflict: conflict.agreed, is_secondary=True),
    Column(
        key="found",
        label="Found",
        order=("found_at",),
        text=lambda conflict: conflict.found_at.isoformat(),
        is_secondary=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    conflict: Conflict
    change: Change | None  # who changed our value last, where that is known
    is_first: bool  # of its company on this page
    siblings: int  # conflicts of its company on this page


@reads
@connected
def conflicts(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    found = queries.open_conflicts(company_file, search=request.GET.get("search", "").strip())
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="conflicts")
    shown = listing(request, found, COLUMNS)
    return render(
        request,
        "pages/conflicts.html",
        {
            "title": "Conflicts",
            "listing": shown,
            "rows": _rows(shown.rows),
            "all_of_them": queries.open_conflicts(company_file).count(),
        },
    )


def _rows(page: Sequence[Conflict]) -> list[Row]:
    changes = queries.last_changes_here(page)
    by_company: dict[int, list[Conflict]] = defaultdict(list)
    for conflict in page:
        by_company[conflict.company_id].append(conflict)
    return [
        Row(
            conflict,
            changes.get(conflict.pk),
            is_first=conflict is by_company[conflict.company_id][0],
            siblings=len(by_company[conflict.company_id]),
        )
        for conflict in page
    ]


@require_POST
@writes
@connected
def settle_one(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    conflict = get_object_or_404(
        Conflict.objects.select_related("company", "company_file"), company_file=company_file, pk=pk
    )
    choice = _choice(request)
    try:
        settle(conflict=conflict, choice=choice, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        kept = conflict.ours if choice == Conflict.Choice.OURS else conflict.theirs
        messages.success(request, f"{conflict}: {kept or 'no value'} stays, on both sides.")
    return _back(request)


@require_POST
@writes
@connected
def settle_company(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    company = get_object_or_404(Company, contractor=request.contractor, pk=pk)
    choice = _choice(request)
    count = settle_all(company_file=company_file, company=company, choice=choice, now=timezone.now())
    messages.success(request, f"{company}: {_said(count, choice)}")
    return _back(request)


@require_POST
@writes
@connected
def settle_everything(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    choice = _choice(request)
    count = settle_all(company_file=company_file, choice=choice, now=timezone.now())
    messages.success(request, _said(count, choice))
    return _back(request)


def _choice(request: OfficeRequest) -> Conflict.Choice:
    chosen = request.POST.get("choice")
    if chosen not in (Conflict.Choice.OURS, Conflict.Choice.THEIRS):
        raise Http404("no such choice")
    return Conflict.Choice(chosen)


def _said(count: int, choice: Conflict.Choice) -> str:
    values = "1 value" if count == 1 else f"{count:,} values"
    return f"{values} of {'Centerpoint' if choice == Conflict.Choice.OURS else 'QuickBooks'} kept."


def _back(request: OfficeRequest) -> HttpResponseBase:
    query = request.META.get("QUERY_STRING", "")
    address = reverse("conflicts", args=[request.contractor.pk])
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


urls = [
    path("quickbooks/conflicts/", conflicts, name="conflicts"),
    path("quickbooks/conflicts/all/", settle_everything, name="conflicts_settle_all"),
    path("quickbooks/conflicts/<int:pk>/", settle_one, name="conflict_settle"),
    path("quickbooks/conflicts/company/<int:pk>/", settle_company, name="conflicts_settle_company"),
]
