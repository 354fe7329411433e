"""What is shown of every message that a record went in, and of what a run did at its time."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Invoice
from centerpoint.quickbooks import outbox, runs
from centerpoint.quickbooks.attempts import attempts
from centerpoint.quickbooks.models import ConnectorSession, Posting
from centerpoint.quickbooks.posting_states import State
from qbemulator.faults import parse


def _said(posting: Posting) -> list[tuple[str, str, int]]:
    return [
        (attempt.asked, attempt.effect, attempt.handed_out_times) for attempt in attempts(posting, at_most=20)
    ]


def _change(story, invoice) -> None:
    line = billing.Line(description="Repair", unit_price=Decimal("500.00"), quantity=Decimal(1))
    billing.change_issued_invoice(invoice=invoice, lines=[line], now=story.clock())


@pytest.fixture
def lost(story) -> Callable[[], Invoice]:
    """Another invoice of a company that is there; the answer to its message, the third of the session, gets lost."""
    company = story.company()
    story.invoice(company=company)
    story.update()

    def lose() -> Invoice:
        invoice = story.invoice(company=company)
        story.session(parse("lose-answer@3"))
        assert story.posting(invoice).state == State.SENT
        return invoice

    return lose


def test_each_revision_of_an_invoice_shows_its_own_request_and_answer(story):
    invoice, other = story.invoice(), story.invoice(company=story.company("Cedar Row Homes"))
    story.update()
    first = story.posting(invoice)
    _change(story, invoice)
    story.update()

    [added] = attempts(first, at_most=20)
    [changed] = attempts(story.posting(invoice), at_most=20)

    assert f"<RefNumber>{invoice.number}</RefNumber>" in added.texts.request
    assert f"<RefNumber>{invoice.number}</RefNumber>" in added.texts.answer
    assert other.number not in added.texts.request + added.texts.answer
    assert added.texts.answer.startswith("<InvoiceAddRs")
    assert changed.texts.request.startswith("<InvoiceModRq")


def test_what_was_busy_and_sent_again_shows_both_messages_and_each_run_what_it_did_then(story):
    invoice = story.invoice()
    story.update()
    [there] = story.books.invoices
    story.office.open_on_screen(there["TxnID"])
    _change(story, invoice)
    story.session()
    busy = ConnectorSession.objects.latest("pk")
    story.office.close_on_screen(there["TxnID"])
    story.clock.pass_(hours=2)
    story.update()

    assert _said(story.posting(invoice)) == [
        ("Sent", "in QuickBooks", 1),
        ("Sent", "busy, tried again later", 1),
    ]
    assert "1 invoice busy, tried again later" in [line.effect for line in runs.exchanges(busy)]


def test_a_message_that_went_out_twice_is_one(story, lost):
    sent = story.posting(lost())
    assert _said(sent) == [("Sent", "Handed out", 1)]

    story.update()

    assert _said(sent) == [("Sent", "in QuickBooks", 2)]


def test_the_question_for_a_lost_answer_stands_beside_the_message(story, lost):
    story.books.switches.answers_can_be_stored = False
    sent_once = story.posting(lost())
    story.update()

    asked, _, sent = attempts(sent_once, at_most=20)

    assert _said(sent_once) == [
        ("Looked for, because its answer was lost", "in QuickBooks", 1),
        ("Asked what became of it", runs.TOLD_NOTHING, 1),
        ("Sent", runs.TOLD_NOTHING, 1),
    ]
    assert asked.texts.request.startswith("<InvoiceQueryRq")
    assert asked.texts.answer.startswith("<InvoiceQueryRs")
    assert sent.texts.request.startswith("<InvoiceAddRq")
    assert [one.exchange_id for one in attempts(sent_once, at_most=1)] == [asked.exchange_id]


def test_a_stored_answer_is_shown_with_the_question_what_became_of_it(story, lost):
    invoice = lost()
    first = story.posting(invoice)
    billing.void_invoice(invoice=invoice, now=story.clock())
    story.update()

    asked, sent = attempts(first, at_most=20)

    assert (asked.asked, asked.effect) == ("Asked what became of it", "in QuickBooks")
    assert asked.texts.answer.startswith("<InvoiceAddRs")
    assert (sent.asked, sent.effect) == ("Sent", "in QuickBooks")


def test_a_posting_that_was_never_sent_has_none(story):
    invoice = story.invoice()
    outbox.discover(story.company_file, now=story.clock())

    assert attempts(story.posting(invoice), at_most=20) == []
