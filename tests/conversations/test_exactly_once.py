"""Whatever breaks, every invoice is in the books exactly once, and Centerpoint knows it."""

import pytest

from centerpoint.billing import operations as billing
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import Exchange, Posting
from centerpoint.quickbooks.posting_states import State
from qbemulator.faults import Fault, parse

EVERY_EXCHANGE = range(1, 7)
LOSSES = (
    "lose-request",
    "lose-answer",
    "lose-reply:retry",
    "lose-reply:die",
    "kill",
    "busy",
    "crash-quickbooks:done",
    "crash-quickbooks:not-done",
)


def assert_exactly_once(story, invoices):
    assert story.numbers_in_books() == sorted(invoice.number for invoice in invoices)
    assert {i["TxnID"] for i in story.books.invoices} == story.known_ids()
    names = [customer["FullName"].lower() for customer in story.books.customers]
    assert len(names) == len(set(names))
    assert set(story.states()) == {State.IN_QUICKBOOKS}


def run_until_settled(story, *faults: Fault) -> None:
    story.update(*faults)
    for _ in range(3):
        story.clock.pass_(hours=2)
        story.update()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("at", EVERY_EXCHANGE)
def test_whatever_is_lost_at_any_exchange_each_invoice_is_there_once(story, loss, at):
    invoices = [story.invoice(company=story.company(f"Company {letter}")) for letter in "ABC"]

    run_until_settled(story, parse(f"{loss}@{at}"))

    assert_exactly_once(story, invoices)


@pytest.mark.parametrize("holds", ["full", "recovery_only", "status_only"])
def test_a_lost_answer_never_posts_twice_however_little_quickbooks_remembers(story, holds):
    story.books.switches.stored_answer = holds
    invoices = [story.invoice(), story.invoice()]

    run_until_settled(story, *(parse(f"lose-answer@{at}") for at in (2, 3, 4)))

    assert_exactly_once(story, invoices)


def test_the_same_text_goes_out_again_with_the_same_id(story):
    story.invoice()
    story.update(parse("lose-answer@2"))

    lost = Exchange.objects.filter(writes=True, handed_out_times__gt=1).get()
    again = [
        text for text in story.wire.requests if lost.key in text and f'newMessageSetID="{lost.key}"' in text
    ]
    assert len(again) == 2
    assert again[0] == again[1]


def test_quickbooks_that_cannot_store_its_answer_is_asked_for_the_objects_themselves(story):
    story.books.switches.answers_can_be_stored = False
    invoices = [story.invoice(), story.invoice()]

    run_until_settled(story, parse("lose-answer@3"))

    assert len(story.numbers_in_books()) == len(set(story.numbers_in_books())) == len(invoices)


@pytest.mark.parametrize(
    "method", ["authenticate", "sendRequestXML", "receiveResponseXML", "closeConnection"]
)
@pytest.mark.parametrize("kind", ["duplicate-call", "late"])
@pytest.mark.parametrize("at", [3, 5, 7, 9])
def test_a_call_that_comes_twice_or_late_changes_nothing(story, method, kind, at):
    invoices = [story.invoice(), story.invoice()]

    run_until_settled(story, Fault(kind, at, method))

    assert_exactly_once(story, invoices)


@pytest.mark.parametrize("fault", ["http-500", "http-502-html", "timeout"])
@pytest.mark.parametrize("at", range(3, 12))
def test_a_reply_the_client_cannot_use_costs_a_session_and_no_invoice(story, fault, at):
    invoices = [story.invoice(), story.invoice()]

    run_until_settled(story, Fault(fault, at))

    assert_exactly_once(story, invoices)


@pytest.mark.parametrize("fault", ["quickbooks-closed", "wrong-file", "no-permission"])
def test_a_session_that_cannot_open_quickbooks_loses_nothing(story, fault):
    invoices = [story.invoice()]

    run_until_settled(story, Fault(fault))

    assert_exactly_once(story, invoices)


def test_an_invoice_voided_while_its_answer_was_lost_is_not_run_again(story):
    invoice = story.invoice()
    story.session()  # customers and jobs may take a session of their own
    story.session(parse("lose-request@1"))
    billing.void_invoice(invoice=invoice, now=story.clock())

    run_until_settled(story)

    total = sum(float(i["Subtotal"]) for i in story.books.invoices)
    assert total == 0
    assert Posting.objects.filter(invoice=invoice).latest("revision").state == State.VOIDED


def test_a_new_log_in_fences_the_old_ticket_at_once(story):
    from centerpoint.quickbooks.sync import session

    story.invoice()
    now = story.clock()
    assert session.log_in(company_file_id=story.company_file.pk, ticket="first", now=now)
    assert session.log_in(company_file_id=story.company_file.pk, ticket="second", now=now)

    said = session.request(
        ticket="first",
        company_data="",
        company_file_name="",
        country="US",
        major=13,
        minor=0,
        now=now,
        new_key=lambda: "cpaaaaaaaaaaaaaaaaaaaa",
    )

    assert said == ""
    assert "another" in session.last_error(ticket="first", now=now).lower()


def test_a_restored_backup_does_not_make_a_second_invoice(story):
    """The file goes back to before the session; what was acknowledged is gone and is shown, never sent silently."""
    first = story.invoice()
    story.update()
    second = story.invoice()

    run_until_settled(story, Fault("restore-backup", 2))

    numbers = story.numbers_in_books()
    assert len(numbers) == len(set(numbers))
    assert first.number in numbers
    assert second.number in numbers or story.posting(second).state != State.READY


def test_what_a_restored_backup_took_away_is_found_and_never_sent_again_unasked(story):
    company = story.company()
    kept = story.invoice(company=company)
    story.update()
    backup = story.books.storage.snapshot()
    lost = [story.invoice(company=company), story.invoice(company=company)]
    story.update()
    story.books.storage.restore(backup)

    run_until_settled(story)

    assert story.numbers_in_books() == [kept.number]
    assert story.posting(kept).state == State.IN_QUICKBOOKS
    assert {(story.posting(one).state, story.posting(one).refusal) for one in lost} == {
        (State.DELETED_THERE, "vanished-there")
    }


def test_what_a_restored_backup_took_away_is_created_anew_when_somebody_says_so(story):
    company = story.company()
    story.invoice(company=company)
    story.update()
    backup = story.books.storage.snapshot()
    lost = story.invoice(company=company)
    story.update()
    story.books.storage.restore(backup)
    run_until_settled(story)

    outbox.recreate(posting=story.posting(lost), now=story.clock())
    run_until_settled(story)

    assert story.numbers_in_books().count(lost.number) == 1
    assert story.posting(lost).state == State.IN_QUICKBOOKS


def test_a_job_that_a_restored_backup_left_there_is_recognised_and_not_made_twice(story):
    ticket = story.ticket()
    story.update()
    backup = story.books.storage.snapshot()
    invoice = story.invoice_of(ticket)
    story.update()
    story.books.storage.restore(backup)
    run_until_settled(story)

    outbox.recreate(posting=story.posting(invoice), now=story.clock())
    run_until_settled(story)

    assert story.numbers_in_books() == [invoice.number]
    assert story.posting(invoice).state == State.IN_QUICKBOOKS
    names = [customer["FullName"].lower() for customer in story.books.customers]
    assert len(names) == len(set(names))
