"""Payments received: each check of QuickBooks, and where its money went."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from centerpoint.quickbooks import connection, inbox
from centerpoint.quickbooks.models import CompanyFile, Counterpart, ReceivedPayment, RecordKind
from qbxml import messages

D = Decimal


@pytest.fixture
def company_file(business: Any, now: Any) -> CompanyFile:
    return connection.activate(
        contractor=business.contractor, url="http://localhost:8000", now=now
    ).company_file


class Desk:
    """The bookkeeper's QuickBooks: invoices of ours that are there, and what is received for them."""

    def __init__(self, business: Any, company_file: CompanyFile, now: Any) -> None:
        self.business, self.company_file, self.now = business, company_file, now

    def posted(self, amount: str, txn_id: str) -> Any:
        invoice = self.business.invoice(amount=amount)
        Counterpart.objects.create(
            company_file=self.company_file,
            kind=RecordKind.INVOICE,
            invoice=invoice,
            quickbooks_id=txn_id,
            read_at=self.now,
        )
        return invoice

    def receive(
        self,
        *parts: tuple[str, str],
        total: str,
        unused: str = "0.00",
        reference: str = "1044",
        customer: str = "Oak Hills",
    ) -> ReceivedPayment:
        ret = messages.ReceivePaymentRet(
            txn_id=f"P-{reference}",
            time_modified="2025-06-30T10:00:00-06:00",
            edit_sequence="1751292000",
            customer_ref=messages.Ref(list_id="80000001-1", full_name=customer),
            txn_date=self.now.date(),
            ref_number=reference,
            total_amount=D(total),
            unused_payment=D(unused),
            applied_to_txn_ret=_applied(parts),
        )
        inbox.take_payments(self.company_file, [ret], now=self.now)
        return ReceivedPayment.objects.get(txn_id=ret.txn_id)


def _applied(parts: Sequence[tuple[str, str]]) -> tuple[messages.AppliedToTxnRet, ...]:
    return tuple(
        messages.AppliedToTxnRet(txn_id=txn_id, txn_type="Invoice", ref_number="S-9", amount=D(amount))
        for txn_id, amount in parts
    )


@pytest.fixture
def desk(business: Any, company_file: CompanyFile, now: Any) -> Desk:
    return Desk(business, company_file, now)


def _numbers(answer: Any) -> list[str]:
    return [payment.reference for payment in answer.context["listing"].rows]


def test_a_check_shows_each_invoice_it_paid_and_what_it_paid_elsewhere(technician: Any, desk: Desk) -> None:
    ours = desk.posted("100.00", "I-1")
    desk.receive(("I-1", "100.00"), ("X-1", "30.00"), total="150.00", unused="20.00")

    page = technician.open("quickbooks/payments/").content.decode()

    assert f"Invoice {ours.number}" in page
    assert "Invoice S-9" in page
    assert "(not ours)" in page
    assert "$20.00" in page


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("", ["3", "2", "1"]),
        ("ours", ["1"]),
        ("elsewhere", ["2"]),
        ("unapplied", ["3"]),
        ("deleted", []),
    ],
)
def test_money_is_found_by_where_it_went(
    bookkeeper: Any, desk: Desk, shown: str, expected: list[str]
) -> None:
    desk.posted("100.00", "I-1")
    desk.receive(("I-1", "100.00"), total="100.00", reference="1")
    desk.receive(("X-1", "30.00"), total="30.00", reference="2")
    desk.receive(total="40.00", unused="40.00", reference="3")

    assert _numbers(bookkeeper.open("quickbooks/payments/", shown=shown)) == expected


def test_a_check_is_found_by_the_number_of_our_invoice(bookkeeper: Any, desk: Desk) -> None:
    ours = desk.posted("100.00", "I-1")
    desk.receive(("I-1", "100.00"), total="100.00", reference="1")
    desk.receive(total="40.00", unused="40.00", reference="3")

    assert _numbers(bookkeeper.open("quickbooks/payments/", search=ours.number)) == ["1"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [("oak", ["77"]), ("ELM", ["1044"]), ("104", ["1044"]), ("s-9", ["77"]), ("4", ["1044"]), ("fir", [])],
)
def test_a_check_is_found_by_customer_reference_and_what_it_paid_there(
    bookkeeper: Any, desk: Desk, search: str, expected: list[str]
) -> None:
    desk.receive(("X-1", "30.00"), total="30.00", reference="77", customer="Oak Hills")
    desk.receive(total="40.00", unused="40.00", reference="1044", customer="Elm Street:5431")

    assert _numbers(bookkeeper.open("quickbooks/payments/", search=search)) == expected


def test_another_contractors_checks_are_not_found(
    bookkeeper: Any, desk: Desk, another_business: Any, now: Any
) -> None:
    theirs = connection.activate(contractor=another_business.contractor, url="http://localhost:8000", now=now)
    Desk(another_business, theirs.company_file, now).receive(("X-1", "30.00"), total="30.00")

    assert _numbers(bookkeeper.open("quickbooks/payments/", search="oak")) == []
    assert _numbers(bookkeeper.open("quickbooks/payments/", search="S-9")) == []


def test_the_sum_is_of_all_that_stand_not_of_the_page(bookkeeper: Any, desk: Desk) -> None:
    desk.receive(total="40.00", unused="40.00", reference="1")
    gone = desk.receive(total="9.00", unused="9.00", reference="2")
    ReceivedPayment.objects.filter(pk=gone.pk).update(is_deleted=True)

    received = bookkeeper.open("quickbooks/payments/").context["received"]

    assert (received.payments, received.total, received.unapplied, received.deleted) == (
        1,
        D("40.00"),
        D("40.00"),
        1,
    )


def test_the_page_of_a_check_explains_money_that_paid_what_we_do_not_know(
    bookkeeper: Any, desk: Desk
) -> None:
    payment = desk.receive(("X-1", "30.00"), total="30.00")

    page = bookkeeper.open(f"quickbooks/payments/{payment.pk}/").content.decode()

    assert "pays what Centerpoint did not send to QuickBooks" in page


def test_a_deleted_check_says_that_it_was_taken_back(bookkeeper: Any, desk: Desk) -> None:
    payment = desk.receive(total="30.00", unused="30.00")
    ReceivedPayment.objects.update(is_deleted=True)

    page = bookkeeper.open(f"quickbooks/payments/{payment.pk}/").content.decode()

    assert "what it paid is open again" in page


def test_the_check_of_another_contractor_is_not_there(
    bookkeeper: Any, desk: Desk, another_business: Any, now: Any
) -> None:
    theirs = connection.activate(
        contractor=another_business.contractor, url="http://localhost:8000", now=now
    ).company_file
    payment = Desk(another_business, theirs, now).receive(total="30.00", unused="30.00")

    assert bookkeeper.open(f"quickbooks/payments/{payment.pk}/").status_code == 404


def test_the_file_tells_where_each_check_went(bookkeeper: Any, desk: Desk) -> None:
    ours = desk.posted("100.00", "I-1")
    desk.receive(("I-1", "100.00"), total="120.00", unused="20.00")

    answer = bookkeeper.open("quickbooks/payments/", format="csv")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == [
        "Received,From,Kind,Reference,Where it went,Not applied,Amount",
        f"2025-06-30,{ours.bill_to.name},Payment,1044,Invoice {ours.number}: 100.00; not applied: 20.00,20.00,120.00",
    ]


def test_the_list_costs_the_same_for_many_checks(
    bookkeeper: Any, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    desk.posted("1000.00", "I-1")
    for number in range(60):
        desk.receive(("I-1", "1.00"), total="1.00", reference=str(number))

    with django_assert_max_num_queries(12):
        bookkeeper.open("quickbooks/payments/")


def test_a_payment_here_leads_to_all_of_it_there(bookkeeper: Any, desk: Desk) -> None:
    desk.posted("100.00", "I-1")
    received = desk.receive(("I-1", "100.00"), ("X-1", "30.00"), total="130.00")

    page = bookkeeper.open(f"payments/{received.payment_id}/quickbooks/").content.decode()

    assert f"{bookkeeper.base}quickbooks/payments/{received.pk}/" in page
