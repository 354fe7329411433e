import datetime as dt
from decimal import Decimal

import pytest

from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.work import operations, queries
from centerpoint.work.models import ChangeOrder, Project, ProjectStage


def test_a_project_starts_at_the_first_stage_with_its_contract_and_the_next_number(business):
    project = business.project(contract="84300.50", name="Reroof")

    assert (project.number, project.stage.name, project.contract_amount, str(project)) == (
        "101",
        "Estimating",
        Decimal("84300.50"),
        "Project 101 Reroof",
    )
    assert business.project().number == "102"


def test_a_project_number_in_use_is_refused(business):
    business.project(number="A-1")

    with pytest.raises(operations.NumberTaken) as refused:
        business.project(number="A-1")

    assert refused.value.sentence == (
        "There is already a project A-1; leave the number empty for the next free one."
    )


def test_change_orders_are_numbered_and_kept_in_the_contract_amount(business, now, today):
    project = business.project(contract="10000.00")

    for amount in ("1500.25", "-300.00"):
        operations.add_change_order(
            project=project, description="Decking", amount=Decimal(amount), agreed_on=today, now=now
        )

    assert list(ChangeOrder.objects.values_list("number", "amount")) == [
        (1, Decimal("1500.25")),
        (2, Decimal("-300.00")),
    ]
    assert Project.objects.values_list("original_contract_amount", "contract_amount", "revision").get() == (
        Decimal("10000.00"),
        Decimal("11200.25"),
        3,
    )


def test_another_original_amount_keeps_the_change_orders(business, now, today):
    project = business.project(contract="10000.00")
    operations.add_change_order(
        project=project, description="Drains", amount=Decimal("500.00"), agreed_on=today, now=now
    )

    operations.change_project(project=project, now=now, original_contract_amount=Decimal("9000.00"))

    assert project.contract_amount == Decimal("9500.00")


def test_a_contract_never_falls_below_zero(business, now, today):
    project = business.project(contract="100.00")

    with pytest.raises(operations.ContractBelowZero) as refused:
        operations.add_change_order(
            project=project, description="Less", amount=Decimal("-100.01"), agreed_on=today, now=now
        )

    assert refused.value.sentence == (
        "This would leave Project 101 Reroof with a contract of -$0.01, less than nothing."
    )
    assert not ChangeOrder.objects.exists()


def test_a_change_order_on_an_old_view_of_the_project_is_refused(business, now, today):
    project = business.project()
    operations.change_project(project=project, now=now, description="x")

    with pytest.raises(StaleRevision):
        operations.add_change_order(
            project=project, description="a", amount=Decimal(1), agreed_on=today, now=now, expected=1
        )


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"contract": "-1.00"}, operations.NegativeAmount),
        (
            {"starts_on": dt.date(2025, 5, 2), "ends_on": dt.date(2025, 5, 1)},
            operations.EndsBeforeItStarts,
        ),
    ],
)
def test_a_project_that_cannot_be_is_refused_and_uses_up_no_number(business, fields, refusal):
    with pytest.raises(refusal):
        business.project(**fields)

    assert business.project().number == "101"


def test_a_new_start_after_the_end_is_refused(business, now):
    project = business.project(ends_on=dt.date(2025, 5, 1))

    with pytest.raises(operations.EndsBeforeItStarts):
        operations.change_project(project=project, now=now, starts_on=dt.date(2025, 5, 2))


def stage(business, name):
    return ProjectStage.objects.get(contractor=business.contractor, name=name)


def test_a_finished_project_keeps_the_day_until_it_is_taken_up_again(business, now, today):
    project = business.project()

    operations.move_project(project=project, stage=stage(business, "Finished"), on=today, now=now)
    assert project.finished_on == today
    operations.move_project(project=project, stage=stage(business, "Punch list"), on=today, now=now)

    assert (project.stage.name, project.finished_on, project.revision) == ("Punch list", None, 3)


def test_a_stage_of_another_contractor_is_refused(business, another_business, now, today):
    project = business.project()
    another_business.project()

    with pytest.raises(OfAnotherContractor):
        operations.move_project(project=project, stage=stage(another_business, "Finished"), on=today, now=now)
    with pytest.raises(OfAnotherContractor):
        business.project(stage=stage(another_business, "Finished"))


def test_a_contractor_keeps_its_own_list_of_stages(business):
    project = business.project()
    waiting = operations.add_project_stage(
        contractor=business.contractor, name="Waiting for permit", progress=ProjectStage.Progress.AWARDED
    )
    operations.rename_project_stage(stage=waiting, name="Permit")

    with pytest.raises(operations.StageNameTaken):
        operations.rename_project_stage(stage=waiting, name="Finished")
    with pytest.raises(operations.StageNameTaken):
        operations.add_project_stage(
            contractor=business.contractor, name="Permit", progress=ProjectStage.Progress.AWARDED
        )
    with pytest.raises(operations.StageInUse) as refused:
        operations.remove_project_stage(stage=project.stage)
    operations.remove_project_stage(stage=stage(business, "Not awarded"))

    assert refused.value.sentence == "1 project is at the stage Estimating; move that first."
    assert [one.name for one in queries.project_stages(business.contractor)] == [
        "Estimating",
        "Proposal sent",
        "Awarded",
        "Scheduled",
        "In progress",
        "Punch list",
        "Finished",
        "Permit",
    ]


def test_the_project_list_costs_two_queries_for_many_rows(business, now, today, django_assert_num_queries):
    for _ in range(4):
        operations.add_change_order(
            project=business.project(), description="a", amount=Decimal(1), agreed_on=today, now=now
        )

    with django_assert_num_queries(2):
        rows = [
            (p.stage.name, p.property.name, p.bill_to.name, len(p.change_orders.all()))
            for p in queries.projects(business.contractor)
        ]

    assert [row[3] for row in rows] == [1, 1, 1, 1]
