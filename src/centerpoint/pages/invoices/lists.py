"""The list of invoices, with what they come to."""

from urllib.parse import urlencode

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from centerpoint.billing import queries
from centerpoint.billing.models import Invoice, InvoiceKind
from centerpoint.billing.queries import Preset
from centerpoint.companies.models import Company
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.forms import DateInput
from centerpoint.pages.listing import Column, csv_file, wants_csv
from centerpoint.pages.standings import listing_with_standings

COLUMNS: tuple[Column[Invoice], ...] = (
    Column(key="number", label="Invoice", order=("number_length", "number"), text=lambda one: one.number),
    Column(
        key="status",
        label="Status",
        text=lambda one: queries.preset_of(one, on=timezone.localdate()).label,
    ),
    Column(key="date", label="Date", order=("issued_on",), text=lambda one: one.issued_on, is_secondary=True),
    Column(key="due", label="Due", order=("due_on",), text=lambda one: one.due_on, is_secondary=True),
    Column(key="company", label="Company", order=("bill_to__name",), text=lambda one: one.bill_to.name),
    Column(
        key="property",
        label="Property",
        order=("property__name",),
        text=lambda one: one.property.name,
        is_secondary=True,
    ),
    Column(
        key="total",
        label="Total",
        order=("total",),
        text=lambda one: one.total,
        is_number=True,
        is_secondary=True,
    ),
    Column(
        key="paid",
        label="Paid",
        order=("paid",),
        text=lambda one: one.paid,
        is_number=True,
        is_secondary=True,
    ),
    Column(key="balance", label="Balance", order=("balance",), text=lambda one: one.balance, is_number=True),
)


class Filters(forms.Form):
    """A filter that makes no sense is said beside its field and left out."""

    preset = forms.ChoiceField(required=False, choices=Preset.choices, widget=forms.HiddenInput)
    company = forms.ModelChoiceField(
        required=False, queryset=Company.objects.none(), widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(
        required=False,
        choices=[("", "Service and project"), *InvoiceKind.choices],
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
def invoices(request: OfficeRequest) -> HttpResponseBase:
    filters, today = Filters(request), timezone.localdate()
    chosen = filters.cleaned_data
    found = queries.of_preset(
        queries.invoices(
            request.contractor,
            search=request.GET.get("search", "").strip(),
            kind=InvoiceKind(chosen["kind"]) if chosen.get("kind") else None,
            company=chosen.get("company"),
            issued_from=chosen.get("since"),
            issued_until=chosen.get("until"),
        ),
        Preset(chosen.get("preset", "")),
        on=today,
    )
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="invoices")
    shown, standings = listing_with_standings(request, found, COLUMNS, sums=queries.INVOICE_SUMS)
    return render(
        request,
        "pages/invoices/list.html",
        {
            "title": "Invoices",
            "listing": shown,
            "standings": standings,
            "filters": filters,
            "presets": _preset_links(request, Preset(chosen.get("preset", ""))),
            "totals": queries.InvoiceTotals.of(shown.sums),
            "today": today,
        },
    )


def _preset_links(request: OfficeRequest, here: Preset) -> list[tuple[str, str, bool]]:
    """Label, query and whether it is the present one; the other filters stay."""
    kept = {
        name: value
        for name, value in request.GET.items()
        if value and name not in ("preset", "page", "format")
    }
    return [
        (str(preset.label), urlencode({**kept, "preset": preset.value}), preset is here) for preset in Preset
    ]


urls = [path("invoices/", invoices, name="invoices")]
