from decimal import Decimal

import pytest

from centerpoint.billing.models import InvoiceLine
from centerpoint.companies.models import Company
from centerpoint.contractors.fields import FieldsRefused, cleaned


def test_blanks_at_the_ends_of_a_text_are_taken_off():
    assert cleaned(Company, {"name": "  Acme  ", "phone": " "}) == {"name": "Acme", "phone": ""}


def test_every_value_a_record_cannot_hold_is_named_with_its_reason():
    with pytest.raises(FieldsRefused) as refused:
        cleaned(Company, {"name": " ", "phone": "5" * 51, "billing_city": "Austin"})

    assert refused.value.problems == {
        "name": "This field cannot be blank.",
        "phone": "Ensure this value has at most 50 characters (it has 51).",
    }
    assert refused.value.sentence == (
        "Company: name: This field cannot be blank.; "
        "phone: Ensure this value has at most 50 characters (it has 51)."
    )


@pytest.mark.parametrize(
    "price", [Decimal("1.23456"), Decimal("12345678901.00"), Decimal("NaN"), Decimal("Infinity"), None]
)
def test_a_price_that_cannot_be_kept_exactly_is_refused(price):
    with pytest.raises(FieldsRefused):
        cleaned(InvoiceLine, {"unit_price": price})


def test_a_null_character_is_refused_because_postgresql_cannot_store_it():
    with pytest.raises(FieldsRefused):
        cleaned(Company, {"name": "A\0B"})


def test_a_choice_that_does_not_exist_is_refused():
    with pytest.raises(FieldsRefused):
        cleaned(InvoiceLine, {"kind": "magic"})
