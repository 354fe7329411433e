"""Payments and credits: mirrored as QuickBooks has them, and received here as far as they pay our invoices.

A part pays an invoice of ours only when it names the TxnID of that invoice's counterpart; a number proves nothing.
What became of a payment is worked out anew from its mirror each time, so taking it in twice changes nothing.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Prefetch

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Payment, PaymentPart
from centerpoint.quickbooks.mapping import payments
from centerpoint.quickbooks.mapping.payments import PartFacts, ReceivedFacts
from centerpoint.quickbooks.models import (
    CompanyFile,
    Counterpart,
    ReceivedPart,
    ReceivedPayment,
    RecordKind,
)
from qbxml.messages import CreditMemoRet, ReceivePaymentRet

ZERO = Decimal(0)
_COLUMNS = (
    "kind",
    "edit_sequence",
    "time_modified",
    "customer_list_id",
    "customer_full_name",
    "received_on",
    "reference",
    "method",
    "total",
    "unapplied",
    "memo",
    "is_deleted",
)
_PART_COLUMNS = ("txn_type", "ref_number", "amount", "discount")


def take_payments(company_file: CompanyFile, rets: Sequence[ReceivePaymentRet], *, now: dt.datetime) -> None:
    _take(company_file, [payments.received(ret) for ret in rets], now=now)


def take_credits(company_file: CompanyFile, rets: Sequence[CreditMemoRet], *, now: dt.datetime) -> None:
    _take(company_file, [payments.received_credit(ret) for ret in rets], now=now)


def _take(company_file: CompanyFile, facts: Iterable[ReceivedFacts], *, now: dt.datetime) -> None:
    told = {fact.txn_id: fact for fact in facts}
    told_parts = {txn_id: _parts(fact) for txn_id, fact in told.items()}
    known = {
        mirror.txn_id: mirror
        for mirror in ReceivedPayment.objects.filter(
            company_file=company_file, txn_id__in=told
        ).prefetch_related("parts")
    }
    changed, touched = [], set()
    for txn_id, fact in told.items():
        mirror, old = _mirror(company_file, fact, now), known.get(txn_id)
        parts_before = {part.txn_id: _part_columns(part) for part in old.parts.all()} if old else {}
        parts = {part.txn_id: _part_columns(part) for part in told_parts[txn_id]}
        if old is not None and parts == parts_before and not _differs(mirror, old):
            continue
        changed.append(mirror)
        touched |= parts.keys() | parts_before.keys()
    if not changed:
        return
    ReceivedPayment.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["company_file", "txn_id"],
        update_fields=[*_COLUMNS, "read_at"],
    )
    ReceivedPart.objects.filter(received_payment__in=changed).delete()
    ReceivedPart.objects.bulk_create(
        ReceivedPart(
            received_payment=mirror,
            txn_id=part.txn_id,
            txn_type=part.txn_type,
            ref_number=part.ref_number,
            amount=part.amount,
            discount=part.discount,
        )
        for mirror in changed
        for part in told_parts[mirror.txn_id]
    )
    read_again(company_file, touched)
    settle(company_file, [mirror.pk for mirror in changed], now=now)


def _parts(fact: ReceivedFacts) -> list[PartFacts]:
    """One part for each transaction, however many links QuickBooks has between the two."""
    parts: dict[str, PartFacts] = {}
    for part in fact.parts:
        first = parts.get(part.txn_id)
        if first is not None:
            part = replace(first, amount=first.amount + part.amount, discount=first.discount + part.discount)
        parts[part.txn_id] = part
    return list(parts.values())


def _mirror(company_file: CompanyFile, fact: ReceivedFacts, now: dt.datetime) -> ReceivedPayment:
    return ReceivedPayment(
        company_file=company_file,
        txn_id=fact.txn_id,
        read_at=now,
        **{column: getattr(fact, column) for column in _COLUMNS if column != "is_deleted"},
    )


def _part_columns(part: object) -> tuple[object, ...]:
    return tuple(getattr(part, column) for column in _PART_COLUMNS)


def _differs(mirror: ReceivedPayment, old: ReceivedPayment) -> bool:
    return any(getattr(mirror, column) != getattr(old, column) for column in _COLUMNS)


def read_again(company_file: CompanyFile, txn_ids: Collection[str]) -> None:
    """Money touched these invoices: only reading them shows all that was applied to them."""
    Counterpart.objects.filter(
        company_file=company_file,
        kind=RecordKind.INVOICE,
        quickbooks_id__in=txn_ids,
        there=Counterpart.There.PRESENT,
        read_again=False,
    ).update(read_again=True)


@dataclass(frozen=True, slots=True)
class OurInvoice:
    pk: int
    company_id: int


def settle(company_file: CompanyFile, mirror_ids: Collection[int], *, now: dt.datetime) -> None:
    """Receive, change or withdraw here what these mirrors say, in a fixed number of statements."""
    mirrors = list(
        ReceivedPayment.objects.filter(pk__in=mirror_ids)
        .select_related("payment")
        .prefetch_related("parts", Prefetch("payment__parts", queryset=PaymentPart.objects.order_by("pk")))
        .order_by("pk")
    )
    invoices = _our_invoices(company_file, {part.txn_id for mirror in mirrors for part in mirror.parts.all()})
    new: list[tuple[ReceivedPayment, billing.Receipt]] = []
    changes: dict[int, billing.Receipt] = {}
    gone: list[int] = []
    for mirror in mirrors:
        standing = mirror.payment if mirror.payment and mirror.payment.withdrawn_at is None else None
        receipt = _receipt(mirror, invoices, standing)
        if receipt is None and standing is not None:
            gone.append(standing.pk)
        elif receipt is not None and standing is None:
            new.append((mirror, receipt))
        elif receipt is not None and standing is not None and _says_something_new(receipt, standing):
            changes[standing.pk] = receipt
    contractor = company_file.contractor
    if gone:
        billing.withdraw_payments(contractor=contractor, payment_ids=gone, now=now)
    if changes:
        billing.change_payments(contractor=contractor, changes=changes, now=now, as_booked=True)
    if new:
        receipts = [receipt for _, receipt in new]
        received = billing.receive_payments(contractor=contractor, receipts=receipts, now=now, as_booked=True)
        for (mirror, _), payment in zip(new, received, strict=True):
            mirror.payment = payment
        ReceivedPayment.objects.bulk_update([mirror for mirror, _ in new], ["payment"])


def _our_invoices(company_file: CompanyFile, txn_ids: Collection[str]) -> dict[str, OurInvoice]:
    counterparts = Counterpart.objects.filter(
        company_file=company_file, kind=RecordKind.INVOICE, quickbooks_id__in=txn_ids
    )
    rows = counterparts.values_list("quickbooks_id", "invoice", "invoice__bill_to")
    return {txn_id: OurInvoice(invoice, bill_to) for txn_id, invoice, bill_to in rows}


def _receipt(
    mirror: ReceivedPayment, invoices: Mapping[str, OurInvoice], standing: Payment | None
) -> billing.Receipt | None:
    """What the mirror is to us; None for money that is not about our invoices.

    The amount leaves out what pays invoices we do not know. A payment that paid ours before and is unapplied now
    stays, as the company's open money.
    """
    if mirror.is_deleted:
        return None
    parts = sorted(mirror.parts.all(), key=lambda part: part.pk)
    ours = [part for part in parts if part.txn_id in invoices and _pays(part)]
    if ours:
        company_id = invoices[ours[0].txn_id].company_id
    elif standing is not None:
        company_id = standing.company_id
    else:
        return None
    applied = sum((part.amount for part in ours), ZERO)
    elsewhere = sum((part.amount for part in parts if part.txn_id not in invoices), ZERO)
    amount = max(mirror.total - elsewhere, applied)
    if not ours and amount <= 0:
        return None
    return billing.Receipt(
        company_id=company_id,
        amount=amount,
        received_on=mirror.received_on,
        parts=[
            billing.Part(invoice_id=invoices[part.txn_id].pk, amount=part.amount, discount=part.discount)
            for part in ours
        ],
        kind=(Payment.Kind.PAYMENT if mirror.kind == ReceivedPayment.Kind.PAYMENT else Payment.Kind.CREDIT),
        method=mirror.method,
        reference=mirror.reference,
    )


def _pays(part: ReceivedPart) -> bool:
    """A part of nothing only carries a credit, which comes by itself."""
    return min(part.amount, part.discount) >= 0 and part.amount + part.discount > 0


def _says_something_new(receipt: billing.Receipt, standing: Payment) -> bool:
    parts = {part.invoice_id: (part.amount, part.discount) for part in receipt.parts}
    parts_here = {part.invoice_id: (part.amount, part.discount) for part in standing.parts.all()}
    columns = ("company_id", "amount", "received_on", "kind", "method", "reference")
    return parts != parts_here or any(
        getattr(receipt, column) != getattr(standing, column) for column in columns
    )
