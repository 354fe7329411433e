"""A service ticket, a project or a property and its job."""

import datetime as dt

import pytest
from some_facts import ADDRESS, MARK, TODAY, project, ticket

from centerpoint.quickbooks.mapping import jobs
from centerpoint.quickbooks.mapping.facts import AddressFacts, Blocked, Difference, Existing, WorkFacts
from centerpoint.quickbooks.models import Posting
from qbxml import CLEAR, messages

PARENT = "8-1"


def message(work, *, name=None, existing=None, parent=PARENT):
    return jobs.message(
        work,
        parent_list_id=parent,
        name=jobs.wanted_name(work) if name is None else name,
        mark=MARK,
        existing=existing,
    )


def changed(before, after, *, name=None, **changes):
    """The change of a job that was agreed on as `before`."""
    agreed = message(before, name=name).content
    existing = Existing(quickbooks_id="9-1", edit_sequence="17", agreed=agreed)
    return message(after, existing=existing, **changes)


def mod(**fields):
    return messages.CustomerModRq(
        customer_mod=messages.CustomerMod(list_id="9-1", edit_sequence="17", **fields)
    )


@pytest.mark.parametrize(
    ("work", "name"),
    [
        (ticket(), "5431 Clubhouse"),
        (ticket(property_name=""), "5431 Leak at the east wall"),
        (project(), "P-77 Reroof"),
        (
            project(title="Reroof of the north and the south wing"),
            "P-77 Reroof of the north and the south",
        ),
        (WorkFacts(kind="property", number="", title="Clubhouse: Annex"), "Clubhouse - Annex"),
    ],
)
def test_the_name_starts_with_the_number(work, name):
    assert jobs.wanted_name(work) == name


def test_a_ticket_becomes_a_job_below_its_customer():
    out = message(ticket(description="Leak at the east wall,\nsecond floor"))

    assert out.action == Posting.Action.ADD
    assert out.body == messages.CustomerAddRq(
        customer_add=messages.CustomerAdd(
            name="5431 Clubhouse",
            parent_ref=messages.Ref(list_id=PARENT),
            ship_address=messages.Address(
                addr1="Clubhouse", addr2="12 Harbor Blvd", city="Austin", state="TX", postal_code="78701"
            ),
            job_status="InProgress",
            job_start_date=TODAY,
            job_desc="Leak at the east wall, second floor",
            external_guid=MARK,
        )
    )


def test_a_project_tells_its_schedule():
    work = project(starts_on=TODAY, ends_on=dt.date(2026, 5, 1), finished_on=dt.date(2026, 4, 28))

    job = message(work).body.customer_add

    assert (job.job_start_date, job.job_projected_end_date, job.job_end_date) == (
        TODAY,
        dt.date(2026, 5, 1),
        dt.date(2026, 4, 28),
    )


@pytest.mark.parametrize(
    ("progress", "status"),
    [
        ("pending", "Pending"),
        ("awarded", "Awarded"),
        ("under_way", "InProgress"),
        ("closed", "Closed"),
        ("lost", "NotAwarded"),
        ("", "None"),
    ],
)
def test_the_job_status_follows_the_progress(progress, status):
    assert message(project(progress=progress)).body.customer_add.job_status == status


def test_a_long_description_ends_at_99_characters():
    assert message(ticket(description="x" * 150)).body.customer_add.job_desc == "x" * 99


def test_a_job_of_a_property_without_an_address_keeps_the_customers():
    out = message(ticket(property_address=AddressFacts()))

    assert out.body.customer_add.ship_address is None
    assert not any(element.startswith("ShipAddress") for element in out.content)


def test_work_without_a_writable_name_is_stopped():
    with pytest.raises(Blocked) as blocked:
        message(WorkFacts(kind="property", number="", title="***"))

    assert (blocked.value.code, blocked.value.facts) == ("name-empty", {"name": "***"})


def test_nothing_goes_out_when_nothing_of_it_is_new():
    assert changed(ticket(), ticket()).body is None


def test_only_the_status_goes_out_when_the_work_is_done():
    out = changed(ticket(), ticket(progress="closed", finished_on=TODAY))

    assert out.body == mod(job_status="Closed", job_end_date=TODAY)


def test_a_date_that_was_taken_back_is_cleared():
    assert changed(ticket(finished_on=TODAY), ticket()).body == mod(job_end_date=CLEAR)


def test_work_billed_to_somebody_else_moves_to_that_customer():
    assert changed(ticket(), ticket(), parent="8-2").body == mod(parent_ref=messages.Ref(list_id="8-2"))


def test_a_renamed_property_renames_its_job_and_its_address():
    out = changed(ticket(), ticket(property_name="Pool house")).body.customer_mod

    assert (out.name, out.ship_address.addr1, out.ship_address.addr3) == (
        "5431 Pool house",
        "Pool house",
        CLEAR,
    )


def test_a_job_keeps_the_number_its_name_was_given():
    assert changed(ticket(), ticket(), name="5431 Clubhouse (2)").body is None


def ret(**fields):
    return messages.CustomerRet(
        **{
            "list_id": "9-1",
            "time_modified": "2026-03-02T09:00:00-06:00",
            "edit_sequence": "18",
            "name": "5431 Clubhouse",
            "full_name": "Harbor View:5431 Clubhouse",
            "parent_ref": messages.Ref(list_id=PARENT, full_name="Harbor View"),
            "ship_address": messages.Address(
                addr1="Clubhouse", addr2=ADDRESS.street, city="Austin", state="TX", postal_code="78701"
            ),
            "job_status": "InProgress",
            "job_start_date": TODAY,
            "job_desc": "Leak at the east wall",
            **fields,
        }
    )


def test_an_answer_that_holds_what_was_sent_settles_without_a_difference():
    settled = jobs.settle(message(ticket()).content, ret(bill_address=messages.Address(addr1="Harbor View")))

    assert (settled.quickbooks_id, settled.name, settled.differences) == (
        "9-1",
        "Harbor View:5431 Clubhouse",
        (),
    )


def test_a_job_that_was_moved_there_is_a_difference():
    settled = jobs.settle(message(ticket()).content, ret(parent_ref=messages.Ref(list_id="8-9")))

    assert settled.differences == (Difference(field="ParentRef.ListID", ours=PARENT, theirs="8-9"),)
