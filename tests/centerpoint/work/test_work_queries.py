"""Lists of tickets and projects."""

from centerpoint.work import operations, queries
from centerpoint.work.models import Stage


def test_work_of_a_company_is_what_it_pays_and_what_is_done_at_its_properties(business):
    owner, payer = business.company("Owner"), business.company("Payer")
    at_theirs = business.ticket(owner, bill_to=payer)
    own = business.ticket(payer)
    business.ticket()
    reroof = business.project(owner, bill_to=payer)
    business.project()

    assert set(queries.tickets(business.contractor, company=payer)) == {at_theirs, own}
    assert set(queries.tickets(business.contractor, company=owner)) == {at_theirs}
    assert set(queries.projects(business.contractor, company=owner)) == {reroof}


def test_tickets_are_found_by_place_and_type_and_count_as_people_do(business):
    place = business.property()
    for number in ("1001", "99"):
        business.ticket(property=place, number=number, service_type="Leak")
    business.ticket(property=place, service_type="Warranty")
    business.ticket(service_type="Leak")

    leaks = queries.tickets(business.contractor, place=place, service_type="Leak")

    assert [each.number for each in leaks.order_by("number_length", "number")] == ["99", "1001"]
    assert queries.service_types(business.contractor) == ["Leak", "Warranty"]


def test_every_project_stage_is_counted_in_its_order(business, now, today):
    first, second, *rest = operations.create_project_stages(contractor=business.contractor)
    operations.move_project(project=business.project(), stage=second, on=today, now=now)
    business.project()
    business.project()

    assert queries.projects_by_stage(business.contractor) == [
        (first, 2),
        (second, 1),
        *((stage, 0) for stage in rest),
    ]


def test_tickets_are_counted_by_stage(business, now, today):
    operations.move_ticket(ticket=business.ticket(), stage=Stage.SCHEDULED, on=today, now=now)

    counted = queries.tickets_by_stage(business.contractor)

    assert (counted[Stage.SCHEDULED], counted[Stage.NEW]) == (1, 0)
