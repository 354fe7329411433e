"""Our invoices as QuickBooks has them: what was applied to them, edited, voided."""

import dataclasses
from decimal import Decimal

import pytest

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Payment
from centerpoint.quickbooks import inbox, outbox
from centerpoint.quickbooks.models import Counterpart, Posting, ReceivedPayment
from centerpoint.quickbooks.posting_states import State
from qbxml import messages

pytestmark = pytest.mark.django_db
D = Decimal


def take(books, *rets):
    inbox.take_invoices(books.company_file, rets, now=books.now)


def posting_of(counterpart):
    return Posting.objects.get(invoice=counterpart.invoice_id)


def open_balance(counterpart):
    counterpart.invoice.refresh_from_db()
    return counterpart.invoice.balance


def received():
    return list(
        Payment.objects.filter(withdrawn_at=None).order_by("pk").values_list("kind", "method", "amount")
    )


# -- what was applied ----------------------------------------------------------------------------------------------


def test_the_balance_there_is_kept_beside_ours(books):
    posted = books.posted()

    take(books, books.invoice_ret(posted, balance_remaining=D("40.00")))

    posted.refresh_from_db()
    assert (posted.balance, posted.total, open_balance(posted)) == (D("40.00"), D("100.00"), D("100.00"))


def test_a_credit_applied_in_the_invoice_is_received_as_a_credit(books):
    posted = books.posted()

    take(books, books.invoice_ret(posted, [books.link("-30.00")]))

    assert (received(), open_balance(posted)) == ([("credit", "", D("30.00"))], D("70.00"))


def test_other_transactions_that_lower_the_balance_are_received_as_what_they_are(books):
    posted = books.posted()

    take(
        books,
        books.invoice_ret(posted, [books.link("-10.00", "JournalEntry"), books.link("-5.00", "Check")]),
    )

    assert received() == [("credit", "Journal entry", D("10.00")), ("credit", "Check", D("5.00"))]
    assert list(ReceivedPayment.objects.order_by("pk").values_list("kind", "total")) == [
        (ReceivedPayment.Kind.OTHER, D("10.00")),
        (ReceivedPayment.Kind.OTHER, D("5.00")),
    ]


def test_the_estimate_an_invoice_was_made_from_is_no_money(books):
    posted = books.posted()
    estimate = dataclasses.replace(books.link("-100.00", "Estimate"), link_type="QUANTYPE")

    take(books, books.invoice_ret(posted, [estimate]))

    assert received() == []


def test_a_payment_that_was_read_is_not_received_again_from_the_link(books):
    posted = books.posted()
    payment = books.payment_ret(books.part(posted, "98.00", discount="2.00"), total="98.00")
    inbox.take_payments(books.company_file, [payment], now=books.now)

    take(books, books.invoice_ret(posted, [books.link("-100.00", "ReceivePayment", payment.txn_id)]))

    assert (received(), open_balance(posted)) == ([("payment", "Check", D("98.00"))], 0)


def test_a_payment_older_than_the_connection_is_known_from_its_link_until_it_is_read(books):
    posted = books.posted()
    payment = books.payment_ret(books.part(posted, "98.00", discount="2.00"), total="98.00")
    take(books, books.invoice_ret(posted, [books.link("-100.00", "ReceivePayment", payment.txn_id)]))
    from_the_link = received()

    inbox.take_payments(books.company_file, [payment], now=books.now)

    assert (from_the_link, received()) == (
        [("payment", "", D("100.00"))],
        [("payment", "Check", D("98.00"))],
    )
    assert open_balance(posted) == 0


def test_a_credit_taken_off_the_invoice_again_opens_it(books):
    posted = books.posted()
    take(books, books.invoice_ret(posted, [books.link("-30.00", txn_id="CCCC-1")]))

    take(books, books.invoice_ret(posted))

    assert (received(), open_balance(posted)) == ([], D("100.00"))


def test_a_changed_credit_is_changed(books):
    posted = books.posted()
    take(books, books.invoice_ret(posted, [books.link("-30.00", txn_id="CCCC-1")]))

    take(books, books.invoice_ret(posted, [books.link("-45.00", txn_id="CCCC-1")]))

    assert (received(), open_balance(posted)) == ([("credit", "", D("45.00"))], D("55.00"))


def test_one_journal_entry_may_pay_two_invoices(books, business):
    company = business.company()
    first, second = books.posted(company), books.posted(company)

    take(
        books,
        books.invoice_ret(first, [books.link("-10.00", "JournalEntry", "EEEE-1")]),
        books.invoice_ret(second, [books.link("-20.00", "JournalEntry", "EEEE-1")]),
    )

    assert received() == [("credit", "Journal entry", D("30.00"))]
    assert (open_balance(first), open_balance(second)) == (D("90.00"), D("80.00"))


def test_an_invoice_linked_by_hand_brings_the_payments_it_already_had(books, business):
    posted = books.posted()
    Counterpart.objects.update(quickbooks_id="9999-1", agreed={}, edit_sequence="", linked_by_hand=True)
    inbox.take_payments(
        books.company_file, [books.payment_ret(books.part("5555-1", "60.00"), total="60.00")], now=books.now
    )
    Counterpart.objects.update(quickbooks_id="5555-1")
    posted.refresh_from_db()

    take(books, books.invoice_ret(posted))

    posted.refresh_from_db()
    assert (open_balance(posted), posted.edit_sequence, posted.agreed["Total"]) == (
        D("40.00"),
        "1751292000",
        "100.00",
    )


def test_the_same_answer_twice_changes_nothing(books, at_most):
    posted = books.posted()
    ret = books.invoice_ret(posted, [books.link("-30.00", txn_id="CCCC-1")])
    take(books, ret)
    before = [list(model.objects.values()) for model in (Payment, ReceivedPayment, Counterpart, Posting)]

    with at_most(9):
        take(books, ret)

    assert [
        list(model.objects.values()) for model in (Payment, ReceivedPayment, Counterpart, Posting)
    ] == before


def test_a_chunk_of_invoices_costs_a_handful_of_statements(books, business, at_most):
    company = business.company()
    posted = [books.posted(company) for _ in range(30)]
    rets = [books.invoice_ret(one, [books.link("-30.00")]) for one in posted]

    with at_most(25):
        take(books, *rets)

    assert len(received()) == 30


def test_invoices_that_are_not_ours_are_passed_over(books, another_books, at_most):
    posted = another_books.posted()

    with at_most(2):
        take(books, another_books.invoice_ret(posted, [books.link("-30.00")]))

    assert (received(), open_balance(posted)) == ([], D("100.00"))


# -- edited there --------------------------------------------------------------------------------------------------


def edited(books, posted, amount="150.00"):
    return books.invoice_ret(
        posted,
        edit_sequence="1751299999",
        subtotal=D(amount),
        balance_remaining=D(amount),
        invoice_line_ret=(messages.InvoiceLineRet(txn_line_id="1A-1", desc="Repair", amount=D(amount)),),
    )


def test_an_invoice_edited_there_is_not_shown_as_done(books):
    posted = books.posted()

    take(books, edited(books, posted))

    posting = posting_of(posted)
    assert (posting.state, posting.refusal, posting.refusal_facts["differences"]) == (
        State.REFUSED,
        "edited-there",
        [
            {"field": "Line.0.Amount", "ours": "100.00", "theirs": "150.00"},
            {"field": "Total", "ours": "100.00", "theirs": "150.00"},
        ],
    )


def test_an_invoice_moved_to_another_customer_is_not_shown_as_done(books):
    posted = books.posted()

    take(books, books.invoice_ret(posted, customer_ref=messages.Ref(list_id="80000009-9")))

    assert posting_of(posted).refusal_facts["fields"] == "CustomerRef.ListID"


def test_an_edit_taken_back_there_is_done_again(books):
    posted = books.posted()
    take(books, edited(books, posted))

    take(books, dataclasses.replace(books.invoice_ret(posted), edit_sequence="1751300000"))

    posting = posting_of(posted)
    assert (posting.state, posting.refusal, posting.refusal_facts) == (State.IN_QUICKBOOKS, "", {})


def test_a_second_edit_still_shows_what_was_ours(books):
    posted = books.posted()
    take(books, edited(books, posted))

    take(books, edited(books, posted, "175.00"))

    assert posting_of(posted).refusal_facts["differences"][-1] == {
        "field": "Total",
        "ours": "100.00",
        "theirs": "175.00",
    }


def test_sending_again_puts_ours_over_the_edit_that_was_seen(books):
    posted = books.posted()
    books.choose(hold_for_approval=False, work_goes="never")
    books.paired(posted.invoice.bill_to)
    take(books, edited(books, posted))

    outbox.retry(posting=posting_of(posted), now=books.now)

    posted.refresh_from_db()
    assert (posting_of(posted).state, posted.edit_sequence, posted.agreed["Total"]) == (
        State.READY,
        "1751299999",
        "150.00",
    )


def test_an_edit_is_never_overwritten_by_a_change_that_is_already_on_its_way(books):
    posted = books.posted(state=State.READY)

    take(books, edited(books, posted))

    posted.refresh_from_db()
    assert (posting_of(posted).state, posted.edit_sequence, posted.agreed["Total"], posted.balance) == (
        State.READY,
        "1751292000",
        "100.00",
        D("150.00"),
    )


def test_a_payment_alone_is_no_edit(books):
    posted = books.posted()

    take(books, books.invoice_ret(posted, [books.link("-30.00")], edit_sequence="1751292000"))

    assert posting_of(posted).state == State.IN_QUICKBOOKS


# -- voided there --------------------------------------------------------------------------------------------------


def voided(books, posted):
    return books.invoice_ret(
        posted,
        subtotal=D("0.00"),
        balance_remaining=D("0.00"),
        memo="VOID: Service ticket",
        invoice_line_ret=(messages.InvoiceLineRet(txn_line_id="1A-1", amount=D("0.00")),),
    )


def test_an_invoice_voided_there_is_flagged(books):
    posted = books.posted()

    take(books, voided(books, posted))

    posted.refresh_from_db()
    posting = posting_of(posted)
    assert (posting.state, posting.refusal, posted.there, posted.balance) == (
        State.VOIDED,
        "voided-there",
        Counterpart.There.VOIDED,
        0,
    )


def test_an_invoice_void_on_both_sides_needs_nobody(books):
    posted = books.posted()
    billing.void_invoice(invoice=posted.invoice, now=books.now)

    take(books, voided(books, posted))

    assert (posting_of(posted).state, posting_of(posted).refusal) == (State.VOIDED, "")


def test_an_invoice_that_is_gone_is_deleted_there(books):
    posted = books.posted()

    inbox.invoices_gone(books.company_file, [posted.quickbooks_id, "FFFF-1"], now=books.now)

    posted.refresh_from_db()
    assert (posting_of(posted).state, posted.there) == (State.DELETED_THERE, Counterpart.There.DELETED)
