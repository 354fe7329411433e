"""PURE: what a payment or a credit memo of QuickBooks says."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from centerpoint.quickbooks.models import ReceivedPayment
from qbxml.messages import CreditMemoRet, ReceivePaymentRet, Ref

QUANTITY_LINK = "QUANTYPE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFacts:
    """The part of a payment applied to one transaction."""

    txn_id: str
    txn_type: str
    ref_number: str
    amount: Decimal
    discount: Decimal = Decimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFacts:
    """A payment or credit memo, and where it went."""

    kind: ReceivedPayment.Kind
    txn_id: str
    edit_sequence: str
    time_modified: str
    customer_list_id: str
    customer_full_name: str
    received_on: dt.date
    reference: str
    method: str
    total: Decimal
    unapplied: Decimal
    memo: str
    parts: tuple[PartFacts, ...]


def received(ret: ReceivePaymentRet) -> ReceivedFacts:
    """Each AppliedToTxnRet is a part; a discount is no part of the payment's total."""
    assert ret.txn_id and ret.txn_date, "QuickBooks leaves neither out when nobody asked it to"
    return ReceivedFacts(
        kind=ReceivedPayment.Kind.PAYMENT,
        txn_id=ret.txn_id,
        edit_sequence=ret.edit_sequence or "",
        time_modified=ret.time_modified or "",
        customer_list_id=_id(ret.customer_ref),
        customer_full_name=_name(ret.customer_ref),
        received_on=ret.txn_date,
        reference=ret.ref_number or "",
        method=_name(ret.payment_method_ref),
        total=ret.total_amount or Decimal(),
        unapplied=ret.unused_payment or Decimal(),
        memo=ret.memo or "",
        parts=tuple(
            PartFacts(
                txn_id=part.txn_id,
                txn_type=part.txn_type,
                ref_number=part.ref_number or "",
                amount=part.amount or Decimal(),
                discount=part.discount_amount or Decimal(),
            )
            for part in ret.applied_to_txn_ret
        ),
    )


def received_credit(ret: CreditMemoRet) -> ReceivedFacts:
    """Its links of money are its parts; QuickBooks prints the amounts of links as negative (protocol.md E.7)."""
    assert ret.txn_date, "QuickBooks does not leave it out when nobody asked it to"
    return ReceivedFacts(
        kind=ReceivedPayment.Kind.CREDIT,
        txn_id=ret.txn_id,
        edit_sequence=ret.edit_sequence,
        time_modified=ret.time_modified,
        customer_list_id=_id(ret.customer_ref),
        customer_full_name=_name(ret.customer_ref),
        received_on=ret.txn_date,
        reference=ret.ref_number or "",
        method="",
        total=ret.total_amount or Decimal(),
        unapplied=ret.credit_remaining or Decimal(),
        memo=ret.memo or "",
        parts=tuple(
            PartFacts(
                txn_id=link.txn_id,
                txn_type=link.txn_type,
                ref_number=link.ref_number or "",
                amount=abs(link.amount),
            )
            for link in ret.linked_txn
            if link.link_type != QUANTITY_LINK
        ),
    )


def _id(ref: Ref | None) -> str:
    return (ref.list_id or "") if ref is not None else ""


def _name(ref: Ref | None) -> str:
    return (ref.full_name or "") if ref is not None else ""
