"""One search over everything with a number or a name."""

import pytest


def groups(answer):
    return {group.label: [hit.label for hit in group.hits] for group in answer.context["groups"]}


def test_everything_with_the_words_is_found_by_kind(technician, business):
    company = business.company("Alder Estates")
    place = business.property(company, name="Alder Hall")
    ticket = business.ticket(property=place)
    project = business.project(property=place)
    invoice = business.invoice(ticket)

    assert groups(technician.open("search/", search="alder")) == {
        "Companies": ["Alder Estates"],
        "Properties": ["Alder Hall"],
        "Service tickets": [ticket.number],
        "Projects": [f"{project.number} Reroof"],
        "Invoices": [invoice.number],
    }


def test_a_number_leads_to_its_record(technician, business):
    ticket = business.ticket()
    business.ticket()

    answer = technician.open("search/", search=ticket.number)

    assert f'href="{technician.base}tickets/{ticket.pk}/"' in answer.content.decode()


def test_the_very_number_comes_before_those_that_only_hold_it(technician, business):
    for number in ("104", "1041", "5104", "1042"):
        business.ticket(number=number)

    assert groups(technician.open("search/", search="104")) == {
        "Service tickets": ["104", "1042", "1041", "5104"]
    }


def test_as_one_types_a_few_are_shown_and_the_list_has_all(technician, business):
    for number in range(7):
        business.company(f"Alder {number}")

    answer = technician.get(f"{technician.base}search/", {"search": "alder"}, headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert len(groups(answer)["Companies"]) == 5
    assert f'href="{technician.base}companies/?search=alder"' in text
    assert "<html" not in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("zzz", "Nothing has “zzz” in its number or name."), ("", "Type a number or a name")],
)
def test_nothing_found_is_said(technician, words, sentence):
    assert sentence in technician.open("search/", search=words).content.decode()


def test_another_contractors_records_are_not_found(technician, another_business):
    another_business.company("Alder")

    assert groups(technician.open("search/", search="alder")) == {}


def test_a_search_costs_the_same_whatever_it_finds(technician, business, django_assert_max_num_queries):
    for number in range(30):
        business.invoice(business.ticket(business.company(f"Alder {number}")))

    with django_assert_max_num_queries(18):
        technician.open("search/", search="alder")
