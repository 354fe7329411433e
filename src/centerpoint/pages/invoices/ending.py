"""The ends of an invoice, each asked about first: a draft is discarded, an issued one is made void."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from centerpoint.billing import operations
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.invoices.record import invoice_of, invoice_page


@writes
def invoice_void(request: OfficeRequest, pk: int) -> HttpResponseBase:
    invoice = invoice_of(request, pk)
    if request.method == "POST":
        try:
            operations.void_invoice(invoice=invoice, now=timezone.now())
            messages.success(request, f"Invoice {invoice.number} is void.")
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return redirect("invoice", request.contractor.pk, pk)
    return invoice_page(request, invoice, "pages/invoices/void.html")


@writes
def invoice_discard(request: OfficeRequest, pk: int) -> HttpResponseBase:
    invoice = invoice_of(request, pk)
    if request.method == "POST":
        try:
            operations.discard_draft(invoice=invoice)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("invoice", request.contractor.pk, pk)
        messages.success(request, f"The draft {invoice.number} is discarded; its number is free again.")
        return redirect("invoices", request.contractor.pk)
    return invoice_page(request, invoice, "pages/invoices/discard.html")


urls = [
    path("invoices/<int:pk>/void/", invoice_void, name="invoice_void"),
    path("invoices/<int:pk>/discard/", invoice_discard, name="invoice_discard"),
]
