"""One service ticket: its page with the stage strip, its invoices and its history."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.billing.models import InvoiceStatus
from centerpoint.contractors.queries import changes
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.forms import revision_seen
from centerpoint.pages.records import tabs
from centerpoint.work import operations
from centerpoint.work.models import ServiceTicket, Stage
from centerpoint.work.stages import ORDER, may_move

TABS = (
    ("ticket", "Details"),
    ("ticket_quickbooks", "QuickBooks"),
    ("ticket_history", "History"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the strip: "done", "here", "ahead" or "skipped", and whether a click may move the ticket there."""

    stage: Stage
    standing: str
    may_move: bool
    is_next: bool


def steps(ticket: ServiceTicket, *, is_invoiced: bool) -> list[Step]:
    """The strip from New to Closed. A ticket may be closed without an invoice; that stage was then skipped."""
    here = ORDER.index(Stage(ticket.stage))

    def standing(at: int, stage: Stage) -> str:
        if at == here:
            return "here"
        if at > here:
            return "ahead"
        return "skipped" if stage is Stage.INVOICED and not is_invoiced else "done"

    return [
        Step(stage, standing(at, stage), at != here and may_move(Stage(ticket.stage), stage), at == here + 1)
        for at, stage in enumerate(ORDER)
    ]


def ticket_of(request: OfficeRequest, pk: int) -> ServiceTicket:
    found = ServiceTicket.objects.select_related("property", "property__company", "bill_to")
    return get_object_or_404(found, contractor=request.contractor, pk=pk)


def ticket_page(
    request: OfficeRequest, ticket: ServiceTicket, template: str, **context: Any
) -> HttpResponseBase:
    """A tab of the ticket's page: `template` extends pages/tickets/ticket.html."""
    shared = {
        "ticket": ticket,
        "company": ticket.bill_to,
        "steps": steps(ticket, is_invoiced=ticket.invoices.filter(status=InvoiceStatus.ISSUED).exists()),
        "tabs": tabs(request, ticket, TABS),
    }
    return render(request, template, {**shared, **context})


@reads
def ticket(request: OfficeRequest, pk: int) -> HttpResponseBase:
    ticket = ticket_of(request, pk)
    invoices = list(ticket.invoices.order_by("pk"))
    return ticket_page(
        request,
        ticket,
        "pages/tickets/details.html",
        invoices=invoices,
        is_billed=any(invoice.status != InvoiceStatus.VOID for invoice in invoices),
        today=timezone.localdate(),
    )


@reads
def ticket_history(request: OfficeRequest, pk: int) -> HttpResponseBase:
    ticket = ticket_of(request, pk)
    return ticket_page(
        request, ticket, "pages/tickets/history.html", changes=changes(request.contractor, ticket)[:200]
    )


@require_POST
@writes
def ticket_stage(request: OfficeRequest, pk: int) -> HttpResponseBase:
    ticket = ticket_of(request, pk)
    asked = request.POST.get("stage", "")
    if asked not in Stage.values:
        messages.error(request, "There is no such stage.")
        return redirect("ticket", request.contractor.pk, ticket.pk)
    try:
        operations.move_ticket(
            ticket=ticket,
            stage=Stage(asked),
            on=timezone.localdate(),
            now=timezone.now(),
            expected=revision_seen(request),
        )
        messages.success(request, f"{ticket} is now at “{Stage(asked).label}”.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("ticket", request.contractor.pk, ticket.pk)


urls = [
    path("tickets/<int:pk>/", ticket, name="ticket"),
    path("tickets/<int:pk>/history/", ticket_history, name="ticket_history"),
    path("tickets/<int:pk>/stage/", ticket_stage, name="ticket_stage"),
]
