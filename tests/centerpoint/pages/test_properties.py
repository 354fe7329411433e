"""Properties: where work is done, and which taxes are charged there."""

import pytest

from centerpoint.billing.operations import set_property_tax_codes
from centerpoint.companies import operations
from centerpoint.companies.models import Property


def page(answer):
    return answer.content.decode()


@pytest.mark.parametrize("tab", ["", "work/", "history/"])
def test_every_tab_of_a_property_opens_for_a_technician_without_buttons(technician, business, tab):
    place = business.property()
    business.ticket(property=place)
    business.project(property=place)

    answer = technician.open(f"properties/{place.pk}/{tab}")

    assert answer.status_code == 200
    assert "/edit/" not in page(answer)


def test_a_property_is_created_with_its_taxes(bookkeeper, business):
    company = business.company("Alder")
    city = business.tax_code("CITY", "1.00")

    answer = bookkeeper.send(
        "properties/new/",
        company=company.pk,
        company_text="Alder",
        name="Warehouse",
        tax_codes=[business.county.pk, city.pk],
    )

    place = Property.objects.get()
    assert answer.url == f"{bookkeeper.base}properties/{place.pk}/"
    assert (place.name, place.company) == ("Warehouse", company)
    assert set(place.tax_codes.all()) == {business.county, city}


def test_a_property_without_a_company_is_refused_beside_the_field(bookkeeper, business):
    answer = bookkeeper.send("properties/new/", company_text="Nobody", name="Warehouse")

    assert answer.context["form"].errors == {"company": ["No company matches “Nobody”."]}
    assert 'value="Warehouse"' in page(answer)


def test_taxes_are_taken_off_by_unticking_them(bookkeeper, business, now):
    place = business.property(business.company("Alder"), name="Warehouse")
    set_property_tax_codes(property=place, tax_codes=[business.county], now=now)

    bookkeeper.send(
        f"properties/{place.pk}/edit/",
        company=place.company_id,
        company_text="Alder",
        name="Warehouse",
        revision=place.revision,
    )

    assert not place.tax_codes.exists()


def test_of_two_who_edit_a_property_the_second_sees_the_first(bookkeeper, business, now):
    alder, birch = business.company("Alder"), business.company("Birch")
    place = business.property(alder, name="Warehouse")
    seen = place.revision
    operations.change_property(property=place, now=now, company=birch)

    answer = bookkeeper.send(
        f"properties/{place.pk}/edit/",
        company=alder.pk,
        company_text="Alder",
        name="Hall",
        revision=seen,
    )

    assert [(each.label, each.theirs, each.yours) for each in answer.context["form"].differences] == [
        ("Company", "Birch", "Alder"),
        ("Name", "Warehouse", "Hall"),
    ]


def test_the_list_is_narrowed_to_one_company_and_says_so(bookkeeper, business):
    company = business.company("Alder")
    place = business.property(company)
    business.property()

    answer = bookkeeper.open("properties/", company=company.pk)

    assert answer.context["listing"].rows == [place]
    assert "Show those of all companies" in page(answer)


def test_the_page_says_which_tax_is_charged_and_why(bookkeeper, business):
    usual = business.property()
    exempt = business.property(tax_exempt=True)

    assert "your usual tax" in page(bookkeeper.open(f"properties/{usual.pk}/"))
    assert "this property is exempt" in page(bookkeeper.open(f"properties/{exempt.pk}/"))


def test_a_property_is_deactivated_and_taken_back(bookkeeper, business):
    place = business.property()

    for active in ("no", "yes"):
        bookkeeper.send(f"properties/{place.pk}/active/", active=active)
        place.refresh_from_db()
        assert place.is_active == (active == "yes")


@pytest.mark.parametrize("path", ["new/", "{}/edit/", "{}/active/"])
def test_a_technician_may_not_write(technician, business, path):
    assert technician.send(f"properties/{path.format(business.property().pk)}").status_code == 403


def test_another_contractors_property_is_not_there(bookkeeper, another_business):
    assert bookkeeper.open(f"properties/{another_business.property().pk}/").status_code == 404


def test_another_contractors_tax_cannot_be_chosen(bookkeeper, business, another_business):
    company = business.company("Alder")

    answer = bookkeeper.send(
        "properties/new/", company=company.pk, name="Hall", tax_codes=[another_business.county.pk]
    )

    assert set(answer.context["form"].errors) == {"tax_codes"}


def test_the_list_costs_the_same_for_many_rows(bookkeeper, business, django_assert_max_num_queries):
    for _ in range(60):
        business.property()

    with django_assert_max_num_queries(9):
        assert len(bookkeeper.open("properties/").context["listing"].rows) == 50
