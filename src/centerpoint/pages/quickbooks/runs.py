"""Runs: the connector session under way, those that were, and what one of them said."""

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv
from centerpoint.pages.quickbooks.filters import Filters
from centerpoint.quickbooks import excerpts
from centerpoint.quickbooks import runs as queries
from centerpoint.quickbooks.models import CompanyFile, ConnectorSession, Exchange


def _minutes(session: ConnectorSession) -> str:
    seconds = ((session.ended_at or session.heard_at) - session.opened_at).total_seconds()
    return f"{int(seconds // 60)}:{int(seconds % 60):02}"


COLUMNS: tuple[Column[ConnectorSession], ...] = (
    Column(
        key="began",
        label="Began",
        order=("opened_at",),
        text=lambda session: f"{timezone.localtime(session.opened_at):%Y-%m-%d %H:%M:%S}",
    ),
    Column(key="lasted", label="Lasted", text=_minutes, is_number=True, is_secondary=True),
    Column(
        key="sent",
        label="Sent",
        order=("objects_sent",),
        text=lambda session: session.objects_sent,
        is_number=True,
    ),
    Column(
        key="read",
        label="Read",
        order=("objects_read",),
        text=lambda session: session.objects_read,
        is_number=True,
    ),
    Column(
        key="exchanges",
        label="Messages",
        text=lambda session: session.exchange_count,  # type: ignore[attr-defined]
        is_number=True,
        is_secondary=True,
    ),
    Column(
        key="status",
        label="How it ended",
        text=lambda session: f"{session.get_status_display()} {session.error}".rstrip(),
    ),
)


class Runs(Filters):
    status = forms.ChoiceField(
        required=False,
        label="How it ended",
        choices=[("", "All"), *ConnectorSession.Status.choices],
    )
    did = forms.ChoiceField(
        required=False,
        label="Show",
        choices=[("", "All runs"), ("something", "Runs that moved something")],
    )


@reads
@connected
def runs(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    filters = Runs(request.GET)
    found = queries.sessions(
        company_file,
        status=filters.chosen.get("status", ""),
        only_moving="did" in filters.chosen,
        search=request.GET.get("search", "").strip(),
    )
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="runs")
    shown = listing(request, found, COLUMNS)
    return render(
        request,
        "pages/quickbooks/runs.html",
        {
            "title": "Runs",
            "listing": shown,
            "filters": filters,
            "lasted": {session.pk: _minutes(session) for session in shown.rows},
            "progress": queries.under_way(company_file),
        },
    )


@reads
@connected
def runs_live(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    """The part that looks for itself; the session it watched has ended: the browser fetches the page anew."""
    progress = queries.under_way(company_file)
    response = render(
        request,
        "pages/quickbooks/live.html",
        {"progress": progress, "watches": "watches" in request.GET},
    )
    if progress is None and "was" in request.GET:
        response["HX-Refresh"] = "true"
    return response


@reads
@connected
def run(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    session = get_object_or_404(company_file.sessions, pk=pk)
    return render(
        request,
        "pages/quickbooks/run.html",
        {
            "session": session,
            "exchanges": queries.exchanges(session),
            "lasted": _minutes(session),
            "progress": queries.under_way(company_file) if session.status == "open" else None,
        },
    )


@writes
@connected
def exchange(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    """Request and answer, as a page or as the part that unfolds."""
    found = get_object_or_404(company_file.exchanges.select_related("session"), pk=pk)
    template = "texts" if request.htmx else "exchange"
    return render(
        request,
        f"pages/quickbooks/{template}.html",
        {"exchange": found, "texts": excerpts.readable(found)},
    )


@writes
@connected
def exchange_text(request: OfficeRequest, company_file: CompanyFile, pk: int, which: str) -> HttpResponseBase:
    """A text to the byte but for secrets, to hand to support."""
    found: Exchange = get_object_or_404(company_file.exchanges, pk=pk)
    text = getattr(queries.texts(found), which)
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{which}-{found.pk}.xml"'
    return response


urls = [
    path("quickbooks/runs/", runs, name="runs"),
    path("quickbooks/runs/live/", runs_live, name="runs_live"),
    path("quickbooks/runs/<int:pk>/", run, name="run"),
    path("quickbooks/exchanges/<int:pk>/", exchange, name="exchange"),
    *(
        path(
            f"quickbooks/exchanges/<int:pk>/{which}.xml",
            exchange_text,
            {"which": which},
            name=f"exchange_{which}",
        )
        for which in ("request", "answer")
    ),
]
