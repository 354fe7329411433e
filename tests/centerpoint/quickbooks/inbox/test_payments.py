"""Payments come back by the TxnID of our invoices, whole, in parts, amended, bounced; twice is once."""

import dataclasses
from decimal import Decimal

import pytest

from centerpoint.billing.models import Payment, PaymentPart
from centerpoint.quickbooks import inbox
from centerpoint.quickbooks.models import Counterpart, ReceivedPart, ReceivedPayment
from qbxml import messages

pytestmark = pytest.mark.django_db
D = Decimal


def take(books, *rets):
    inbox.take_payments(books.company_file, rets, now=books.now)


def open_balance(counterpart):
    counterpart.invoice.refresh_from_db()
    return counterpart.invoice.balance


def received():
    """(kind, amount, unapplied, withdrawn, parts) of every payment here."""
    return [
        (
            payment.kind,
            payment.amount,
            payment.unapplied,
            payment.withdrawn_at is not None,
            [(part.invoice.number, part.amount, part.discount) for part in payment.parts.order_by("pk")],
        )
        for payment in Payment.objects.order_by("pk")
    ]


def test_a_payment_of_an_invoice_of_ours_is_received(books):
    posted = books.posted()

    take(books, books.payment_ret(books.part(posted, "100.00"), total="100.00"))

    payment = Payment.objects.get()
    assert (payment.company, payment.method, payment.reference, payment.received_on) == (
        posted.invoice.bill_to,
        "Check",
        "1044",
        books.now.date(),
    )
    assert received() == [("payment", D("100.00"), D("0.00"), False, [(posted.name, D("100.00"), D("0.00"))])]
    assert open_balance(posted) == 0


def test_a_number_that_is_like_ours_pays_nothing(books):
    posted = books.posted()
    part = dataclasses.replace(books.part("FFFF-1", "100.00"), ref_number=posted.invoice.number)

    take(books, books.payment_ret(part, total="100.00"))

    assert (open_balance(posted), received(), ReceivedPart.objects.count()) == (D("100.00"), [], 1)


def test_an_invoice_of_another_contractor_is_never_paid(books, another_books):
    posted = another_books.posted()

    take(books, books.payment_ret(books.part(posted, "100.00"), total="100.00"))

    assert open_balance(posted) == D("100.00")


def test_one_payment_is_split_over_several_invoices_with_a_rest(books, business):
    company = business.company()
    first, second = books.posted(company), books.posted(company)

    take(
        books,
        books.payment_ret(
            books.part(first, "100.00"), books.part(second, "40.00"), total="150.00", unused="10.00"
        ),
    )

    assert received() == [
        (
            "payment",
            D("150.00"),
            D("10.00"),
            False,
            [(first.name, D("100.00"), D("0.00")), (second.name, D("40.00"), D("0.00"))],
        )
    ]
    assert (open_balance(first), open_balance(second)) == (0, D("60.00"))


def test_a_discount_settles_the_rest_of_an_invoice(books):
    posted = books.posted()

    take(books, books.payment_ret(books.part(posted, "98.00", discount="2.00"), total="98.00"))

    assert received() == [("payment", D("98.00"), D("0.00"), False, [(posted.name, D("98.00"), D("2.00"))])]
    assert open_balance(posted) == 0


def test_what_pays_invoices_we_do_not_know_is_listed_and_not_received(books):
    posted = books.posted()

    take(
        books,
        books.payment_ret(books.part(posted, "100.00"), books.part("FFFF-1", "30.00"), total="130.00"),
    )

    assert received() == [("payment", D("100.00"), D("0.00"), False, [(posted.name, D("100.00"), D("0.00"))])]
    assert list(ReceivedPart.objects.order_by("pk").values_list("txn_id", "amount")) == [
        (posted.quickbooks_id, D("100.00")),
        ("FFFF-1", D("30.00")),
    ]
    assert ReceivedPayment.objects.get().total == D("130.00")


def test_a_payment_told_twice_is_received_once(books, at_most):
    posted = books.posted()
    ret = books.payment_ret(books.part(posted, "100.00"), total="100.00")
    take(books, ret)
    before = list(Payment.objects.values())

    with at_most(2):
        take(books, ret)

    assert list(Payment.objects.values()) == before


def test_an_amended_payment_replaces_what_it_was(books):
    posted = books.posted()
    ret = books.payment_ret(books.part(posted, "100.00"), total="100.00")
    take(books, ret)

    take(
        books,
        dataclasses.replace(
            ret,
            edit_sequence="2",
            total_amount=D("60.00"),
            ref_number="1045",
            applied_to_txn_ret=(books.part(posted, "60.00"),),
        ),
    )

    assert (received(), open_balance(posted), Payment.objects.get().reference) == (
        [("payment", D("60.00"), D("0.00"), False, [(posted.name, D("60.00"), D("0.00"))])],
        D("40.00"),
        "1045",
    )


def test_a_payment_applied_anew_opens_the_one_invoice_and_pays_the_other(books, business):
    company = business.company()
    first, second = books.posted(company), books.posted(company)
    ret = books.payment_ret(books.part(first, "100.00"), total="100.00")
    take(books, ret)

    take(books, dataclasses.replace(ret, applied_to_txn_ret=(books.part(second, "100.00"),)))

    assert (open_balance(first), open_balance(second)) == (D("100.00"), 0)


def test_an_unapplied_payment_stays_as_the_companys_open_money(books):
    posted = books.posted()
    ret = books.payment_ret(books.part(posted, "100.00"), total="100.00")
    take(books, ret)

    take(books, dataclasses.replace(ret, unused_payment=D("100.00"), applied_to_txn_ret=()))

    assert (received(), open_balance(posted)) == (
        [("payment", D("100.00"), D("100.00"), False, [])],
        D("100.00"),
    )


def test_a_payment_moved_to_strangers_altogether_is_withdrawn_and_may_come_back(books):
    posted = books.posted()
    ret = books.payment_ret(books.part(posted, "100.00"), total="100.00")
    take(books, ret)

    take(books, dataclasses.replace(ret, applied_to_txn_ret=(books.part("FFFF-1", "100.00"),)))
    withdrawn = received()
    take(books, ret)

    assert [entry[3] for entry in withdrawn] == [True]
    assert [entry[3] for entry in received()] == [True, False]
    assert open_balance(posted) == 0


def test_money_that_never_touched_our_invoices_is_only_mirrored(books):
    take(books, books.payment_ret(total="80.00", unused="80.00"))

    assert (received(), ReceivedPayment.objects.get().unapplied) == ([], D("80.00"))


def test_an_overpaid_invoice_is_shown_as_it_is(books):
    posted = books.posted()

    take(books, books.payment_ret(books.part(posted, "120.00"), total="120.00"))

    assert open_balance(posted) == D("-20.00")


def test_invoices_that_money_touched_are_read_again(books, business):
    company = business.company()
    first, second, third = (books.posted(company) for _ in range(3))
    ret = books.payment_ret(books.part(first, "100.00"), total="100.00")
    take(books, ret)
    Counterpart.objects.update(read_again=False)

    take(books, dataclasses.replace(ret, applied_to_txn_ret=(books.part(second, "100.00"),)))

    assert list(Counterpart.objects.filter(read_again=True).order_by("pk")) == [first, second]
    assert not third.read_again


def test_a_credit_memo_pays_as_a_credit(books):
    posted = books.posted()
    memo = messages.CreditMemoRet(
        txn_id="CCCC-1",
        time_modified="2025-06-30T10:00:00-06:00",
        edit_sequence="1",
        txn_date=books.now.date(),
        ref_number="CM-7",
        total_amount=D("50.00"),
        credit_remaining=D("20.00"),
        linked_txn=(
            dataclasses.replace(books.link("-30.00", "Invoice", posted.quickbooks_id), link_type=None),
        ),
    )

    inbox.take_credits(books.company_file, [memo], now=books.now)

    assert received() == [("credit", D("50.00"), D("20.00"), False, [(posted.name, D("30.00"), D("0.00"))])]
    assert open_balance(posted) == D("70.00")


def test_a_payment_that_only_carries_a_credit_adds_nothing(books):
    posted = books.posted()

    take(books, books.payment_ret(books.part(posted, "0.00"), total="0.00"))

    assert received() == []


def test_two_links_to_one_invoice_are_one_part(books):
    posted = books.posted()

    take(books, books.payment_ret(books.part(posted, "60.00"), books.part(posted, "40.00"), total="100.00"))

    assert received() == [("payment", D("100.00"), D("0.00"), False, [(posted.name, D("100.00"), D("0.00"))])]


def test_a_chunk_of_payments_costs_a_handful_of_statements(books, business, at_most):
    company = business.company()
    posted = [books.posted(company) for _ in range(30)]
    rets = [books.payment_ret(books.part(one, "100.00"), total="100.00") for one in posted]

    with at_most(25):
        take(books, *rets)

    assert PaymentPart.objects.count() == 30
