"""One invoice as it stands: what every tab of it shows, its payments, its history, and the print."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from centerpoint.billing.models import Invoice, TaxCode
from centerpoint.billing.printing import printed_lines
from centerpoint.billing.queries import invoices, trail, with_content
from centerpoint.companies.queries import billing_contact
from centerpoint.contractors.queries import changes
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.records import tabs
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.standing import RecordStanding, standing

TABS = (
    ("invoice", "Details"),
    ("invoice_payments", "Payments"),
    ("invoice_quickbooks", "QuickBooks"),
    ("invoice_history", "History"),
)
# The latest changes; "Who did what" has all.
CHANGES = 100


def invoice_of(request: OfficeRequest, pk: int) -> Invoice:
    return get_object_or_404(with_content(invoices(request.contractor)), pk=pk)


def invoice_page(
    request: OfficeRequest, invoice: Invoice, template: str, *, status: int = 200, **context: Any
) -> HttpResponseBase:
    """A tab of the invoice's page: `template` extends pages/invoices/invoice.html."""
    shared = {
        "invoice": invoice,
        "title": f"Invoice {invoice.number}",
        "tabs": tabs(request, invoice, TABS),
        "today": timezone.localdate(),
        "standing": _standing(request, invoice),
    }
    return render(request, template, {**shared, **context}, status=status)


def _standing(request: OfficeRequest, invoice: Invoice) -> RecordStanding | None:
    try:
        company_file = connection.connected(request.contractor)
    except connection.NotActivated:
        return None  # without QuickBooks there is nothing to say about it
    return standing(company_file, invoice)


@reads
def invoice_payments(request: OfficeRequest, pk: int) -> HttpResponseBase:
    invoice = invoice_of(request, pk)
    return invoice_page(request, invoice, "pages/invoices/payments.html", trail=trail(invoice))


@reads
def invoice_history(request: OfficeRequest, pk: int) -> HttpResponseBase:
    invoice = invoice_of(request, pk)
    told = changes(request.contractor, invoice)[:CHANGES]
    return invoice_page(request, invoice, "pages/invoices/history.html", changes=told)


@reads
def invoice_print(request: OfficeRequest, pk: int) -> HttpResponseBase:
    invoice = invoice_of(request, pk)
    return render(
        request,
        "pages/invoices/print.html",
        {
            "invoice": invoice,
            "contact": billing_contact(invoice.bill_to),
            "lines": printed_lines(invoice.lines.all()),
            "taxes": [(named(tax.tax_code), tax.percent, tax.amount) for tax in invoice.taxes.all()],
            "shows_untaxed": invoice.tax and any(not line.taxable for line in invoice.lines.all()),
        },
    )


def named(tax_code: TaxCode) -> str:
    return tax_code.title or tax_code.code


urls = [
    path("invoices/<int:pk>/payments/", invoice_payments, name="invoice_payments"),
    path("invoices/<int:pk>/history/", invoice_history, name="invoice_history"),
    path("invoices/<int:pk>/print/", invoice_print, name="invoice_print"),
]
