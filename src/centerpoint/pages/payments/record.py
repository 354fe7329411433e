"""One payment: its parts, its history, and taking it back when it bounced."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.billing import operations
from centerpoint.billing.models import Payment
from centerpoint.billing.queries import payments
from centerpoint.contractors.queries import changes
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.forms import revision_seen
from centerpoint.pages.records import tabs
from centerpoint.quickbooks.queries import with_source

TABS = (("payment", "Details"), ("payment_quickbooks", "QuickBooks"))

# The latest changes; "Who did what" has all.
CHANGES = 100
KEPT_BY_QUICKBOOKS = "This payment came from QuickBooks. Change it there; it follows here at the next run."


def payment_of(request: OfficeRequest, pk: int) -> Payment:
    return get_object_or_404(with_source(payments(request.contractor, with_withdrawn=True)), pk=pk)


def is_from_quickbooks(payment: Payment) -> bool:
    """Of one found by `payment_of`: QuickBooks holds it, so that it is only read here."""
    return bool(vars(payment)["from_quickbooks"])


def payment_page(request: OfficeRequest, payment: Payment, template: str, **context: Any) -> HttpResponseBase:
    """A tab of the payment's page: `template` extends pages/payments/payment.html."""
    shared = {"payment": payment, "tabs": tabs(request, payment, TABS)}
    return render(request, template, {**shared, **context})


@reads
def payment(request: OfficeRequest, pk: int) -> HttpResponseBase:
    found = payment_of(request, pk)
    told = changes(request.contractor, found)[:CHANGES]
    return payment_page(request, found, "pages/payments/details.html", changes=told)


@writes
def payment_withdraw(request: OfficeRequest, pk: int) -> HttpResponseBase:
    found = payment_of(request, pk)
    if is_from_quickbooks(found):
        messages.error(request, KEPT_BY_QUICKBOOKS)
        return redirect("payment", request.contractor.pk, pk)
    if request.method == "POST":
        try:
            operations.withdraw_payment(payment=found, now=timezone.now(), expected=revision_seen(request))
        except StaleRevision as refusal:
            messages.error(request, refusal.sentence)
            return redirect("payment_withdraw", request.contractor.pk, pk)
        messages.success(request, "The payment is withdrawn. What it paid is open again.")
        return redirect("payment", request.contractor.pk, pk)
    return render(request, "pages/payments/withdraw.html", {"payment": found})


urls = [
    path("payments/<int:pk>/", payment, name="payment"),
    path("payments/<int:pk>/withdraw/", payment_withdraw, name="payment_withdraw"),
]
