"""Projects: the contract, its change orders and what is billed of it."""

from decimal import Decimal

import pytest

from centerpoint.billing import operations as billing
from centerpoint.work import operations
from centerpoint.work.models import Project
from centerpoint.work.queries import project_stages


def page(answer):
    return answer.content.decode()


@pytest.mark.parametrize("tab", ["", "history/"])
def test_a_technician_reads_a_project_without_buttons(technician, business, tab):
    project = business.project()

    answer = technician.open(f"projects/{project.pk}/{tab}")

    assert answer.status_code == 200
    assert "<select" not in page(answer)
    assert "Add the change order" not in page(answer)


def test_a_project_is_opened_at_the_first_stage_with_its_contract(bookkeeper, business):
    place = business.property(business.company("Alder"), name="Warehouse")

    answer = bookkeeper.send(
        "projects/new/",
        property=place.pk,
        property_text="Warehouse",
        name="Reroof",
        original_contract_amount="50000",
        opened_on="2025-06-30",
    )

    project = Project.objects.get()
    assert answer.url == f"{bookkeeper.base}projects/{project.pk}/"
    assert (project.number, project.contract_amount, project.stage.position) == ("101", Decimal(50000), 1)


def test_what_is_wrong_is_said_beside_its_field_and_kept(bookkeeper, business):
    answer = bookkeeper.send(
        "projects/new/", name="Reroof", opened_on="2025-06-30", original_contract_amount="x"
    )

    assert set(answer.context["form"].errors) == {"property", "original_contract_amount"}
    assert 'value="Reroof"' in page(answer)


def test_a_schedule_that_ends_before_it_starts_is_refused_in_a_sentence(bookkeeper, business):
    project = business.project()

    answer = bookkeeper.send(
        f"projects/{project.pk}/edit/",
        property=project.property_id,
        name=project.name,
        original_contract_amount="10000.00",
        opened_on=project.opened_on.isoformat(),
        starts_on="2025-08-01",
        ends_on="2025-07-01",
        revision=project.revision,
    )

    assert "cannot end on 2025-07-01" in page(answer)


def test_of_two_who_edit_a_project_the_second_sees_the_first(bookkeeper, business, now):
    project = business.project(contract="10000.00")
    seen = project.revision
    operations.change_project(project=project, now=now, original_contract_amount=Decimal("12000.00"))

    answer = bookkeeper.send(
        f"projects/{project.pk}/edit/",
        property=project.property_id,
        property_text=project.property.name,
        name="Reroof and gutters",
        original_contract_amount="10000.00",
        opened_on=project.opened_on.isoformat(),
        revision=seen,
    )

    assert [(each.label, each.theirs, each.yours) for each in answer.context["form"].differences] == [
        ("Name", "Reroof", "Reroof and gutters"),
        ("Original contract amount", "12000.00", "10000.00"),
    ]


def test_the_page_tells_what_is_billed_of_the_contract(bookkeeper, business):
    project = business.project(contract="10000.00")
    business.project_invoice(project, billing.PercentOfContract(Decimal(40)))

    text = page(bookkeeper.open(f"projects/{project.pk}/"))

    assert "Billed $4,000.00 of $10,000.00" in text
    assert "$6,000.00" in text


def test_a_project_without_a_contract_amount_has_no_percent(bookkeeper, business):
    project = business.project(contract="0")

    assert bookkeeper.open(f"projects/{project.pk}/").status_code == 200
    assert bookkeeper.open("projects/").status_code == 200


def test_a_change_order_adds_to_the_contract(bookkeeper, business):
    project = business.project(contract="10000.00")

    bookkeeper.send(
        f"projects/{project.pk}/change-orders/",
        description="Extra insulation",
        amount="1500.50",
        agreed_on="2025-06-30",
    )

    project.refresh_from_db()
    assert project.contract_amount == Decimal("11500.50")


@pytest.mark.parametrize(
    ("amount", "problem"),
    [("", "This field is required."), ("-20000", "less than nothing")],
)
def test_a_change_order_that_cannot_be_is_said_and_kept(bookkeeper, business, amount, problem):
    project = business.project(contract="10000.00")

    answer = bookkeeper.send(
        f"projects/{project.pk}/change-orders/",
        description="Less work",
        amount=amount,
        agreed_on="2025-06-30",
    )

    assert answer.status_code == 422
    assert problem in page(answer)
    assert 'value="Less work"' in page(answer)
    assert "Billed $0.00 of $10,000.00" in page(answer)


def test_a_project_moves_to_any_stage_of_the_contractors_list(bookkeeper, business):
    project = business.project()
    finished = project_stages(business.contractor).get(name="Finished")

    bookkeeper.send(f"projects/{project.pk}/stage/", stage=finished.pk, revision=project.revision)

    project.refresh_from_db()
    assert project.stage == finished
    assert project.finished_on is not None


def test_another_contractors_stage_is_not_there(bookkeeper, business, another_business):
    theirs = another_business.project().stage

    answer = bookkeeper.send(f"projects/{business.project().pk}/stage/", stage=theirs.pk)

    assert answer.status_code == 404


def test_another_company_is_billed(bookkeeper, business):
    project, payer = business.project(), business.company("Insurance")

    bookkeeper.send(f"projects/{project.pk}/bill-to/", bill_to=payer.pk, revision=project.revision)

    project.refresh_from_db()
    assert project.bill_to == payer


def test_every_way_to_bill_the_contract_is_offered(bookkeeper, business):
    text = page(bookkeeper.open(f"projects/{business.project().pk}/"))

    for basis in ("deposit", "percent", "amount", "final"):
        assert f"?basis={basis}" in text


def test_the_list_adds_up_all_contracts_and_what_is_billed_of_them(bookkeeper, business):
    billed = business.project(contract="10000.00")
    business.project_invoice(billed, billing.Deposit(percent=Decimal(10)))
    business.project(contract="5000.00")

    answer = bookkeeper.open("projects/")

    together = answer.context["together"]
    assert (together.contract_amount, together.billed) == (Decimal("15000.00"), Decimal("1000.00"))


def test_presets_count_every_stage_and_narrow_the_list(bookkeeper, business, now, today):
    stays, moved = business.project(), business.project()
    awarded = project_stages(business.contractor).get(name="Awarded")
    operations.move_project(project=moved, stage=awarded, on=today, now=now)

    answer = bookkeeper.open("projects/", stage=awarded.pk)

    assert answer.context["listing"].rows == [moved]
    assert dict(answer.context["presets"])[stays.stage] == 1


@pytest.mark.parametrize("path", ["new/", "{}/edit/", "{}/bill-to/"])
def test_a_technician_may_not_write(technician, business, path):
    project = business.project()

    assert technician.open(f"projects/{path.format(project.pk)}").status_code == 403
    assert technician.send(f"projects/{project.pk}/stage/").status_code == 403
    assert technician.send(f"projects/{project.pk}/change-orders/").status_code == 403


@pytest.mark.parametrize("path", ["", "edit/", "bill-to/", "history/"])
def test_another_contractors_project_is_not_there(bookkeeper, another_business, path):
    assert bookkeeper.open(f"projects/{another_business.project().pk}/{path}").status_code == 404


def test_the_list_costs_the_same_for_many_rows(bookkeeper, business, django_assert_max_num_queries):
    for _ in range(60):
        business.project()

    with django_assert_max_num_queries(12):
        assert len(bookkeeper.open("projects/").context["listing"].rows) == 50
