"""What the forms of tickets and projects share: where the work is done, and who pays for it."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404

from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor
from centerpoint.pages.access import OfficeRequest
from centerpoint.pages.forms import RecordForm
from centerpoint.pages.pickers import CompanyPicker, PropertyPicker, offer


def amount(label: str, *, help_text: str = "", required: bool = False, **limits: Any) -> forms.DecimalField:
    return forms.DecimalField(
        required=required,
        label=label,
        help_text=help_text,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        **limits,
    )


class WorkForm(RecordForm):
    """`property` proposes its company for the bill; the picker's script fills `bill_to` where the form has one."""

    property = PropertyPicker(help_text="Where the work is done.")

    def __init__(self, *args: Any, contractor: Contractor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, contractor)


class BillTo(CompanyPicker):
    """The company that pays."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label="Bill to",
            help_text="Who pays: any company. Left empty, the property's own.",
        )


class BillToForm(RecordForm):
    bill_to = CompanyPicker(
        label="Bill to", help_text="Any company. Drafts of invoices go along with their taxes."
    )

    def __init__(self, *args: Any, contractor: Contractor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, contractor)


def asked_for(request: OfficeRequest) -> tuple[Company | None, Property | None]:
    """The company and the property that an address names: ?company=7&property=12."""
    company, place = request.GET.get("company", ""), request.GET.get("property", "")
    return (
        get_object_or_404(Company, contractor=request.contractor, pk=company)
        if company.isdecimal()
        else None,
        get_object_or_404(Property, contractor=request.contractor, pk=place) if place.isdecimal() else None,
    )


def place_to_begin(company: Company | None, place: Property | None) -> tuple[Company | None, Property | None]:
    """Who pays for new work and where it is done, as far as the page somebody came from tells."""
    if place is None and company is not None:
        of_it = list(company.properties.filter(is_active=True)[:2])
        place = of_it[0] if len(of_it) == 1 else None
    return company or (place.company if place else None), place
