"""What the bookkeeper sees of the money that came in."""

from decimal import Decimal

import pytest

from centerpoint.quickbooks import inbox
from centerpoint.quickbooks.inbox import queries

pytestmark = pytest.mark.django_db
D = Decimal


def test_parts_that_pay_strangers_are_listed_beside_ours(books):
    posted = books.posted()
    ret = books.payment_ret(books.part(posted, "100.00"), books.part("FFFF-1", "30.00"), total="130.00")
    strangers = books.payment_ret(books.part("EEEE-1", "70.00"), total="70.00")
    inbox.take_payments(books.company_file, [ret, strangers], now=books.now)

    listed = [
        (payment.total, [(part.amount, part.is_ours) for part in payment.parts.all()])
        for payment in queries.payments_received(books.company_file)
    ]

    assert listed == [
        (D("70.00"), [(D("70.00"), False)]),
        (D("130.00"), [(D("100.00"), True), (D("30.00"), False)]),
    ]
    assert [part.txn_id for part in queries.parts_elsewhere(books.company_file)] == ["FFFF-1"]


def test_invoices_whose_balances_differ_are_found(books):
    posted, tied = books.posted(), books.posted()
    inbox.take_invoices(
        books.company_file,
        [
            books.invoice_ret(posted, balance_remaining=D("40.00")),
            books.invoice_ret(tied, [books.link("-30.00")]),
        ],
        now=books.now,
    )

    told = [(one.invoice, one.balance, one.balance_there) for one in queries.untied(books.company_file)]

    assert told == [(posted.invoice, D("100.00"), D("40.00"))]
