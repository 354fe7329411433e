"""Who did what: over all records, and the part that a record's own page shows."""

import datetime as dt

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from centerpoint.contractors.models import Change, Contractor
from centerpoint.contractors.queries import changes, members
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.forms import DateInput
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv

# Kinds of records as a person calls them, and the page of one where it has one.
KINDS = {
    "company": ("Company", "company"),
    "property": ("Property", "property"),
    "serviceticket": ("Service ticket", "ticket"),
    "project": ("Project", "project"),
    "invoice": ("Invoice", "invoice"),
    "payment": ("Payment", "payment"),
    "taxcode": ("Tax code", ""),
    "membership": ("User", ""),
    "user": ("User", ""),
    "contractor": ("Settings", ""),
    "companyfile": ("QuickBooks connection", ""),
    "options": ("QuickBooks settings", ""),
    "posting": ("Outbox", ""),
    "pairing": ("Pairing", ""),
    "conflict": ("Conflict", ""),
}


def _differences(change: Change) -> str:
    return "; ".join(
        f"{label}: {old or '(empty)'} → {new or '(empty)'}" for label, old, new in change.differences
    )


COLUMNS: tuple[Column[Change], ...] = (
    Column(
        key="at",
        label="When",
        order=("at",),
        text=lambda change: f"{timezone.localtime(change.at):%Y-%m-%d %H:%M}",
    ),
    Column(key="who", label="Who", text=lambda change: change.who),
    Column(key="title", label="Record", text=lambda change: change.title),
    Column(key="did", label="What", text=lambda change: change.did),
    Column(key="differences", label="From, to", text=_differences, is_secondary=True),
)


class Filters(forms.Form):
    who = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "form-select"}))
    kind = forms.ChoiceField(
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=[
            ("", "All records"),
            *((key, label) for key, (label, _) in KINDS.items() if key != "membership"),
        ],
    )
    since = forms.DateField(required=False, widget=DateInput)
    until = forms.DateField(required=False, widget=DateInput)

    def __init__(self, data: QueryDict, *, contractor: Contractor) -> None:
        super().__init__(data)
        people = [(str(member.user_id), str(member.user)) for member in members(contractor)]
        self.fields["who"].choices = [("", "Everybody"), *people, ("nobody", "Centerpoint and QuickBooks")]  # type: ignore[attr-defined]


@writes
def history(request: OfficeRequest) -> HttpResponseBase:
    filters = Filters(request.GET, contractor=request.contractor)
    found = _filtered(changes(request.contractor), filters)
    if search := request.GET.get("search", "").strip():
        found = found.filter(title__icontains=search)
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="history")
    return render(
        request,
        "pages/history/history.html",
        {
            "title": "Who did what",
            "listing": listing(request, found, COLUMNS),
            "filters": filters,
            "kinds": KINDS,
        },
    )


def _filtered(found: QuerySet[Change, Change], filters: Filters) -> QuerySet[Change, Change]:
    """What can be read of the filters; a filter that makes no sense is shown beside its field and left out."""
    filters.is_valid()
    chosen = filters.cleaned_data
    if who := chosen.get("who"):
        found = found.filter(by=None) if who == "nobody" else found.filter(by_id=who)
    if kind := chosen.get("kind"):
        found = found.filter(kind__in=["user", "membership"] if kind == "user" else [kind])
    zone = timezone.get_current_timezone()
    if since := chosen.get("since"):
        found = found.filter(at__gte=dt.datetime.combine(since, dt.time(), zone))
    if until := chosen.get("until"):
        found = found.filter(at__lt=dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone))
    return found


urls = [path("history/", history, name="history")]
