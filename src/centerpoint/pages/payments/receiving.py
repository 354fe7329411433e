"""Receiving a payment by hand and changing it: first who pays, then how much and for which invoices."""

import re
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.billing import operations
from centerpoint.billing.models import Payment
from centerpoint.billing.queries import payable
from centerpoint.companies.models import Company
from centerpoint.contractors.refusals import dollars
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.forms import carried_out
from centerpoint.pages.payments.forms import METHODS, PaymentForm, WhoPays
from centerpoint.pages.payments.record import KEPT_BY_QUICKBOOKS, is_from_quickbooks, payment_of


@writes
def payment_new(request: OfficeRequest) -> HttpResponseBase:
    asked = "company" in request.GET or "company_text" in request.GET
    who = WhoPays(request.GET if asked else None, request.contractor)
    if not who.is_valid():
        return render(request, "pages/payments/who_pays.html", {"form": who}, status=422 if asked else 200)
    company: Company = who.cleaned_data["company"]
    rows = payable(company, asked=_asked(request))
    form = PaymentForm(_data(request), rows, initial={"received_on": timezone.localdate()})
    if _is_to_be_saved(request, form):
        received = carried_out(
            form,
            lambda: operations.receive_payments(
                contractor=request.contractor,
                receipts=[form.receipt(company, Payment.Kind.PAYMENT)],
                now=timezone.now(),
            )[0],
        )
        if received is not None:
            messages.success(request, _said(received))
            return redirect("payment", request.contractor.pk, received.pk)
    return _entry(request, form, company=company, title=f"Receive a payment from {company}")


@writes
def payment_edit(request: OfficeRequest, pk: int) -> HttpResponseBase:
    payment = payment_of(request, pk)
    if is_from_quickbooks(payment):
        messages.error(request, KEPT_BY_QUICKBOOKS)
        return redirect("payment", request.contractor.pk, pk)
    company = get_object_or_404(Company, contractor=request.contractor, pk=payment.company_id)
    form = PaymentForm(_data(request), payable(company, payment, asked=_asked(request)), payment=payment)
    if _is_to_be_saved(request, form):
        changed = carried_out(
            form,
            lambda: operations.change_payment(
                payment=payment,
                receipt=form.receipt(company, Payment.Kind(payment.kind)),
                now=timezone.now(),
                expected=form.expected,
            ),
        )
        if changed is not None:
            messages.success(request, _said(changed))
            return redirect("payment", request.contractor.pk, pk)
    title = f"Change the {payment.get_kind_display().lower()} from {company}"
    return _entry(request, form, company=company, title=title, payment=payment)


def _data(request: OfficeRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _asked(request: OfficeRequest) -> set[int]:
    """Invoices with an amount typed beside them, by id: somebody else may have settled them since they were shown."""
    rows = (_OF_A_ROW.fullmatch(name) for name, typed in request.POST.items() if str(typed).strip())
    return {int(row[1]) for row in rows if row}


_OF_A_ROW = re.compile(r"invoice-([0-9]{1,18})-(?:amount|discount)")


def _is_to_be_saved(request: OfficeRequest, form: PaymentForm) -> bool:
    """Valid, and not only to be filled: that button writes nothing yet."""
    if request.method != "POST" or not form.is_valid():
        return False
    if request.POST.get("then") != "fill":
        return True
    data = request.POST.copy()
    for name, amount in form.filled().items():
        data[name] = amount
    for row in form.rows:
        row.data = data
    return False


def _entry(request: OfficeRequest, form: PaymentForm, **context: Any) -> HttpResponseBase:
    is_refused = form.is_bound and request.POST.get("then") != "fill"
    return render(
        request,
        "pages/payments/entry.html",
        {"form": form, "methods": METHODS, **context},
        status=422 if is_refused else 200,
    )


def _said(payment: Payment) -> str:
    rest = f" {dollars(payment.unapplied)} of it is unapplied." if payment.unapplied else ""
    return f"{dollars(payment.amount)} is saved.{rest}"


urls = [
    path("payments/new/", payment_new, name="payment_new"),
    path("payments/<int:pk>/edit/", payment_edit, name="payment_edit"),
]
