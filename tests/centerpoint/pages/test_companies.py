"""Companies and their contacts, as the office works with them."""

from decimal import Decimal

import pytest

from centerpoint.companies import operations
from centerpoint.companies.models import Company, Contact
from centerpoint.contractors.queries import changes


def page(answer):
    return answer.content.decode()


def names(answer):
    return [company.name for company in answer.context["listing"].rows]


def contact_of(company, now, **fields):
    return operations.add_contact(company=company, now=now, **{"name": "Ann Lee", **fields})


@pytest.mark.parametrize("tab", ["", "properties/", "work/", "invoices/", "payments/", "history/"])
def test_every_tab_of_a_company_opens_for_a_technician_without_buttons(technician, business, tab):
    company = business.company("Alder")
    business.invoice(business.ticket(company))
    business.project(company)

    answer = technician.open(f"companies/{company.pk}/{tab}")

    assert answer.status_code == 200
    assert answer.context["tabs"][0].is_here == (tab == "")
    assert "companies/new" not in page(answer)
    assert f"companies/{company.pk}/edit/" not in page(answer)


def test_the_list_shows_what_companies_owe_and_sorts_by_it(bookkeeper, business):
    for name, amount in (("Alder", "10.00"), ("Birch", "30.50"), ("Cedar", "20.00")):
        business.invoice(business.ticket(business.company(name)), amount)

    answer = bookkeeper.open("companies/", sort="-owed")

    assert names(answer) == ["Birch", "Cedar", "Alder"]
    assert answer.context["owed"] == Decimal("60.50")
    assert "$30.50" in page(answer)


@pytest.mark.parametrize(("sort", "owing"), [("owed", ["Alder", "Birch"]), ("-owed", ["Birch", "Alder"])])
def test_who_owes_nothing_comes_last_whichever_way_the_list_is_sorted(bookkeeper, business, sort, owing):
    quiet = [business.company(f"Quiet {number:02}").name for number in range(60)]
    for name, amount in (("Alder", "10.00"), ("Birch", "30.50")):
        business.invoice(business.ticket(business.company(name)), amount)

    first, second = (names(bookkeeper.open("companies/", sort=sort, page=number)) for number in (1, 2))

    assert len(first) == 50
    last = quiet if sort == "owed" else list(reversed(quiet))
    assert first + second == owing + last


def test_who_is_not_active_owes_only_in_the_list_of_all(bookkeeper, business, now):
    business.invoice(business.ticket(business.company("Alder")), "10.00")
    gone = business.company("Birch")
    business.invoice(business.ticket(gone), "30.50")
    operations.deactivate_company(company=gone, now=now)

    assert bookkeeper.open("companies/").context["owed"] == Decimal("10.00")
    assert bookkeeper.open("companies/", show="all").context["owed"] == Decimal("40.50")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Hold", "Owing", "Quiet"]),
        ({"show": "all"}, ["Gone", "Hold", "Owing", "Quiet"]),
        ({"only": "owing"}, ["Owing"]),
        ({"only": "hold"}, ["Hold"]),
    ],
)
def test_the_list_can_be_narrowed(bookkeeper, business, query, expected):
    business.company("Gone", is_active=False)
    business.company("Hold", credit_hold=True)
    business.invoice(business.ticket(business.company("Owing")))
    business.company("Quiet")

    assert names(bookkeeper.open("companies/", **query)) == expected


def test_a_company_is_created_with_what_was_typed(bookkeeper, business):
    answer = bookkeeper.send(
        "companies/new/", name="Alder", billing_city="Austin", needs_purchase_order="on", email="a@b.com"
    )

    company = Company.objects.get()
    assert answer.url == f"{bookkeeper.base}companies/{company.pk}/"
    assert (company.name, company.billing_city, company.needs_purchase_order) == ("Alder", "Austin", True)
    assert [(change.did, change.who) for change in changes(business.contractor, company)] == [
        ("Created", "The bookkeeper")
    ]


def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(bookkeeper, business):
    answer = bookkeeper.send("companies/new/", name="", email="nobody", billing_city="Austin")

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "email"}
    assert 'value="Austin"' in page(answer)


def test_an_odd_address_that_was_there_before_does_not_stop_another_change(bookkeeper, business):
    company = business.company("Alder", email="a@b.com; c@d.com")

    bookkeeper.send(
        f"companies/{company.pk}/edit/",
        name="Alder",
        email="a@b.com; c@d.com",
        phone="555",
        revision=company.revision,
    )

    company.refresh_from_db()
    assert company.phone == "555"


def test_an_external_identifier_that_is_taken_is_refused_in_a_sentence(bookkeeper, business):
    business.company("Alder", external_identifier="A-1")

    answer = bookkeeper.send("companies/new/", name="Birch", external_identifier="A-1")

    assert "The external identifier A-1 already belongs to Alder." in page(answer)


def test_of_two_who_edit_a_company_the_second_is_shown_what_the_first_saved(bookkeeper, business, now):
    company = business.company("Alder", phone="1", billing_city="Austin")
    seen = company.revision
    operations.change_company(company=company, now=now, phone="2")

    typed = {"name": "Alder", "phone": "3", "billing_city": "Austin"}
    answer = bookkeeper.send(f"companies/{company.pk}/edit/", **typed, revision=seen)

    shown = [(each.label, each.theirs, each.yours) for each in answer.context["form"].differences]
    assert (answer.status_code, shown) == (422, [("Phone", "2", "3")])
    company.refresh_from_db()
    assert company.phone == "2"
    knowingly = answer.context["form"]["revision"].value()
    bookkeeper.send(f"companies/{company.pk}/edit/", **typed, revision=knowingly)
    company.refresh_from_db()
    assert company.phone == "3"


def test_a_company_is_deactivated_and_taken_back(bookkeeper, business):
    company = business.company()

    bookkeeper.send(f"companies/{company.pk}/active/", active="no")
    company.refresh_from_db()
    assert not company.is_active
    bookkeeper.send(f"companies/{company.pk}/active/", active="yes")
    company.refresh_from_db()
    assert company.is_active


def test_what_one_must_know_before_billing_stands_on_top(bookkeeper, business):
    company = business.company(
        credit_hold=True, needs_purchase_order=True, tax_exempt=True, tax_exempt_reason="Church"
    )

    text = page(bookkeeper.open(f"companies/{company.pk}/"))

    for warning in ("Credit hold.", "Needs a PO.", "No sales tax is charged: Church."):
        assert warning in text


def test_contacts_are_added_changed_and_removed_on_the_page(bookkeeper, business):
    company = business.company()
    base = f"companies/{company.pk}/contacts/"

    bookkeeper.send(f"{base}new/", name="Ann Lee", is_billing_contact="on")
    ann = Contact.objects.get()
    bookkeeper.send(f"{base}{ann.pk}/", name="Ann Lee", phone="555-0100", is_billing_contact="on")
    ann.refresh_from_db()
    assert (ann.name, ann.phone, ann.is_billing_contact) == ("Ann Lee", "555-0100", True)
    bookkeeper.send(f"{base}{ann.pk}/remove/")

    assert not Contact.objects.exists()
    assert [change.did for change in changes(business.contractor, company)] == [
        "Contact Ann Lee removed",
        "Contact Ann Lee changed",
        "Billing contact Ann Lee added",
        "Created",
    ]


def test_the_second_of_two_who_change_a_contact_is_shown_what_the_first_saved(bookkeeper, business, now):
    company = business.company()
    contact = contact_of(company, now, phone="555-0100")
    path = f"companies/{company.pk}/contacts/{contact.pk}/"
    bookkeeper.send(path, revision=1, name="Ann Lee", phone="555-0111")

    answer = bookkeeper.send(path, revision=1, name="Ann Lee", phone="555-0122")

    assert answer.status_code == 422
    assert [(one.label, one.theirs, one.yours) for one in answer.context["contact_form"].differences] == [
        ("Phone", "555-0111", "555-0122")
    ]
    contact.refresh_from_db()
    assert contact.phone == "555-0111"

    bookkeeper.send(path, revision=2, name="Ann Lee", phone="555-0122")

    contact.refresh_from_db()
    assert (contact.phone, contact.revision) == ("555-0122", 3)


def test_a_contact_that_somebody_changed_meanwhile_is_not_removed_unseen(bookkeeper, business, now):
    company = business.company()
    contact = contact_of(company, now, phone="555-0100")
    path = f"{bookkeeper.base}companies/{company.pk}/contacts/{contact.pk}/"
    bookkeeper.post(path, {"revision": 1, "name": "Ann Lee", "phone": "555-0111"})

    answer = bookkeeper.post(f"{path}remove/", {"revision": 1, "name": "Ann Lee"}, follow=True)

    assert "was changed by somebody else" in page(answer)
    assert "555-0111" in page(answer)
    assert Contact.objects.exists()

    bookkeeper.post(f"{path}remove/", {"revision": 2, "name": "Ann Lee"})

    assert not Contact.objects.exists()


def test_a_contact_without_a_name_is_kept_in_its_form(bookkeeper, business, now):
    company = business.company()

    answer = bookkeeper.send(f"companies/{company.pk}/contacts/new/", name="", position="Manager")

    assert answer.status_code == 422
    assert 'value="Manager"' in page(answer)


@pytest.mark.parametrize(
    "path", ["new/", "{}/edit/", "{}/contacts/new/", "{}/active/", "{}/contacts/{}/remove/"]
)
def test_a_technician_may_not_write(technician, business, now, path):
    company = business.company()
    contact = contact_of(company, now)

    answer = technician.send(f"companies/{path.format(company.pk, contact.pk)}", name="Other")

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["", "edit/", "work/", "contacts/new/"])
def test_another_contractors_company_is_not_there(bookkeeper, another_business, path):
    assert bookkeeper.open(f"companies/{another_business.company().pk}/{path}").status_code == 404


def test_another_companys_contact_is_not_there(bookkeeper, business, now):
    contact = contact_of(business.company(), now)

    assert bookkeeper.open(f"companies/{business.company().pk}/contacts/{contact.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["", "{}/", "{}/work/", "{}/invoices/", "{}/payments/"])
def test_pages_cost_the_same_for_many_records(bookkeeper, business, django_assert_max_num_queries, path):
    company = business.company()
    for _ in range(12):
        business.company()
        business.invoice(business.ticket(company))
        business.project(company)

    with django_assert_max_num_queries(14):
        assert bookkeeper.open(f"companies/{path.format(company.pk)}").status_code == 200
