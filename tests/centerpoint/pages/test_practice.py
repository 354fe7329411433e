"""A rehearsal on its pages, from its start to the bin."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from centerpoint import practice
from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks import connection, outbox

from .test_integrations import text


@pytest.fixture(autouse=True)
def practice_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "PRACTICE_DIR", tmp_path / "practice")


@pytest.fixture
def desk(bookkeeper):
    """The bookkeeper in the practice company that she began."""
    answer = bookkeeper.send("practice/start/")
    bookkeeper.real = bookkeeper.base
    bookkeeper.base = answer.url.removesuffix("practice/")
    return bookkeeper


def buttons(answer):
    return {button.form.offered.key: button.form for button in answer.context["buttons"]}


def test_a_rehearsal_begins_beside_the_real_contractor(desk, business):
    made = practice.practice_of(business.contractor)

    shown = text(desk.open("practice/"))

    assert desk.base == f"/c/{made.pk}/"
    assert "Invoices in" in shown
    assert "Practice company: nothing here touches" in desk.open("practice/").content.decode()
    assert f"{made.name} is under way." in text(desk.get(f"{desk.real}practice/"))


def test_what_the_connector_did_is_told_in_words(desk, business):
    made = connection.connected(practice.practice_of(business.contractor))
    outbox.approve(company_file=made, now=timezone.now())

    desk.send("practice/run/")

    shown = text(desk.open("practice/"))
    assert "Done: " in shown
    assert "What happened: " in shown


def test_the_person_in_the_office_is_played_by_buttons(desk):
    answer = desk.open("practice/")
    form = buttons(answer)["rename_customer"]
    customer = form.fields["customer"].choices[0][0]
    name = next(name for name in form.fields if name != "customer")

    desk.send(
        "practice/office/rename_customer/",
        **{
            "rename_customer-customer": customer,
            f"rename_customer-{name}": "Zebra Holdings",
        },
    )

    assert "Zebra Holdings" in text(desk.open("practice/"))


def test_what_quickbooks_refuses_is_said_beside_the_button_and_what_was_typed_stays(desk):
    form = buttons(desk.open("practice/"))["add_customer"]
    values = {f"add_customer-{name}": "" for name in form.fields}

    answer = desk.send("practice/office/add_customer/", **values)

    assert answer.status_code == 422
    assert buttons(answer)["add_customer"].errors
    assert '<details id="do-add_customer" open' in answer.content.decode().replace("\n", " ")


def test_a_button_that_is_not_there_any_more_says_so(desk):
    desk.send("practice/office/open_quickbooks/")

    assert "This cannot be done in QuickBooks now" in text(desk.open("practice/"))


def test_thrown_away_it_is_gone_and_the_real_contractor_is_not(desk, business):
    answer = desk.send("practice/discard/")

    assert answer.url == "/"
    assert list(Contractor.objects.all()) == [business.contractor]


def test_who_did_not_begin_it_may_throw_it_away_but_not_enter(desk, owner, business):
    shown = text(owner.open("practice/"))
    assert "The bookkeeper may enter it." in shown
    assert "Go on" not in shown
    assert owner.get(f"{desk.base}practice/").status_code == 404

    owner.send("practice/discard/")

    assert practice.practice_of(business.contractor) is None


def test_in_the_real_contractor_nothing_of_a_rehearsal_can_be_done(bookkeeper):
    bookkeeper.send("practice/run/")
    assert "this can only be rehearsed in one" in text(bookkeeper.open("practice/"))

    assert bookkeeper.send("practice/discard/").status_code == 404


def test_a_lost_practice_file_can_still_be_thrown_away(desk, business):
    for file in settings.PRACTICE_DIR.iterdir():
        file.unlink()

    assert "is not on this machine any more" in text(desk.open("practice/"))
    desk.send("practice/discard/")

    assert practice.practice_of(business.contractor) is None


def test_a_technician_does_not_rehearse(technician):
    assert technician.open("practice/").status_code == 403
