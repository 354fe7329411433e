"""Company settings: the contractor's own facts, numbers, stages and tax codes."""

import pytest

from centerpoint.billing.models import TaxCode
from centerpoint.contractors.queries import changes
from centerpoint.work.models import ProjectStage
from centerpoint.work.operations import create_project_stages


def company(**changed):
    return {"name": "Acme Roofing", "time_zone": "America/Chicago", **changed}


def names(business):
    return list(ProjectStage.objects.filter(contractor=business.contractor).values_list("name", flat=True))


@pytest.fixture
def stages(business):
    create_project_stages(contractor=business.contractor)
    return list(ProjectStage.objects.filter(contractor=business.contractor))


def test_an_owner_changes_the_address_and_it_is_told(owner, business):
    owner.send("settings/", **company(city="Austin"))

    business.contractor.refresh_from_db()
    assert business.contractor.city == "Austin"
    assert ["City", "", "Austin"] in changes(business.contractor, business.contractor)[0].differences


def test_a_name_that_another_contractor_has_is_refused_and_what_was_typed_stays(owner, another_business):
    answer = owner.send("settings/", **company(name="Better Roofs", city="Austin"))

    assert answer.status_code == 422
    assert "already a contractor named Better Roofs" in answer.content.decode()
    assert 'value="Austin"' in answer.content.decode()


def test_a_bookkeeper_reads_the_settings_and_changes_none(bookkeeper, business):
    assert bookkeeper.open("settings/").status_code == 200
    assert bookkeeper.send("settings/", **company(city="Austin")).status_code == 403


def test_terms_and_numbers_of_new_invoices_are_set(owner, business):
    owner.send(
        "settings/invoices/",
        payment_terms="Net 15",
        payment_days="15",
        tax_percent="6.25",
        invoice_note="Thank you.",
        next_ticket_number="5000",
        next_project_number="700",
    )

    business.contractor.refresh_from_db()
    assert business.contractor.payment_terms == "Net 15"
    assert business.ticket().number == "5000"


def test_a_stage_is_added_moved_renamed_and_removed(owner, business, stages):
    first, second = stages[:2]

    owner.send("settings/stages/", name="Warranty", progress="closed")
    owner.send(f"settings/stages/{second.pk}/", do="up")
    owner.send(f"settings/stages/{first.pk}/", do="rename", name="Measuring")
    owner.send(f"settings/stages/{stages[2].pk}/", do="remove")

    assert names(business)[:3] == [second.name, "Measuring", stages[3].name]
    assert names(business)[-1] == "Warranty"


def test_a_stage_with_projects_is_not_removed(owner, business):
    stage = business.project().stage

    answer = owner.post(f"{owner.base}settings/stages/{stage.pk}/", {"do": "remove"}, follow=True)

    assert "1 project is at the stage" in answer.content.decode()


def test_a_tax_code_is_added_and_taken_out_of_use(bookkeeper, business):
    bookkeeper.send("settings/tax-codes/", title="Austin sales tax", code="AUS", percent="8.25")
    austin = TaxCode.objects.get(code="AUS")

    bookkeeper.send(f"settings/tax-codes/{austin.pk}/", title="Austin", code="AUS", percent="8.25")

    austin.refresh_from_db()
    assert (austin.title, austin.is_active) == ("Austin", False)


def test_a_code_twice_is_refused(bookkeeper, business):
    business.tax_code("AUS", "8.25")

    answer = bookkeeper.send("settings/tax-codes/", title="Another", code="AUS", percent="1")

    assert "There is already a tax code AUS." in answer.content.decode()


def test_the_stages_and_taxes_of_another_contractor_are_not_there(owner, another_business):
    stage = create_project_stages(contractor=another_business.contractor)[0]
    tax = another_business.tax_code("AUS", "8.25")

    assert owner.send(f"settings/stages/{stage.pk}/", do="remove").status_code == 404
    assert owner.open(f"settings/tax-codes/{tax.pk}/").status_code == 404
