"""Choosing one of very many companies, properties, tickets or projects by typing."""

import pytest
from django import forms

from centerpoint.pages.pickers import CompanyPicker, PropertyPicker, offer


class Bill(forms.Form):
    payer = CompanyPicker()
    place = PropertyPicker(required=False)


def sent(business, initial=None, **data):
    form = Bill(data, initial=initial or {})
    offer(form, business.contractor)
    form.is_valid()
    return form


def offered(answer):
    return [(each.label, each.detail) for each in answer.context["offers"]]


def test_what_begins_with_the_words_is_offered_first(technician, business):
    for name in ("Palace Hotels", "Ace Roofing Supply", "Birch"):
        business.company(name, billing_city="Austin")

    assert offered(technician.open("pick/companies/", search="ace")) == [
        ("Ace Roofing Supply", "Austin"),
        ("Palace Hotels", "Austin"),
    ]


def test_a_company_that_is_not_active_or_another_contractors_is_not_offered(
    technician, business, another_business
):
    business.company("Closed shop", is_active=False)
    another_business.company("Their shop")

    assert offered(technician.open("pick/companies/", search="shop")) == []


def test_a_property_proposes_its_company_for_the_bill(technician, business):
    place = business.property(business.company("Alder"), name="Warehouse")

    page = technician.open("pick/properties/", search="ware").content.decode()

    assert (
        f'data-proposes="bill_to" data-proposed-pk="{place.company_id}" data-proposed-label="Alder"' in page
    )


@pytest.mark.parametrize("kind", ["service-tickets", "projects"])
def test_work_is_found_by_its_number(technician, business, kind):
    record = business.ticket() if kind == "service-tickets" else business.project()

    answer = technician.open(f"pick/{kind}/", search=record.number)

    assert [each.pk for each in answer.context["offers"]] == [record.pk]


def test_offers_cost_two_statements_beside_the_users(technician, business, django_assert_max_num_queries):
    for number in range(40):
        business.property(name=f"Building {number}")

    with django_assert_max_num_queries(4):
        assert len(offered(technician.open("pick/properties/", search="building"))) == 12


def test_the_chosen_record_is_taken(business):
    company = business.company("Alder")

    form = sent(business, payer=str(company.pk), payer_text="Alder")

    assert form.cleaned_data == {"payer": company, "place": None}


def test_words_alone_are_taken_when_they_fit_one_record(business):
    company = business.company("Alder")
    business.company("Alder and Sons")

    assert sent(business, payer_text="alder").cleaned_data["payer"] == company


def test_words_that_were_typed_over_a_choice_count_and_not_the_choice(business):
    before, after = business.company("Alder"), business.company("Birch")

    assert sent(business, payer=str(before.pk), payer_text="Birch").cleaned_data["payer"] == after


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "Choose a company."),
        ("Zebra", "No company matches “Zebra”."),
        ("er", "Several companies match “er”. Choose one from the list."),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(business, words, problem):
    business.company("Alder")
    business.company("Cedar and Elder")

    form = sent(business, payer_text=words)

    assert form.errors == {"payer": [problem]}
    assert f'value="{words}"' in str(form["payer"])


def test_another_contractors_record_cannot_be_sent(business, another_business):
    theirs = another_business.company("Theirs")

    assert sent(business, payer=str(theirs.pk)).errors == {"payer": ["There is no such company here."]}


def test_an_untouched_choice_is_no_change(business):
    company = business.company("Alder")
    initial = {"payer": company, "place": None}

    same = sent(business, initial, payer=str(company.pk), payer_text="Alder", place="", place_text="")
    other = sent(business, initial, payer="", payer_text="Birch")

    assert (same.changed_data, other.changed_data) == ([], ["payer"])
