"""Properties: the roofs and buildings that work is done on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.billing.models import TaxCode
from centerpoint.billing.operations import set_property_tax_codes
from centerpoint.billing.queries import tax_codes, usual_tax_codes
from centerpoint.companies import operations, queries
from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.queries import changes
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.forms import RecordForm, carried_out
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv
from centerpoint.pages.pickers import CompanyPicker, offer
from centerpoint.pages.records import tabs
from centerpoint.work.queries import projects, tickets

COLUMNS: tuple[Column[Property], ...] = (
    Column(key="name", label="Property", order=("name",), text=lambda place: place.name),
    Column(key="company", label="Company", order=("company__name",), text=lambda place: place.company.name),
    Column(key="street", label="Street", text=lambda place: place.street, is_secondary=True),
    Column(key="city", label="City", order=("city",), text=lambda place: place.city, is_secondary=True),
)
TABS = (
    ("property", "Details"),
    ("property_work", "Work"),
    ("property_quickbooks", "QuickBooks"),
    ("property_history", "History"),
)
SHOWN = 50


class PropertyForm(RecordForm):
    company = CompanyPicker(help_text="Whom it belongs to. The bill may go to another company.")
    name = forms.CharField(max_length=255)
    building_number = forms.CharField(required=False, max_length=50)
    street = forms.CharField(required=False, max_length=255)
    street2 = forms.CharField(required=False, max_length=255, label="Suite, floor")
    city = forms.CharField(required=False, max_length=100)
    state = forms.CharField(required=False, max_length=50)
    postal_code = forms.CharField(required=False, max_length=20, label="ZIP code")
    country = forms.CharField(required=False, max_length=50)
    tax_exempt = forms.BooleanField(required=False, help_text="No sales tax for work done here.")
    tax_codes = forms.ModelMultipleChoiceField(
        queryset=TaxCode.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The taxes of this place. None chosen: your usual tax.",
    )
    billing_instructions = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, contractor: Contractor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, contractor)
        self.fields["tax_codes"].queryset = tax_codes(contractor).filter(is_active=True)  # type: ignore[attr-defined]

    def values_of(self, record: Any) -> dict[str, Any]:
        return {**super().values_of(record), "tax_codes": list(record.tax_codes.all())}


def property_of(request: OfficeRequest, pk: int) -> Property:
    found = Property.objects.select_related("company", "contractor")
    return get_object_or_404(found, contractor=request.contractor, pk=pk)


@reads
def properties(request: OfficeRequest) -> HttpResponseBase:
    company = _company_asked_for(request)
    found = queries.properties(
        request.contractor,
        search=request.GET.get("search", "").strip(),
        company=company,
        only_active=request.GET.get("show") != "all",
    )
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="properties")
    return render(
        request,
        "pages/properties/properties.html",
        {"title": "Properties", "listing": listing(request, found, COLUMNS), "company": company},
    )


def _company_asked_for(request: OfficeRequest) -> Company | None:
    asked = request.GET.get("company", "")
    if not asked.isdecimal():
        return None
    return get_object_or_404(Company, contractor=request.contractor, pk=asked)


def property_page(request: OfficeRequest, place: Property, template: str, **context: Any) -> HttpResponseBase:
    """A tab of the property's page: `template` extends pages/properties/property.html."""
    shared = {"place": place, "company": place.company, "tabs": tabs(request, place, TABS)}
    return render(request, template, {**shared, **context})


@reads
def property_details(request: OfficeRequest, pk: int) -> HttpResponseBase:
    place = property_of(request, pk)
    own = list(place.tax_codes.order_by("code"))
    usual = usual_tax_codes(bill_to=place.company, property=place)
    return property_page(request, place, "pages/properties/details.html", own_taxes=own, usual_taxes=usual)


@reads
def property_work(request: OfficeRequest, pk: int) -> HttpResponseBase:
    place = property_of(request, pk)
    found = tickets(request.contractor, place=place)
    larger = projects(request.contractor, place=place).prefetch_related(None)
    return property_page(
        request,
        place,
        "pages/properties/work.html",
        tickets=found[:SHOWN],
        ticket_count=found.count(),
        projects=larger[:SHOWN],
        project_count=larger.count(),
    )


@reads
def property_history(request: OfficeRequest, pk: int) -> HttpResponseBase:
    place = property_of(request, pk)
    return property_page(
        request, place, "pages/properties/history.html", changes=changes(request.contractor, place)[:200]
    )


@writes
def property_new(request: OfficeRequest) -> HttpResponseBase:
    initial = {"company": _company_asked_for(request)}
    form = PropertyForm(request.POST or None, contractor=request.contractor, initial=initial)
    if request.method == "POST" and form.is_valid():
        created = carried_out(form, lambda: _create(form))
        if created is not None:
            messages.success(request, f"{created} is created.")
            return redirect("property", request.contractor.pk, created.pk)
    return _form(request, form)


@transaction.atomic
def _create(form: PropertyForm) -> Property:
    now = timezone.now()
    values = form.values()
    chosen = values.pop("tax_codes")
    created = operations.create_property(now=now, **values)
    set_property_tax_codes(property=created, tax_codes=chosen, now=now)
    return created


@writes
def property_edit(request: OfficeRequest, pk: int) -> HttpResponseBase:
    place = property_of(request, pk)
    form = PropertyForm(request.POST or None, contractor=request.contractor, record=place)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(form, lambda: _change(form, place))
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("property", request.contractor.pk, place.pk)
    return _form(request, form, place)


@transaction.atomic
def _change(form: PropertyForm, place: Property) -> Property:
    now = timezone.now()
    values = form.changed()
    chosen = values.pop("tax_codes", None)
    changed = operations.change_property(property=place, now=now, expected=form.expected, **values)
    if chosen is not None:
        set_property_tax_codes(property=place, tax_codes=chosen, now=now)
    return changed


def _form(request: OfficeRequest, form: PropertyForm, place: Property | None = None) -> HttpResponseBase:
    status = 422 if form.is_bound else 200
    return render(request, "pages/properties/form.html", {"form": form, "place": place}, status=status)


@require_POST
@writes
def property_active(request: OfficeRequest, pk: int) -> HttpResponseBase:
    place = property_of(request, pk)
    if request.POST.get("active") == "yes":
        operations.reactivate_property(property=place, now=timezone.now())
        messages.success(request, f"{place} is active again.")
    else:
        operations.deactivate_property(property=place, now=timezone.now())
        messages.success(request, f"{place} is not active any more: it is not offered for new work.")
    return redirect("property", request.contractor.pk, place.pk)


urls = [
    path("properties/", properties, name="properties"),
    path("properties/new/", property_new, name="property_new"),
    path("properties/<int:pk>/", property_details, name="property"),
    path("properties/<int:pk>/edit/", property_edit, name="property_edit"),
    path("properties/<int:pk>/active/", property_active, name="property_active"),
    path("properties/<int:pk>/work/", property_work, name="property_work"),
    path("properties/<int:pk>/history/", property_history, name="property_history"),
]
