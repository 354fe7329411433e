"""The taxes a contractor charges. An invoice keeps the percent it was written with; a change is for later ones."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from centerpoint.billing.models import TaxCode
from centerpoint.companies.models import Property
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors import history
from centerpoint.contractors.fields import cleaned
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.operations import NotAPercentage
from centerpoint.contractors.refusals import Refusal


class TaxCodeChanges(TypedDict, total=False):
    title: str
    code: str
    percent: Decimal
    is_active: bool


class TaxCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is already a tax code {code}.")


@transaction.atomic
def create_tax_code(*, contractor: Contractor, title: str, code: str, percent: Decimal) -> TaxCode:
    values = cleaned(TaxCode, {"title": title, "code": code, "percent": percent})
    _check_percent(values["percent"])
    if TaxCode.objects.filter(contractor=contractor, code=values["code"]).exists():
        raise TaxCodeTaken(values["code"])
    return TaxCode.objects.create(contractor=contractor, **values)


@transaction.atomic
def change_tax_code(*, tax_code: TaxCode, **changes: Unpack[TaxCodeChanges]) -> TaxCode:
    values = cleaned(TaxCode, changes)
    if "percent" in values:
        _check_percent(values["percent"])
    others = TaxCode.objects.filter(contractor=tax_code.contractor_id).exclude(pk=tax_code.pk)
    if "code" in values and others.filter(code=values["code"]).exists():
        raise TaxCodeTaken(values["code"])
    for name, value in values.items():
        setattr(tax_code, name, value)
    tax_code.save(update_fields=list(values))
    return tax_code


def _check_percent(percent: Decimal) -> None:
    if not 0 <= percent <= 100:
        raise NotAPercentage(percent)


@transaction.atomic
def set_property_tax_codes(*, property: Property, tax_codes: Sequence[TaxCode], now: dt.datetime) -> None:
    """The taxes of the place, used instead of the contractor's usual one; none: the usual one again."""
    if any(tax_code.contractor_id != property.contractor_id for tax_code in tax_codes):
        raise OfAnotherContractor("tax code")
    before, after = (
        ", ".join(sorted(tax_code.code for tax_code in some))
        for some in (property.tax_codes.all(), tax_codes)
    )
    if before != after:
        property.tax_codes.set(tax_codes)
        history.record(property, "Taxes chosen", now=now, differences={"taxes": (before, after)})
