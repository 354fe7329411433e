"""Which answers of QuickBooks told of a payment: the one that brought it, those that changed it, the one that took it back."""

import pytest

from centerpoint.billing.models import Payment
from centerpoint.quickbooks.excerpts import of_transaction
from centerpoint.quickbooks.inbox.arrivals import arrivals
from centerpoint.quickbooks.models import ReceivedPayment
from centerpoint.quickbooks.standing import payment_standing


@pytest.fixture
def check(story):
    """A check of $300 that paid a part of an invoice, together with another company's."""
    for name in ("Harbor View Condominiums", "Cedar Row Homes"):
        story.invoice(company=story.company(name), amount="480.00")
    story.update()
    checks = [
        story.office.receive_payment(there["CustomerRef"]["FullName"], "300.00", invoices=[there["TxnID"]])
        for there in story.books.invoices
    ]
    story.update()
    return checks[0]["TxnID"]


def _told(story, check):
    received = ReceivedPayment.objects.select_related("payment").get(txn_id=check)
    return received, arrivals(story.company_file, received.payment, at_most=20)


def _did(told):
    return [[change.did for change in arrival.changes] for arrival in told]


def test_the_answer_that_brought_a_payment_is_found_among_many(story, check):
    story.update()

    received, told = _told(story, check)

    assert _did(told) == [["Received", "Changed"]]
    [texts] = [of_transaction(arrival.exchange, check) for arrival in told]
    assert [texts.request.count(f"<{name}QueryRq ") for name in ("Invoice", "ReceivePayment")] == [1, 1]
    assert [texts.answer.count(f"<{name}Ret>") for name in ("Invoice", "ReceivePayment")] == [1, 1]
    assert payment_standing(received.payment, received, was_told=True).label == "In QuickBooks"


def test_an_edit_and_a_deletion_there_are_told_by_later_answers(story, check):
    story.office.edit_payment(check, total="280.00", invoices=[_invoice_of(check)])
    story.update()
    story.office.delete_payment(check)
    story.update()

    received, told = _told(story, check)

    assert _did(told) == [["Withdrawn"], ["Changed"], ["Received", "Changed"]]
    assert of_transaction(told[0].exchange, check).answer.startswith("<TxnDeletedRet>")
    assert len({arrival.exchange.session_id for arrival in told}) == 3
    assert payment_standing(received.payment, received, was_told=True).label == "Deleted there"


def _invoice_of(check):
    return ReceivedPayment.objects.get(txn_id=check).parts.get().txn_id


def test_a_note_there_changes_nothing_here_and_is_told_all_the_same(story, check):
    story.office.edit_payment(check, memo="Brought by hand")
    story.update()

    _, told = _told(story, check)

    assert _did(told) == [[], ["Received", "Changed"]]


def test_a_payment_voided_there_stands_as_void(story, check):
    story.office.void_payment(check)
    story.update()

    received, _ = _told(story, check)

    assert payment_standing(received.payment, received, was_told=True).label == "Voided"


def test_a_payment_taken_back_and_applied_again_says_that_another_one_counts_now(story, check):
    first = Payment.objects.get(received_payment__txn_id=check)
    ReceivedPayment.objects.filter(txn_id=check).update(payment=None)

    told = arrivals(story.company_file, first, at_most=20)

    assert _did(told) == [["Received", "Changed"]]
    assert "counts as a payment of its own" in payment_standing(first, None, was_told=True).sentence
