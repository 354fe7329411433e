"""A day of payments in the office."""

from decimal import Decimal

import pytest
from by_hand.desktop import Desktop

from qbemulator import rounds


@pytest.fixture
def invoiced(desktop: Desktop) -> Desktop:
    """Forty open invoices of two customers."""
    for number in range(40):
        customer = ("Bay Area Storage", "Greenfield Apartments")[number % 2]
        desktop.office.add_invoice(customer, [("Service", "120.00")], ref_number=str(5000 + number))
    return desktop


def test_a_round_pays_in_every_way(invoiced: Desktop) -> None:
    happened = rounds.pay_some(invoiced.office, count=25, seed=3)

    assert set(happened) == {
        "payments over two invoices",
        "partial payments",
        "discounted payments",
        "whole payments",
        "payments deleted",
    }
    assert sum(happened.values()) - happened["payments deleted"] == 25
    payments = invoiced.books.payments
    assert len(payments) == 25 - happened["payments deleted"]
    assert all(Decimal(payment["UnusedPayment"]) == 0 for payment in payments)


def test_the_same_seed_pays_the_same(invoiced: Desktop) -> None:
    snapshot = invoiced.books.storage.snapshot()
    first = rounds.pay_some(invoiced.office, count=10, seed=7)
    paid = invoiced.books.payments

    invoiced.books.storage.restore(snapshot)

    assert invoiced.books.payments == []
    assert rounds.pay_some(invoiced.office, count=10, seed=7) == first
    assert invoiced.books.payments == paid


def test_a_round_ends_when_nothing_is_open_any_more(invoiced: Desktop) -> None:
    happened = rounds.pay_some(invoiced.office, count=1000, seed=1)

    over_two, undone = happened["payments over two invoices"], happened["payments deleted"]
    assert sum(happened.values()) - undone + over_two == 40


def test_nothing_open_means_nothing_paid(desktop: Desktop) -> None:
    assert rounds.pay_some(desktop.office, count=5, seed=1) == {}
