"""Opening a service ticket, changing it, and billing another company for it."""

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.billing.operations import change_bill_to
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.forms import DateInput, carried_out
from centerpoint.pages.tickets.record import ticket_of
from centerpoint.pages.work_forms import BillTo, BillToForm, WorkForm, amount, asked_for, place_to_begin
from centerpoint.work import operations
from centerpoint.work.models import ServiceTicket
from centerpoint.work.queries import service_types


class TicketForm(WorkForm):
    description = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="What the caller says."
    )
    service_type = forms.CharField(
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"list": "service-types"}),
        help_text="Such as Leak, Warranty, Inspection.",
    )
    purchase_order = forms.CharField(required=False, max_length=50, label="Purchase order no.")
    job_number = forms.CharField(required=False, max_length=50, label="Job no.")
    opened_on = forms.DateField(widget=DateInput)
    scheduled_for = forms.DateField(required=False, widget=DateInput)
    labor_rate = amount("Labor rate per hour", max_digits=10, min_value=0)
    not_to_exceed = amount(
        "Not to exceed", help_text="The most the company agreed to pay.", max_digits=12, min_value=0
    )
    notes = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For the office; not on the invoice.",
    )


class NewTicketForm(TicketForm):
    bill_to = BillTo()
    number = forms.CharField(required=False, max_length=20, help_text="Left empty, it gets the next number.")


@writes
def ticket_new(request: OfficeRequest) -> HttpResponseBase:
    company, place = place_to_begin(*asked_for(request))
    initial = {"property": place, "bill_to": company, "opened_on": timezone.localdate()}
    form = NewTicketForm(request.POST or None, contractor=request.contractor, initial=initial)
    if request.method == "POST" and form.is_valid():
        opened = carried_out(form, lambda: operations.create_ticket(now=timezone.now(), **form.values()))
        if opened is not None:
            messages.success(request, f"{opened} is opened.")
            return redirect("ticket", request.contractor.pk, opened.pk)
    return _form(request, form)


@writes
def ticket_edit(request: OfficeRequest, pk: int) -> HttpResponseBase:
    ticket = ticket_of(request, pk)
    form = TicketForm(request.POST or None, contractor=request.contractor, record=ticket)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: operations.change_ticket(
                ticket=ticket, now=timezone.now(), expected=form.expected, **form.changed()
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("ticket", request.contractor.pk, ticket.pk)
    return _form(request, form, ticket)


def _form(request: OfficeRequest, form: TicketForm, ticket: ServiceTicket | None = None) -> HttpResponseBase:
    context = {"form": form, "ticket": ticket, "service_types": service_types(request.contractor)}
    return render(request, "pages/tickets/form.html", context, status=422 if form.is_bound else 200)


@writes
def ticket_bill_to(request: OfficeRequest, pk: int) -> HttpResponseBase:
    ticket = ticket_of(request, pk)
    form = BillToForm(request.POST or None, contractor=request.contractor, record=ticket)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: change_bill_to(
                work=ticket,
                bill_to=form.cleaned_data["bill_to"],
                now=timezone.now(),
                expected=form.expected,
            ),
        )
        if changed is not None:
            messages.success(request, f"{ticket} is billed to {ticket.bill_to}.")
            return redirect("ticket", request.contractor.pk, ticket.pk)
    return render(
        request,
        "pages/tickets/bill_to.html",
        {"form": form, "ticket": ticket},
        status=422 if form.is_bound else 200,
    )


urls = [
    path("tickets/new/", ticket_new, name="ticket_new"),
    path("tickets/<int:pk>/edit/", ticket_edit, name="ticket_edit"),
    path("tickets/<int:pk>/bill-to/", ticket_bill_to, name="ticket_bill_to"),
]
