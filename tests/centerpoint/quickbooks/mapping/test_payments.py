"""What QuickBooks says of money that came."""

import datetime as dt
from decimal import Decimal

from centerpoint.quickbooks.mapping.payments import PartFacts, ReceivedFacts, received, received_credit
from centerpoint.quickbooks.models import ReceivedPayment
from qbxml import messages

DAY = dt.date(2026, 3, 20)
STAMPS = {"time_modified": "2026-03-20T09:00:00-06:00", "edit_sequence": "1774000000"}
CUSTOMER = messages.Ref(list_id="8-1", full_name="Harbor View:5431 Clubhouse")


def test_a_check_over_two_invoices_with_a_discount_and_a_rest():
    facts = received(
        messages.ReceivePaymentRet(
            txn_id="A1-1",
            **STAMPS,
            customer_ref=CUSTOMER,
            txn_date=DAY,
            ref_number="1071",
            total_amount=Decimal("300.00"),
            payment_method_ref=messages.Ref(full_name="Check"),
            memo="both",
            unused_payment=Decimal("2.00"),
            applied_to_txn_ret=(
                messages.AppliedToTxnRet(
                    txn_id="B1-1", txn_type="Invoice", ref_number="5431", amount=Decimal("98.00")
                ),
                messages.AppliedToTxnRet(
                    txn_id="B2-1",
                    txn_type="Invoice",
                    ref_number="5432",
                    amount=Decimal("200.00"),
                    discount_amount=Decimal("4.00"),
                ),
            ),
        )
    )

    assert facts == ReceivedFacts(
        kind=ReceivedPayment.Kind.PAYMENT,
        txn_id="A1-1",
        edit_sequence="1774000000",
        time_modified="2026-03-20T09:00:00-06:00",
        customer_list_id="8-1",
        customer_full_name="Harbor View:5431 Clubhouse",
        received_on=DAY,
        reference="1071",
        method="Check",
        total=Decimal("300.00"),
        unapplied=Decimal("2.00"),
        memo="both",
        parts=(
            PartFacts(txn_id="B1-1", txn_type="Invoice", ref_number="5431", amount=Decimal("98.00")),
            PartFacts(
                txn_id="B2-1",
                txn_type="Invoice",
                ref_number="5432",
                amount=Decimal("200.00"),
                discount=Decimal("4.00"),
            ),
        ),
    )


def test_a_credit_memo_pays_with_the_money_of_its_links_and_not_with_quantities():
    def link(txn_id, txn_type, amount, link_type="AMTTYPE"):
        return messages.LinkedTxn(
            txn_id=txn_id, txn_type=txn_type, txn_date=DAY, link_type=link_type, amount=Decimal(amount)
        )

    facts = received_credit(
        messages.CreditMemoRet(
            txn_id="C1-1",
            **STAMPS,
            customer_ref=CUSTOMER,
            txn_date=DAY,
            total_amount=Decimal("80.00"),
            credit_remaining=Decimal("30.00"),
            linked_txn=(link("B1-1", "Invoice", "-50.00"), link("S1-1", "SalesOrder", "3", "QUANTYPE")),
        )
    )

    assert (facts.kind, facts.total, facts.unapplied, facts.parts) == (
        ReceivedPayment.Kind.CREDIT,
        Decimal("80.00"),
        Decimal("30.00"),
        (PartFacts(txn_id="B1-1", txn_type="Invoice", ref_number="", amount=Decimal("50.00")),),
    )
