import datetime as dt
from decimal import Decimal

import pytest

from centerpoint.companies import operations as companies
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors.fields import FieldsRefused
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.work import operations, queries
from centerpoint.work.models import ServiceTicket, Stage


def test_tickets_are_numbered_one_after_the_other_for_each_contractor(business, another_business):
    assert [business.ticket().number for _ in range(3)] == ["1001", "1002", "1003"]
    assert another_business.ticket().number == "1001"


def test_a_number_given_by_hand_is_kept_and_stepped_over_later(business):
    assert business.ticket(number="1002").number == "1002"

    assert [business.ticket().number for _ in range(2)] == ["1001", "1003"]


def test_a_default_number_is_never_used_again(business):
    business.ticket().delete()

    assert business.ticket().number == "1002"


def test_a_number_in_use_is_refused(business):
    business.ticket(number="77")

    with pytest.raises(operations.NumberTaken) as refused:
        business.ticket(number=" 77 ")

    assert refused.value.sentence == (
        "There is already a service ticket 77; leave the number empty for the next free one."
    )


def test_tickets_opened_at_the_same_moment_get_numbers_of_their_own(at_once, business, now, today):
    place = business.property()

    def open_five():
        for _ in range(5):
            operations.create_ticket(property=place, opened_on=today, now=now)

    numbers = []
    at_once([open_five] * 4)
    at_once([lambda: numbers.extend(ServiceTicket.objects.values_list("number", flat=True))])

    assert sorted(numbers) == [str(number) for number in range(1001, 1021)]


def test_a_ticket_is_billed_to_the_propertys_company_unless_another_is_named(business):
    place, insurer = business.property(), business.company("Insurer")

    assert business.ticket(property=place).bill_to == place.company
    assert business.ticket(property=place, bill_to=insurer).bill_to == insurer


def test_another_contractors_company_is_never_billed(business, another_business):
    with pytest.raises(OfAnotherContractor):
        business.ticket(bill_to=another_business.company())


def test_a_company_that_is_not_active_gets_no_new_work(business, now):
    company = business.company("Gone")
    place = business.property(company)
    companies.deactivate_company(company=company, now=now)

    with pytest.raises(operations.CompanyInactive) as refused:
        business.ticket(property=place)

    assert refused.value.sentence == "Gone is not active; reactivate it or bill another company."


def test_a_purchase_order_number_longer_than_50_characters_is_refused(business):
    with pytest.raises(FieldsRefused):
        business.ticket(purchase_order="9" * 51)

    assert not ServiceTicket.objects.exists()


def test_a_refused_ticket_uses_up_no_number(business):
    with pytest.raises(FieldsRefused):
        business.ticket(labor_rate=Decimal("1.234"))

    assert Contractor.objects.get().next_ticket_number == 1001


def test_a_changed_ticket_is_its_next_revision(business, now):
    ticket, place = business.ticket(), business.property()

    operations.change_ticket(ticket=ticket, now=now, expected=1, description="Leak", property=place)

    assert ServiceTicket.objects.values_list("description", "property", "revision").get() == (
        "Leak",
        place.pk,
        2,
    )


def test_a_change_of_a_ticket_somebody_else_changed_is_refused(business, now):
    ticket = business.ticket()
    operations.change_ticket(ticket=ServiceTicket.objects.get(), now=now, notes="x")

    with pytest.raises(StaleRevision):
        operations.change_ticket(ticket=ticket, now=now, expected=1, notes="y")


def test_a_ticket_never_moves_to_another_contractors_property(business, another_business, now):
    ticket = business.ticket()

    with pytest.raises(OfAnotherContractor):
        operations.change_ticket(ticket=ticket, now=now, property=another_business.property())


def test_the_day_the_work_was_completed_is_kept(business, now, today):
    ticket = business.ticket()
    next_day = today + dt.timedelta(days=1)

    operations.move_ticket(ticket=ticket, stage=Stage.COMPLETED, on=today, now=now)
    operations.move_ticket(ticket=ticket, stage=Stage.AUTHORIZED, on=next_day, now=now)

    assert (ticket.stage, ticket.completed_on, ticket.revision) == (Stage.AUTHORIZED, today, 3)


def test_work_that_goes_on_was_not_completed(business, now, today):
    ticket = business.ticket()
    operations.move_ticket(ticket=ticket, stage=Stage.COMPLETED, on=today, now=now)

    operations.move_ticket(ticket=ticket, stage=Stage.IN_PROGRESS, on=today, now=now)

    assert (ticket.stage, ticket.completed_on) == (Stage.IN_PROGRESS, None)


def test_moving_to_the_same_stage_changes_nothing(business, now, today):
    ticket = business.ticket()

    operations.move_ticket(ticket=ticket, stage=Stage.NEW, on=today, now=now)

    assert ticket.revision == 1


@pytest.mark.parametrize(
    ("stage", "wanted", "reason"),
    [
        (Stage.NEW, Stage.INVOICED, "issuing its invoice does that"),
        (Stage.CLOSED, Stage.NEW, "a closed ticket stays closed; open a new one"),
        (Stage.INVOICED, Stage.NEW, "it is invoiced; void the invoice first"),
    ],
)
def test_a_move_out_of_order_is_refused_with_the_reason(business, now, today, stage, wanted, reason):
    ticket = business.ticket()
    if stage is Stage.INVOICED:
        operations.mark_invoiced(ticket=ticket, on=today, now=now)
    else:
        operations.move_ticket(ticket=ticket, stage=stage, on=today, now=now)

    with pytest.raises(operations.MoveOutOfOrder) as refused:
        operations.move_ticket(ticket=ticket, stage=wanted, on=today, now=now)

    assert refused.value.sentence == f"Service ticket 1001 cannot be moved to “{wanted.label}”: {reason}."


def test_tickets_are_found_by_number_text_and_people_of_this_contractor_only(business, another_business):
    leak = business.ticket(description="Leak at the wall")
    of_church = business.ticket(business.company("Leakway Church"))
    business.ticket(description="Gutter")
    another_business.ticket(description="Leak elsewhere")

    assert list(queries.tickets(business.contractor, search="leak")) == [of_church, leak]
    assert list(queries.tickets(business.contractor, search="1001")) == [leak]


def test_tickets_are_counted_by_stage(business, now, today):
    business.ticket()
    operations.move_ticket(ticket=business.ticket(), stage=Stage.COMPLETED, on=today, now=now)

    counted = queries.tickets_by_stage(business.contractor)

    assert {stage: count for stage, count in counted.items() if count} == {Stage.NEW: 1, Stage.COMPLETED: 1}
    assert list(counted) == list(Stage)


def test_the_ticket_list_costs_one_query_for_many_rows(business, django_assert_num_queries):
    for _ in range(5):
        business.ticket()

    with django_assert_num_queries(1):
        rows = [(t.property.name, t.bill_to.name) for t in queries.tickets(business.contractor)]

    assert len(rows) == 5
