"""Payments received: each check in QuickBooks, and where its money went."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path

from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.forms import DateInput
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv
from centerpoint.pages.quickbooks.filters import Filters
from centerpoint.quickbooks.inbox import queries
from centerpoint.quickbooks.models import CompanyFile, ReceivedPayment

# As QuickBooks calls its transactions on its screens.
_TRANSACTIONS = {
    "CreditMemo": "Credit memo",
    "JournalEntry": "Journal entry",
    "ReceivePayment": "Payment",
    "SalesReceipt": "Sales receipt",
    "SalesTaxPaymentCheck": "Sales tax payment",
}


@dataclass(frozen=True, slots=True)
class Paid:
    """What one part of a payment paid."""

    name: str
    part: Any  # a ReceivedPart with is_ours, our_invoice and our_number


def paid_by(payment: ReceivedPayment) -> list[Paid]:
    """The parts of a payment fetched with `queries.payments_received`."""
    return [Paid(_name(part), part) for part in payment.parts.all()]


def _name(part: Any) -> str:
    if part.is_ours:
        return f"Invoice {part.our_number}"
    kind = _TRANSACTIONS.get(part.txn_type, part.txn_type or "Transaction")
    return f"{kind} {part.ref_number}".rstrip()


def _company(payment: ReceivedPayment) -> str:
    return payment.payment.company.name if payment.payment else payment.customer_full_name


def _where(payment: ReceivedPayment) -> str:
    went = [f"{paid.name}: {paid.part.amount + paid.part.discount}" for paid in paid_by(payment)]
    if payment.unapplied:
        went.append(f"not applied: {payment.unapplied}")
    return "; ".join(went)


COLUMNS: tuple[Column[ReceivedPayment], ...] = (
    Column(key="date", label="Received", order=("received_on",), text=lambda payment: payment.received_on),
    Column(key="company", label="From", order=("customer_full_name",), text=_company),
    Column(
        key="kind",
        label="Kind",
        text=lambda payment: (
            payment.get_kind_display() + (" (deleted in QuickBooks)" if payment.is_deleted else "")
        ),
        is_secondary=True,
    ),
    Column(
        key="reference",
        label="Reference",
        order=("reference",),
        text=lambda payment: payment.reference,
        is_secondary=True,
    ),
    Column(key="where", label="Where it went", text=_where, is_secondary=True),
    Column(
        key="unapplied",
        label="Not applied",
        order=("unapplied",),
        text=lambda payment: payment.unapplied,
        is_number=True,
        is_secondary=True,
    ),
    Column(key="total", label="Amount", order=("total",), text=lambda payment: payment.total, is_number=True),
)


class Received(Filters):
    shown = forms.ChoiceField(required=False, label="Show", choices=queries.Shown.choices)
    kind = forms.ChoiceField(
        required=False, label="Kind", choices=[("", "Payments and credits"), *ReceivedPayment.Kind.choices]
    )
    since = forms.DateField(required=False, label="From", widget=DateInput)
    until = forms.DateField(required=False, label="Until", widget=DateInput)


@reads
@connected
def payments_received(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    filters = Received(request.GET)
    found = queries.payments_received(
        company_file, search=request.GET.get("search", "").strip(), **filters.chosen
    )
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="payments-received")
    shown = listing(request, found, COLUMNS, sums=queries.RECEIVED_SUMS)
    return render(
        request,
        "pages/quickbooks/payments_received.html",
        {
            "title": "Payments received",
            "listing": shown,
            "filters": filters,
            "received": queries.Received.of(shown.sums),
            "paid": {payment.pk: paid_by(payment) for payment in shown.rows},
            "company_file": company_file,
        },
    )


@reads
@connected
def payment_received(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    payment = get_object_or_404(queries.payments_received(company_file), pk=pk)
    paid = paid_by(payment)
    return render(
        request,
        "pages/quickbooks/payment_received.html",
        {
            "payment": payment,
            "paid": paid,
            "strangers": [one for one in paid if not one.part.is_ours],
            "discounts": discounts_of(paid),
        },
    )


def discounts_of(paid: Iterable[Paid]) -> Any:
    return sum(one.part.discount for one in paid)


urls = [
    path("quickbooks/payments/", payments_received, name="payments_received"),
    path("quickbooks/payments/<int:pk>/", payment_received, name="payment_received"),
]
