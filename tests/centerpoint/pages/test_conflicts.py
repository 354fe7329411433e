"""Conflicts: both values side by side, who changed ours, and one of them kept."""

from typing import Any

import pytest

from centerpoint.companies.operations import change_company
from centerpoint.contractors.history import acting
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.counted import MANY
from centerpoint.quickbooks.models import CompanyFile, Conflict, Pairing, QuickBooksCustomer
from centerpoint.quickbooks.queries import waiting


@pytest.fixture
def company_file(business: Any, now: Any) -> CompanyFile:
    return connection.activate(
        contractor=business.contractor, url="http://localhost:8000", now=now
    ).company_file


@pytest.fixture
def conflicting(business: Any, company_file: CompanyFile, now: Any) -> Any:
    """A company whose phone and e-mail differ from its customer's."""

    def conflicting(name: str) -> Any:
        company = business.company(name, phone="512 555 0100", email="office@oak.example")
        customer = QuickBooksCustomer.objects.create(
            company_file=company_file,
            list_id=f"8000-{company.pk}",
            name=name,
            full_name=name,
            phone="512 555 0177",
            email="desk@oak.example",
            edit_sequence="1",
            time_modified="2025-06-30T10:00:00-06:00",
            read_at=now,
        )
        Pairing.objects.create(
            company_file=company_file,
            company=company,
            customer=customer,
            how=Pairing.How.BY_HAND,
            paired_at=now,
        )
        for field in ("phone", "email"):
            Conflict.objects.create(
                company_file=company_file,
                company=company,
                field=field,
                ours=getattr(company, field),
                theirs=getattr(customer, field),
                agreed="512 555 0111" if field == "phone" else "",
                found_at=now,
            )
        return company

    return conflicting


def standing() -> list[str]:
    return [str(each) for each in Conflict.objects.filter(choice="open").order_by("company__name", "field")]


def test_both_values_and_the_last_agreed_one_stand_side_by_side(technician, conflicting):
    conflicting("Oak Hills")

    page = technician.open("quickbooks/conflicts/").content.decode()

    for value in ("512 555 0100", "512 555 0177", "512 555 0111"):
        assert value in page
    assert "Keep ours" not in page


def test_who_changed_ours_is_said(bookkeeper, conflicting, now):
    company = conflicting("Oak Hills")
    with acting(bookkeeper.user):
        change_company(company=company, phone="512 555 0155", now=now)

    answer = bookkeeper.open("quickbooks/conflicts/")

    who = {row.conflict.field: row.change and row.change.who for row in answer.context["rows"]}
    assert who == {"phone": "The bookkeeper", "email": None}


@pytest.mark.parametrize(("choice", "phone"), [("ours", "512 555 0100"), ("theirs", "512 555 0177")])
def test_one_value_is_kept(bookkeeper, conflicting, choice, phone):
    company = conflicting("Oak Hills")
    conflict = Conflict.objects.get(field="phone")

    bookkeeper.send(f"quickbooks/conflicts/{conflict.pk}/", choice=choice)

    company.refresh_from_db()
    assert (company.phone, standing()) == (phone, ["Oak Hills: email"])


def test_a_conflict_is_settled_once(bookkeeper, conflicting):
    conflicting("Oak Hills")
    conflict = Conflict.objects.get(field="phone")
    bookkeeper.send(f"quickbooks/conflicts/{conflict.pk}/", choice="ours")

    bookkeeper.send(f"quickbooks/conflicts/{conflict.pk}/", choice="theirs")

    assert "This was settled already" in bookkeeper.open("quickbooks/conflicts/").content.decode()


def test_one_company_is_settled_at_once_and_then_all(bookkeeper, conflicting):
    company = conflicting("Oak Hills")
    conflicting("Elm Dental")

    bookkeeper.send(f"quickbooks/conflicts/company/{company.pk}/", choice="theirs")
    assert {each.split(":")[0] for each in standing()} == {"Elm Dental"}

    bookkeeper.send("quickbooks/conflicts/all/", choice="ours")
    assert standing() == []


def test_what_is_no_choice_and_what_is_not_ours_is_not_there(bookkeeper, conflicting, another_business, now):
    conflicting("Oak Hills")
    conflict = Conflict.objects.get(field="phone")
    theirs = connection.activate(
        contractor=another_business.contractor, url="http://localhost:8000", now=now
    ).company_file
    foreign = Conflict.objects.create(
        company_file=theirs, company=another_business.company(), field="phone", found_at=now
    )

    assert bookkeeper.send(f"quickbooks/conflicts/{conflict.pk}/", choice="open").status_code == 404
    assert bookkeeper.send(f"quickbooks/conflicts/{foreign.pk}/", choice="ours").status_code == 404


def test_a_technician_settles_nothing(technician, conflicting):
    conflicting("Oak Hills")

    assert technician.send("quickbooks/conflicts/all/", choice="ours").status_code == 403


def test_the_list_is_searched_and_taken_along(bookkeeper, conflicting):
    conflicting("Oak Hills")
    conflicting("Elm Dental")

    found = bookkeeper.open("quickbooks/conflicts/", search="elm").context["rows"]
    file = bookkeeper.open("quickbooks/conflicts/", format="csv").getvalue().decode()

    assert {row.conflict.company.name for row in found} == {"Elm Dental"}
    assert len(file.splitlines()) == 5


def test_the_list_costs_the_same_however_long(bookkeeper, conflicting, django_assert_max_num_queries):
    for number in range(20):
        conflicting(f"Oak {number}")

    with django_assert_max_num_queries(12):
        bookkeeper.open("quickbooks/conflicts/")


def test_what_waits_for_a_person_is_counted_in_one_query(business, conflicting, django_assert_num_queries):
    conflicting("Oak Hills")

    with django_assert_num_queries(1):
        counted = waiting(business.contractor)

    assert counted == {"unpaired": 0, "to_approve": 0, "to_fix": 0, "conflicts": 2}


def test_beyond_a_few_hundred_the_navigation_does_not_count(
    bookkeeper, business, company_file, conflicting, now
):
    company = conflicting("Oak Hills")
    Conflict.objects.all().delete()

    def said(open_ones: int) -> str:
        Conflict.objects.bulk_create(
            Conflict(company_file=company_file, company=company, field=f"field {number}", found_at=now)
            for number in range(Conflict.objects.count(), open_ones)
        )
        sections = bookkeeper.open("companies/").context["navigation"]
        links = {link.label: link.count for _, links in sections for link in links}
        return str(links["Conflicts"])

    assert [said(count) for count in (0, 1, 999, 1000, 1500)] == ["", "1", "999", "999+", "999+"]
    assert waiting(business.contractor)["conflicts"] == MANY
