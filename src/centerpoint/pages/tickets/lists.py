"""The list of service tickets, with a preset for every stage."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path

from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.listing import Column, csv_file, wants_csv
from centerpoint.pages.standings import listing_with_standings
from centerpoint.pages.work_forms import asked_for
from centerpoint.work import queries
from centerpoint.work.models import ServiceTicket, Stage

COLUMNS: tuple[Column[ServiceTicket], ...] = (
    Column(
        key="number", label="Ticket", order=("number_length", "number"), text=lambda ticket: ticket.number
    ),
    Column(
        key="opened",
        label="Opened",
        order=("opened_on",),
        text=lambda ticket: ticket.opened_on,
        is_secondary=True,
    ),
    Column(key="description", label="Description", text=lambda ticket: ticket.description),
    Column(
        key="property",
        label="Property",
        order=("property__name",),
        text=lambda ticket: ticket.property.name,
        is_secondary=True,
    ),
    Column(
        key="bill_to",
        label="Bill to",
        order=("bill_to__name",),
        text=lambda ticket: ticket.bill_to.name,
        is_secondary=True,
    ),
    Column(
        key="type",
        label="Type",
        order=("service_type",),
        text=lambda ticket: ticket.service_type,
        is_secondary=True,
    ),
    Column(key="stage", label="Stage", text=lambda ticket: ticket.get_stage_display()),
)


@reads
def tickets(request: OfficeRequest) -> HttpResponseBase:
    company, place = asked_for(request)
    stage = request.GET.get("stage", "")
    service_type = request.GET.get("type", "")
    found = queries.tickets(
        request.contractor,
        search=request.GET.get("search", "").strip(),
        stages=[Stage(stage)] if stage in Stage.values else None,
        company=company,
        place=place,
        service_type=service_type,
    )
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="service-tickets")
    counts = queries.tickets_by_stage(request.contractor)
    shown, standings = listing_with_standings(request, found, COLUMNS)
    return render(
        request,
        "pages/tickets/tickets.html",
        {
            "title": "Service tickets",
            "listing": shown,
            "standings": standings,
            "presets": [(each.value, each.label, count) for each, count in counts.items()],
            "all": sum(counts.values()),
            "stage": stage,
            "service_type": service_type,
            "service_types": queries.service_types(request.contractor),
            "company": company,
            "place": place,
        },
    )


urls = [path("tickets/", tickets, name="tickets")]
