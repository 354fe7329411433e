"""Service tickets, from the call to the invoice."""

import datetime as dt
from decimal import Decimal

import pytest

from centerpoint.work import operations
from centerpoint.work.models import ServiceTicket, Stage


def page(answer):
    return answer.content.decode()


def said(answer):
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize("tab", ["", "history/"])
def test_a_technician_reads_a_ticket_and_moves_nothing(technician, business, tab):
    ticket = business.ticket()

    answer = technician.open(f"tickets/{ticket.pk}/{tab}")

    assert answer.status_code == 200
    assert "Move to" not in page(answer)
    assert technician.send(f"tickets/{ticket.pk}/stage/", stage="accepted").status_code == 403


def test_a_ticket_gets_the_next_number_and_bills_the_propertys_company(bookkeeper, business):
    place = business.property(business.company("Alder"), name="Warehouse")

    answer = bookkeeper.send(
        "tickets/new/",
        property=place.pk,
        property_text="Warehouse",
        description="Leak above dock 3",
        not_to_exceed="750",
        opened_on="2025-06-30",
    )

    ticket = ServiceTicket.objects.get()
    assert answer.url == f"{bookkeeper.base}tickets/{ticket.pk}/"
    assert (ticket.number, ticket.bill_to.name, ticket.not_to_exceed) == ("1001", "Alder", Decimal("750.00"))


def test_a_ticket_may_be_billed_to_any_company(bookkeeper, business):
    place, payer = business.property(name="Warehouse"), business.company("Insurance")

    bookkeeper.send(
        "tickets/new/", property=place.pk, bill_to=payer.pk, bill_to_text="Insurance", opened_on="2025-06-30"
    )

    assert ServiceTicket.objects.get().bill_to == payer


def test_who_comes_from_a_property_finds_it_and_its_company_filled_in(bookkeeper, business):
    place = business.property(business.company("Alder"), name="Warehouse")

    text = page(bookkeeper.open("tickets/new/", property=place.pk))

    assert 'value="Warehouse"' in text
    assert 'value="Alder"' in text


@pytest.mark.parametrize(
    ("field", "value"),
    [("property_text", "Nowhere"), ("not_to_exceed", "-1"), ("labor_rate", "a lot"), ("opened_on", "")],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(bookkeeper, business, field, value):
    business.property(name="Warehouse")
    typed = {"property_text": "Warehouse", "opened_on": "2025-06-30", "description": "Leak", field: value}

    answer = bookkeeper.send("tickets/new/", **typed)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field.removesuffix("_text")}
    assert "Leak" in page(answer)
    assert not ServiceTicket.objects.exists()


def test_a_number_that_is_taken_is_refused_in_a_sentence(bookkeeper, business):
    ticket = business.ticket()

    answer = bookkeeper.send(
        "tickets/new/", property=ticket.property_id, number=ticket.number, opened_on="2025-06-30"
    )

    assert f"There is already a service ticket {ticket.number}" in page(answer)


def test_of_two_who_edit_a_ticket_the_second_sees_the_first_and_loses_nothing(bookkeeper, business, now):
    ticket = business.ticket(notes="Bring a ladder", labor_rate=Decimal("95.00"))
    seen = ticket.revision
    operations.change_ticket(ticket=ticket, now=now, notes="Bring two ladders", labor_rate=Decimal("99.00"))

    answer = bookkeeper.send(
        f"tickets/{ticket.pk}/edit/",
        property=ticket.property_id,
        property_text=ticket.property.name,
        opened_on=ticket.opened_on.isoformat(),
        notes="Dog in the yard",
        labor_rate="95.00",
        revision=seen,
    )

    assert [(each.label, each.theirs, each.yours) for each in answer.context["form"].differences] == [
        ("Labor rate per hour", "99.00", "95.00"),
        ("Notes", "Bring two ladders", "Dog in the yard"),
    ]
    assert "Dog in the yard" in page(answer)
    ticket.refresh_from_db()
    assert ticket.notes == "Bring two ladders"


def test_an_edit_changes_only_what_was_touched(bookkeeper, business):
    ticket = business.ticket(description="Leak", labor_rate=Decimal("95.00"))

    bookkeeper.send(
        f"tickets/{ticket.pk}/edit/",
        property=ticket.property_id,
        property_text=ticket.property.name,
        opened_on=ticket.opened_on.isoformat(),
        description="Leak",
        labor_rate="95.00",
        scheduled_for="2025-07-02",
        revision=ticket.revision,
    )

    ticket.refresh_from_db()
    assert (ticket.scheduled_for, ticket.revision) == (dt.date(2025, 7, 2), 2)


def test_a_click_on_the_strip_moves_the_ticket(bookkeeper, business):
    ticket = business.ticket()

    answer = bookkeeper.post(
        f"{bookkeeper.base}tickets/{ticket.pk}/stage/", {"stage": "scheduled"}, follow=True
    )

    assert said(answer) == ["Service ticket 1001 is now at “Scheduled”."]
    steps = [(step.standing, step.may_move) for step in answer.context["steps"]]
    assert steps == [
        ("done", True),
        ("done", True),
        ("here", False),
        ("ahead", True),
        ("ahead", True),
        ("ahead", True),
        ("ahead", True),
        ("ahead", False),
        ("ahead", True),
    ]


def test_a_ticket_closed_without_an_invoice_is_not_shown_as_invoiced(bookkeeper, business, now, today):
    unbilled, billed = business.ticket(), business.ticket()
    business.invoice(billed)
    for ticket in (unbilled, billed):
        operations.move_ticket(ticket=ticket, stage=Stage.CLOSED, on=today, now=now)

    def invoiced(ticket):
        steps = bookkeeper.open(f"tickets/{ticket.pk}/").context["steps"]
        return next(step.standing for step in steps if step.stage is Stage.INVOICED)

    assert (invoiced(unbilled), invoiced(billed)) == ("skipped", "done")


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        ("invoiced", "issuing its invoice does that"),
        ("nowhere", "There is no such stage."),
    ],
)
def test_a_move_that_cannot_be_is_explained(bookkeeper, business, stage, sentence):
    ticket = business.ticket()

    answer = bookkeeper.post(f"{bookkeeper.base}tickets/{ticket.pk}/stage/", {"stage": stage}, follow=True)

    assert sentence in said(answer)[0]
    ticket.refresh_from_db()
    assert ticket.stage == Stage.NEW


def test_a_move_from_a_page_that_is_out_of_date_is_refused(bookkeeper, business, now):
    ticket = business.ticket()
    seen = ticket.revision
    operations.change_ticket(ticket=ticket, now=now, notes="Changed meanwhile")

    bookkeeper.send(f"tickets/{ticket.pk}/stage/", stage="closed", revision=seen)

    ticket.refresh_from_db()
    assert ticket.stage == Stage.NEW


def test_another_company_is_billed_until_the_ticket_is_invoiced(bookkeeper, business):
    ticket, payer = business.ticket(), business.company("Insurance")

    bookkeeper.send(f"tickets/{ticket.pk}/bill-to/", bill_to=payer.pk, revision=ticket.revision)
    ticket.refresh_from_db()
    assert ticket.bill_to == payer

    business.invoice(ticket)
    other = business.company("Other")
    answer = bookkeeper.send(f"tickets/{ticket.pk}/bill-to/", bill_to=other.pk)

    assert answer.status_code == 422
    ticket.refresh_from_db()
    assert ticket.bill_to == payer


def test_the_invoices_of_a_ticket_are_shown_and_no_second_one_is_offered(bookkeeper, business):
    ticket = business.ticket()
    assert "Make the invoice" in page(bookkeeper.open(f"tickets/{ticket.pk}/"))

    business.invoice(ticket, "512.50")
    text = page(bookkeeper.open(f"tickets/{ticket.pk}/"))

    assert "$512.50" in text
    assert "Make the invoice" not in text


def test_presets_count_every_stage_and_narrow_the_list(bookkeeper, business, now, today):
    business.ticket()
    done = business.ticket()
    operations.move_ticket(ticket=done, stage=Stage.COMPLETED, on=today, now=now)

    answer = bookkeeper.open("tickets/", stage="completed")

    assert answer.context["listing"].rows == [done]
    assert {key: count for key, _, count in answer.context["presets"]}["new"] == 1
    assert answer.context["all"] == 2


def test_the_list_is_narrowed_by_type_and_sorted_by_number_as_people_count(bookkeeper, business):
    for number in ("1001", "99", "100"):
        business.ticket(number=number, service_type="Leak")
    business.ticket(service_type="Warranty")

    answer = bookkeeper.open("tickets/", type="Leak", sort="number")

    assert [ticket.number for ticket in answer.context["listing"].rows] == ["99", "100", "1001"]


@pytest.mark.parametrize("path", ["new/", "{}/edit/", "{}/bill-to/"])
def test_a_technician_may_not_write(technician, business, path):
    assert technician.open(f"tickets/{path.format(business.ticket().pk)}").status_code == 403


@pytest.mark.parametrize("path", ["", "edit/", "bill-to/", "history/"])
def test_another_contractors_ticket_is_not_there(bookkeeper, another_business, path):
    assert bookkeeper.open(f"tickets/{another_business.ticket().pk}/{path}").status_code == 404


def test_another_contractors_property_and_company_cannot_be_used(bookkeeper, business, another_business):
    theirs = another_business.property()

    answer = bookkeeper.send(
        "tickets/new/", property=theirs.pk, bill_to=theirs.company_id, opened_on="2025-06-30"
    )

    assert set(answer.context["form"].errors) == {"property", "bill_to"}
    assert bookkeeper.open("tickets/", company=theirs.company_id).status_code == 404


def test_the_list_costs_the_same_for_many_rows(bookkeeper, business, django_assert_max_num_queries):
    for _ in range(60):
        business.ticket()

    with django_assert_max_num_queries(11):
        assert len(bookkeeper.open("tickets/").context["listing"].rows) == 50
