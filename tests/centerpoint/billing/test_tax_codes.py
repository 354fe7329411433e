from decimal import Decimal

import pytest

from centerpoint.billing import operations, queries
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors.fields import FieldsRefused
from centerpoint.contractors.operations import NotAPercentage
from centerpoint.contractors.queries import changes


def test_a_tax_code_is_the_contractors_own(business, another_business):
    with pytest.raises(operations.TaxCodeTaken) as refused:
        business.tax_code("COUNTY", "1.00")

    assert refused.value.sentence == "There is already a tax code COUNTY."
    assert list(queries.tax_codes(business.contractor)) == [business.county]


@pytest.mark.parametrize(
    ("percent", "refusal"),
    [("100.01", NotAPercentage), ("-0.01", NotAPercentage), ("8.12345", FieldsRefused)],
)
def test_a_percent_that_cannot_be_is_refused(business, percent, refusal):
    with pytest.raises(refusal):
        business.tax_code("CITY", percent)
    with pytest.raises(refusal):
        operations.change_tax_code(tax_code=business.county, percent=Decimal(percent))


def test_a_tax_code_cannot_take_anothers_code(business):
    city = business.tax_code("CITY", "1.00")

    with pytest.raises(operations.TaxCodeTaken):
        operations.change_tax_code(tax_code=city, code="COUNTY")
    operations.change_tax_code(tax_code=city, code="CITY2", is_active=False)

    city.refresh_from_db()
    assert (city.code, city.is_active) == ("CITY2", False)


def usual(place):
    return queries.usual_tax_codes(bill_to=place.company, property=place)


def test_the_usual_tax_is_the_contractors_percent(business):
    business.tax_code("CITY", "1.00")

    assert usual(business.property()) == [business.county]


def test_a_property_may_have_taxes_of_its_own(business, now):
    city, place = business.tax_code("CITY", "1.00"), business.property()

    operations.set_property_tax_codes(property=place, tax_codes=[business.county, city], now=now)
    assert usual(place) == [business.county, city]
    operations.change_tax_code(tax_code=city, is_active=False)
    assert usual(place) == [business.county]
    operations.set_property_tax_codes(property=place, tax_codes=[], now=now)
    assert usual(place) == [business.county]
    assert [(change.did, change.differences) for change in changes(business.contractor, place)] == [
        ("Taxes chosen", [["Taxes", "CITY, COUNTY", ""]]),
        ("Taxes chosen", [["Taxes", "", "CITY, COUNTY"]]),
        ("Created", []),
    ]


def test_another_contractors_tax_is_never_charged(business, another_business, now):
    with pytest.raises(OfAnotherContractor):
        operations.set_property_tax_codes(
            property=business.property(), tax_codes=[another_business.county], now=now
        )


def test_neither_an_exempt_company_nor_an_exempt_property_is_taxed(business):
    church = business.company("Church", tax_exempt=True)

    assert usual(business.property(church)) == []
    assert usual(business.property(tax_exempt=True)) == []


def test_a_new_percent_leaves_written_invoices_alone(business, now):
    invoice = business.draft(amount="100.00")

    operations.change_tax_code(tax_code=business.county, percent=Decimal("9.00"))
    operations.change_draft(invoice=invoice, now=now, note="x")

    assert invoice.tax == Decimal("8.25")
