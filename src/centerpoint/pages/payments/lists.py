"""The list of payments, with what they come to."""

from decimal import Decimal

from django import forms
from django.db.models import F, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path

from centerpoint.billing import queries
from centerpoint.billing.models import Payment
from centerpoint.companies.models import Company
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.forms import DateInput
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv
from centerpoint.quickbooks.queries import with_source


def _applied(payment: Payment) -> Decimal:
    return payment.amount - payment.unapplied


def _source(payment: Payment) -> str:
    return "QuickBooks" if vars(payment)["from_quickbooks"] else "Entered here"


COLUMNS: tuple[Column[Payment], ...] = (
    Column(key="received", label="Received", order=("received_on",), text=lambda one: one.received_on),
    Column(key="company", label="Company", order=("company__name",), text=lambda one: one.company.name),
    Column(
        key="kind",
        label="Kind",
        order=("kind",),
        text=lambda one: one.get_kind_display(),
        is_secondary=True,
    ),
    Column(key="method", label="Method", order=("method",), text=lambda one: one.method, is_secondary=True),
    Column(
        key="reference",
        label="Reference",
        order=("reference",),
        text=lambda one: one.reference,
        is_secondary=True,
    ),
    Column(key="amount", label="Amount", order=("amount",), text=lambda one: one.amount, is_number=True),
    Column(
        key="applied",
        label="Applied",
        order=("applied",),
        text=_applied,
        is_number=True,
        is_secondary=True,
    ),
    Column(
        key="unapplied",
        label="Unapplied",
        order=("unapplied",),
        text=lambda one: one.unapplied,
        is_number=True,
    ),
    Column(key="source", label="Source", text=_source, is_secondary=True),
)


class Filters(forms.Form):
    """A filter that makes no sense is said beside its field and left out."""

    company = forms.ModelChoiceField(
        required=False, queryset=Company.objects.none(), widget=forms.HiddenInput
    )
    source = forms.ChoiceField(
        required=False,
        choices=[("", "From everywhere"), ("quickbooks", "From QuickBooks"), ("here", "Entered here")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    show = forms.ChoiceField(
        required=False,
        choices=[("", "All that count"), ("unapplied", "Not fully applied"), ("withdrawn", "Withdrawn, too")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    since = forms.DateField(required=False, label="From", widget=DateInput)
    until = forms.DateField(required=False, label="Until", widget=DateInput)

    def __init__(self, request: OfficeRequest) -> None:
        super().__init__(request.GET)
        companies = Company.objects.filter(contractor=request.contractor)
        self.fields["company"].queryset = companies  # type: ignore[attr-defined]
        for name in ("since", "until"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.is_valid()


@reads
def payments(request: OfficeRequest) -> HttpResponseBase:
    filters = Filters(request)
    found = _found(request, filters)
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="payments")
    shown = listing(request, found, COLUMNS, sums=queries.PAYMENT_SUMS)
    return render(
        request,
        "pages/payments/list.html",
        {
            "title": "Payments",
            "listing": shown,
            "filters": filters,
            "totals": queries.PaymentTotals.of(shown.sums),
        },
    )


def _found(request: OfficeRequest, filters: Filters) -> QuerySet[Payment, Payment]:
    chosen = filters.cleaned_data
    found = with_source(
        queries.payments(
            request.contractor,
            company=chosen.get("company"),
            with_withdrawn=chosen.get("show") == "withdrawn",
            search=request.GET.get("search", "").strip(),
            received_from=chosen.get("since"),
            received_until=chosen.get("until"),
            only_unapplied=chosen.get("show") == "unapplied",
        )
    ).annotate(applied=F("amount") - F("unapplied"))
    if source := chosen.get("source"):
        found = found.filter(received_payment__isnull=source == "here")
    return found


urls = [path("payments/", payments, name="payments")]
