"""The editor of an invoice: a draft is saved or issued, an issued one corrected. Who may not write sees it as it is."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from centerpoint.billing import operations
from centerpoint.billing.models import Invoice, InvoiceStatus
from centerpoint.contractors.refusals import dollars
from centerpoint.pages.access import OfficeRequest, by_method, reads, writes
from centerpoint.pages.forms import carried_out
from centerpoint.pages.invoices.forms import InvoiceForm, LineRows, line_rows
from centerpoint.pages.invoices.record import invoice_of, invoice_page


def asks_to_issue(request: OfficeRequest) -> bool:
    """Whether the button that was pressed says more than Save."""
    return request.POST.get("then") == "issue"


def said_of_issuing(invoice: Invoice) -> str:
    assert invoice.due_on is not None, "issuing sets the due date"
    due = f"{invoice.due_on:%b} {invoice.due_on.day}, {invoice.due_on.year}"
    return f"Invoice {invoice.number} is issued: {dollars(invoice.total)}, due {due}."


@reads
def _show(request: OfficeRequest, pk: int) -> HttpResponseBase:
    invoice = invoice_of(request, pk)
    if not request.may_write or invoice.status == InvoiceStatus.VOID:
        return invoice_page(request, invoice, "pages/invoices/read.html")
    return _editor(request, invoice, *_forms(request, invoice, None))


@writes
def _save(request: OfficeRequest, pk: int) -> HttpResponseBase:
    invoice = invoice_of(request, pk)
    form, rows = _forms(request, invoice, request.POST)
    if form.is_valid() & rows.is_valid():
        written = carried_out(form, lambda: _write(request, invoice, form, rows))
        if written is not None:
            messages.success(request, said_of_issuing(written) if asks_to_issue(request) else "Saved.")
            return redirect("invoice", request.contractor.pk, pk)
    return _editor(request, invoice_of(request, pk), form, rows, status=422)


def _forms(request: OfficeRequest, invoice: Invoice, data: Any) -> tuple[InvoiceForm, LineRows]:
    rows = line_rows(data, invoice.lines.all())
    form = InvoiceForm(
        data,
        contractor=request.contractor,
        rows=rows,
        record=invoice,
        initial={} if invoice.issued_on else {"issued_on": timezone.localdate()},
    )
    return form, rows


def _write(request: OfficeRequest, invoice: Invoice, form: InvoiceForm, rows: LineRows) -> Invoice:
    now = timezone.now()
    changes = {
        **form.fields_changed(),
        "lines": rows.lines(),
        "tax_codes": form.chosen_tax_codes(),
        "expected": form.expected,
    }
    if invoice.status == InvoiceStatus.ISSUED:
        return operations.change_issued_invoice(invoice=invoice, now=now, **changes)
    changes.pop("issued_on", None)
    on: dt.date = form.cleaned_data["issued_on"]
    # What is refused on the way to issuing is not saved by halves.
    with transaction.atomic():
        written = operations.change_draft(invoice=invoice, now=now, **changes)
        return (
            operations.issue_invoice(invoice=written, on=on, now=now) if asks_to_issue(request) else written
        )


def _editor(
    request: OfficeRequest, invoice: Invoice, form: InvoiceForm, rows: LineRows, *, status: int = 200
) -> HttpResponseBase:
    return invoice_page(request, invoice, "pages/invoices/editor.html", status=status, form=form, rows=rows)


urls = [path("invoices/<int:pk>/", by_method(get=_show, post=_save), name="invoice")]
