import datetime as dt

import pytest

from centerpoint.companies import operations, queries
from centerpoint.companies.models import Company, Contact, Property
from centerpoint.contractors.fields import FieldsRefused
from centerpoint.contractors.revisions import StaleRevision


def test_a_company_is_kept_with_everything_said_of_it(business, now):
    operations.create_company(
        contractor=business.contractor,
        name="  St. Mark's Church ",
        now=now,
        tax_exempt=True,
        tax_exempt_reason="Certificate",
        billing_city="Austin",
    )

    assert Company.objects.values(
        "name", "tax_exempt", "tax_exempt_reason", "billing_city", "is_active", "revision", "changed_at"
    ).get() == {
        "name": "St. Mark's Church",
        "tax_exempt": True,
        "tax_exempt_reason": "Certificate",
        "billing_city": "Austin",
        "is_active": True,
        "revision": 1,
        "changed_at": now,
    }


@pytest.mark.parametrize("name", ["", "   ", "x" * 256])
def test_a_company_without_a_name_or_with_one_too_long_is_refused(business, now, name):
    with pytest.raises(FieldsRefused):
        operations.create_company(contractor=business.contractor, name=name, now=now)

    assert not Company.objects.exists()


def test_an_external_identifier_names_one_company_of_a_contractor(business, another_business, now):
    business.company("Acme", external_identifier="A-1")
    another_business.company("Elsewhere", external_identifier="A-1")
    other = business.company("Other")

    with pytest.raises(operations.ExternalIdentifierTaken) as refused:
        business.company("Second", external_identifier="A-1")
    with pytest.raises(operations.ExternalIdentifierTaken):
        operations.change_company(company=other, now=now, external_identifier="A-1")

    assert refused.value.sentence == "The external identifier A-1 already belongs to Acme."


def test_many_companies_come_in_together_or_not_at_all(business, now):
    twins = [{"name": "One", "external_identifier": "7"}, {"name": "Two", "external_identifier": "7"}]

    with pytest.raises(operations.ExternalIdentifierTaken):
        operations.create_companies(contractor=business.contractor, companies=twins, now=now)

    assert not Company.objects.exists()


def test_a_thousand_companies_cost_a_few_statements_not_thousands(
    business, now, django_assert_max_num_queries
):
    names = [{"name": f"Company {number}"} for number in range(1000)]

    with django_assert_max_num_queries(40):
        made = operations.create_companies(contractor=business.contractor, companies=names, now=now)

    assert len({company.pk for company in made}) == 1000


def test_a_renamed_company_is_its_next_revision(business, now):
    company = business.company("Acme")

    operations.change_company(company=company, now=now + dt.timedelta(days=1), expected=1, name="Acme Inc.")

    assert Company.objects.values_list("name", "revision").get() == ("Acme Inc.", 2)


def test_a_change_on_top_of_somebody_elses_is_refused(business, now):
    company = business.company("Acme")
    operations.change_company(company=Company.objects.get(), now=now, phone="1")

    with pytest.raises(StaleRevision):
        operations.change_company(company=company, now=now, expected=1, phone="2")

    assert Company.objects.get().phone == "1"


def test_a_company_can_rest_and_come_back(business, now):
    company = business.company("Acme")

    operations.deactivate_company(company=company, now=now)
    assert list(queries.companies(business.contractor, only_active=True)) == []

    operations.reactivate_company(company=company, now=now)
    assert list(queries.companies(business.contractor, only_active=True)) == [company]


def test_a_new_billing_contact_is_a_revision_of_the_company_and_takes_the_place_of_the_old(business, now):
    company = business.company("Acme")
    operations.add_contact(company=company, name="Ann", now=now, is_billing_contact=True)
    operations.add_contact(company=company, name="Ben", now=now)
    operations.add_contact(company=company, name="Cleo", now=now, is_billing_contact=True)

    assert list(Contact.objects.order_by("name").values_list("name", "is_billing_contact")) == [
        ("Ann", False),
        ("Ben", False),
        ("Cleo", True),
    ]
    assert company.revision == 3
    assert str(queries.billing_contact(company)) == "Cleo"


def test_a_change_of_a_contact_on_top_of_somebody_elses_is_refused(business, now):
    ann = operations.add_contact(company=business.company("Acme"), name="Ann", now=now)
    operations.change_contact(contact=Contact.objects.get(), now=now, expected=1, phone="1")

    with pytest.raises(StaleRevision):
        operations.change_contact(contact=ann, now=now, expected=1, phone="2")

    assert Contact.objects.values_list("phone", "revision").get() == ("1", 2)


def test_who_lost_the_place_of_the_billing_contact_is_not_put_back_unseen(business, now):
    company = business.company("Acme")
    ann = operations.add_contact(company=company, name="Ann", now=now, is_billing_contact=True)
    operations.add_contact(company=company, name="Ben", now=now, is_billing_contact=True)

    with pytest.raises(StaleRevision):
        operations.change_contact(contact=ann, now=now, expected=1, is_billing_contact=True)

    assert str(queries.billing_contact(company)) == "Ben"


def test_only_the_billing_contact_makes_a_revision_of_the_company(business, now):
    company = business.company("Acme")
    ann = operations.add_contact(company=company, name="Ann", now=now, is_billing_contact=True)
    ben = operations.add_contact(company=company, name="Ben", now=now)

    operations.change_contact(contact=ben, now=now, email="ben@acme.example")
    operations.change_contact(contact=ann, now=now, name="Ann")
    assert Company.objects.get().revision == 2
    operations.change_contact(contact=ann, now=now, name="Anna")
    assert Company.objects.get().revision == 3
    operations.remove_contact(contact=ben, now=now)
    assert Company.objects.get().revision == 3
    operations.remove_contact(contact=ann, now=now)

    assert Company.objects.get().revision == 4
    assert not Contact.objects.exists()


def test_a_property_belongs_to_the_contractor_of_its_company(business, now):
    company = business.company("Acme")

    operations.create_property(company=company, name="Plant", now=now, city="Kyle")

    assert Property.objects.values_list("contractor", "company", "name", "city").get() == (
        business.contractor.pk,
        company.pk,
        "Plant",
        "Kyle",
    )


def test_a_property_moves_to_another_company_but_never_to_another_contractor(business, another_business, now):
    place, buyer = business.property(), business.company("Buyer")

    with pytest.raises(operations.OfAnotherContractor) as refused:
        operations.change_property(property=place, now=now, company=another_business.company())
    operations.change_property(property=place, now=now, company=buyer, tax_exempt=True)

    assert refused.value.sentence == "There is no such company here."
    assert Property.objects.values_list("company", "tax_exempt", "revision").get() == (buyer.pk, True, 2)


def test_a_property_that_is_given_up_is_no_longer_offered(business, now):
    kept, given_up = business.property(), business.property()

    operations.deactivate_property(property=given_up, now=now)

    assert list(queries.properties(business.contractor, only_active=True)) == [kept]


def test_a_search_finds_companies_by_name_identifier_mail_and_phone_of_this_contractor_only(
    business, another_business
):
    found = [
        business.company("Acme Storage"),
        business.company("B", external_identifier="acme"),
        business.company("C", email="ap@acme.example"),
    ]
    business.company("D")
    another_business.company("Acme elsewhere")

    assert list(queries.companies(business.contractor, search="acme")) == found


def test_the_lists_cost_the_same_queries_for_many_rows(business, now, django_assert_num_queries):
    for _ in range(5):
        place = business.property()
        operations.add_contact(company=place.company, name="Ann", now=now)

    with django_assert_num_queries(2):
        rows = [
            [str(one) for one in company.contacts.all()] for company in queries.companies(business.contractor)
        ]
    with django_assert_num_queries(1):
        owners = [place.company.name for place in queries.properties(business.contractor)]

    assert rows == [["Ann"]] * 5
    assert len(owners) == 5
