"""Money and credits received, and the parts of them that pay invoices.

Paying changes nothing the books must be told about the invoice, so it is no revision of it: only `paid` and `balance`
follow, and only `_keep_balances` writes them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from centerpoint.billing.models import Invoice, InvoiceStatus, Payment, PaymentPart
from centerpoint.billing.money import ZERO
from centerpoint.billing.operations.writing import standing
from centerpoint.companies.models import Company
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors import history
from centerpoint.contractors.fields import cleaned
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.refusals import Refusal, dollars
from centerpoint.contractors.revisions import refuse_stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a payment pays of one invoice. A discount settles that much more without any money."""

    invoice_id: int
    amount: Decimal
    discount: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A payment as somebody enters it or as the books have it; what the parts leave over is unapplied."""

    company_id: int
    amount: Decimal
    received_on: dt.date
    parts: Sequence[Part] = field(default=())
    kind: Payment.Kind = Payment.Kind.PAYMENT
    method: str = ""
    reference: str = ""


class NotAPayment(Refusal):
    def __init__(self, receipt: Receipt) -> None:
        super().__init__(
            f"{dollars(receipt.amount)} is no payment; write more than zero, and no part of it below zero or twice "
            "for one invoice."
        )


class PartsExceedPayment(Refusal):
    def __init__(self, receipt: Receipt, applied: Decimal) -> None:
        super().__init__(
            f"The parts come to {dollars(applied)}, more than the {dollars(receipt.amount)} that was received."
        )


class InvoiceNotPayable(Refusal):
    def __init__(self, invoice: Invoice) -> None:
        super().__init__(f"{invoice} is {standing(invoice)}; only an issued invoice can be paid.")


class InvoiceOfAnotherCompany(Refusal):
    def __init__(self, invoice: Invoice) -> None:
        super().__init__(f"{invoice} is billed to another company than the one that pays.")


class MoreThanTheBalance(Refusal):
    def __init__(self, invoice: Invoice, part: Part) -> None:
        wanted = part.amount + part.discount
        super().__init__(
            f"{invoice} has {dollars(invoice.balance + wanted)} open; {dollars(wanted)} is more than that. "
            "Leave the rest of the payment unapplied."
        )


class PaymentIsWithdrawn(Refusal):
    def __init__(self, payment: Payment) -> None:
        super().__init__(f"{payment} was withdrawn; enter a new payment.")


def receive_payment(
    *,
    company: Company,
    amount: Decimal,
    received_on: dt.date,
    now: dt.datetime,
    parts: Sequence[Part] = (),
    kind: Payment.Kind = Payment.Kind.PAYMENT,
    method: str = "",
    reference: str = "",
    as_booked: bool = False,
) -> Payment:
    """Take in one payment or credit; see `receive_payments`."""
    receipt = Receipt(
        company_id=company.pk,
        amount=amount,
        received_on=received_on,
        parts=parts,
        kind=kind,
        method=method,
        reference=reference,
    )
    contractor = Contractor(pk=company.contractor_id)
    return receive_payments(contractor=contractor, receipts=[receipt], now=now, as_booked=as_booked)[0]


@transaction.atomic
def receive_payments(
    *, contractor: Contractor, receipts: Sequence[Receipt], now: dt.datetime, as_booked: bool = False
) -> list[Payment]:
    """Take in many, all or none, in a fixed number of statements.

    `as_booked`: the books hold it already, so neither the balance nor the company nor the state of the invoice stands
    in the way; an invoice paid too much then shows a negative balance.
    """
    _check_companies(contractor, receipts)
    payments = Payment.objects.bulk_create(
        (
            Payment(contractor=contractor, created_at=now, **_values(receipt, as_booked))
            for receipt in receipts
        ),
        batch_size=500,
    )
    _apply(contractor, dict(zip(payments, receipts, strict=True)), as_booked=as_booked)
    history.record_many(payments, "Received", now=now)
    return payments


@transaction.atomic
def change_payment(
    *,
    payment: Payment,
    receipt: Receipt,
    now: dt.datetime,
    expected: int | None = None,
    as_booked: bool = False,
) -> Payment:
    """Replace a payment and its parts by what it turned out to be; see `change_payments`.

    Raises StaleRevision when `expected` is not the payment's revision any more.
    """
    contractor = Contractor(pk=payment.contractor_id)
    [locked] = _locked_payments(contractor, [payment.pk])
    refuse_stale(locked, expected)
    change_payments(contractor=contractor, changes={payment.pk: receipt}, now=now, as_booked=as_booked)
    payment.refresh_from_db()
    return payment


@transaction.atomic
def change_payments(
    *, contractor: Contractor, changes: Mapping[int, Receipt], now: dt.datetime, as_booked: bool = False
) -> list[Payment]:
    """Replace many payments, by id, and their parts; in a fixed number of statements."""
    payments = _locked_payments(contractor, changes)
    _check_companies(contractor, list(changes.values()))
    differences = [
        (payment, _take_over(payment, _values(changes[payment.pk], as_booked))) for payment in payments
    ]
    Payment.objects.bulk_update(payments, [*_FIELDS, "revision"], batch_size=500)
    old_parts = PaymentPart.objects.filter(payment__in=changes)
    paid_before = set(old_parts.values_list("invoice_id", flat=True))
    old_parts.delete()
    _apply(
        contractor,
        {payment: changes[payment.pk] for payment in payments},
        as_booked=as_booked,
        also=paid_before,
    )
    history.record_each(differences, "Changed", now=now)
    return payments


def _take_over(payment: Payment, values: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """Set the payment's columns; what differed, by name, as it was and as it is."""
    if payment.withdrawn_at is not None:
        raise PaymentIsWithdrawn(payment)
    payment.revision += 1
    before = {name: getattr(payment, name) for name in values}
    for name, value in values.items():
        setattr(payment, name, value)
    return {name: (before[name], value) for name, value in values.items() if before[name] != value}


@transaction.atomic
def withdraw_payment(*, payment: Payment, now: dt.datetime, expected: int | None = None) -> Payment:
    """It bounced or was deleted: what it paid is open again. Its parts stay readable. Twice is once.

    Raises StaleRevision when `expected` is not the payment's revision any more.
    """
    contractor = Contractor(pk=payment.contractor_id)
    [locked] = _locked_payments(contractor, [payment.pk])
    refuse_stale(locked, expected)
    withdraw_payments(contractor=contractor, payment_ids=[payment.pk], now=now)
    payment.refresh_from_db()
    return payment


@transaction.atomic
def withdraw_payments(*, contractor: Contractor, payment_ids: Iterable[int], now: dt.datetime) -> None:
    ids = list(payment_ids)
    counting = [payment for payment in _locked_payments(contractor, ids) if payment.withdrawn_at is None]
    Payment.objects.filter(pk__in=ids, withdrawn_at=None).update(withdrawn_at=now)
    history.record_many(counting, "Withdrawn", now=now)
    paid = PaymentPart.objects.filter(payment__in=ids).values_list("invoice_id", flat=True)
    _keep_balances(_locked_invoices(contractor, set(paid)))


_FIELDS = ("company_id", "kind", "amount", "unapplied", "method", "received_on", "reference")


def _values(receipt: Receipt, as_booked: bool) -> dict[str, object]:
    """The columns of a payment, checked; `unapplied` is what its parts leave."""
    values = cleaned(
        Payment,
        {
            "kind": receipt.kind,
            "amount": receipt.amount,
            "method": receipt.method,
            "received_on": receipt.received_on,
            "reference": receipt.reference,
        },
    )
    for part in receipt.parts:
        cleaned(PaymentPart, {"amount": part.amount, "discount": part.discount})
    applied = sum((part.amount for part in receipt.parts), ZERO)
    _check_amounts(receipt, applied, as_booked)
    return {**values, "company_id": receipt.company_id, "unapplied": receipt.amount - applied}


def _check_amounts(receipt: Receipt, applied: Decimal, as_booked: bool) -> None:
    discounted = any(part.discount > 0 for part in receipt.parts)
    # The books know payments of nothing: they only hand out discounts or existing credits.
    nothing = receipt.amount == 0 and not discounted and not as_booked
    negative = any(part.amount < 0 or part.discount < 0 for part in receipt.parts)
    invoices = [part.invoice_id for part in receipt.parts]
    if receipt.amount < 0 or nothing or negative or len(set(invoices)) < len(invoices):
        raise NotAPayment(receipt)
    if applied > receipt.amount:
        raise PartsExceedPayment(receipt, applied)


def _check_companies(contractor: Contractor, receipts: Sequence[Receipt]) -> None:
    wanted = {receipt.company_id for receipt in receipts}
    if Company.objects.filter(contractor=contractor, pk__in=wanted).count() != len(wanted):
        raise OfAnotherContractor("company")


def _locked_payments(contractor: Contractor, ids: Iterable[int]) -> list[Payment]:
    wanted = set(ids)
    payments = Payment.objects.select_for_update().filter(contractor=contractor, pk__in=wanted).order_by("pk")
    found = list(payments)
    if len(found) != len(wanted):
        raise OfAnotherContractor("payment")
    return found


def _locked_invoices(contractor: Contractor, ids: set[int]) -> dict[int, Invoice]:
    """In the order of their ids, so that two writers never wait for each other."""
    invoices = Invoice.objects.select_for_update().filter(contractor=contractor, pk__in=ids).order_by("pk")
    found = {invoice.pk: invoice for invoice in invoices}
    if len(found) != len(ids):
        raise OfAnotherContractor("invoice")
    return found


def _apply(
    contractor: Contractor,
    receipts: Mapping[Payment, Receipt],
    *,
    as_booked: bool,
    also: Iterable[int] = (),
) -> None:
    """Write the parts and bring the invoices up to date; `also` names invoices that lost a part."""
    paying = [(payment, part) for payment, receipt in receipts.items() for part in receipt.parts]
    invoices = _locked_invoices(contractor, {part.invoice_id for _, part in paying} | set(also))
    PaymentPart.objects.bulk_create(
        (
            PaymentPart(
                payment=payment,
                invoice_id=part.invoice_id,
                amount=part.amount,
                discount=part.discount,
            )
            for payment, part in paying
        ),
        batch_size=500,
    )
    _keep_balances(invoices)
    if as_booked:
        return
    for payment, part in paying:
        invoice = invoices[part.invoice_id]
        if invoice.status != InvoiceStatus.ISSUED:
            raise InvoiceNotPayable(invoice)
        if invoice.bill_to_id != payment.company_id:
            raise InvoiceOfAnotherCompany(invoice)
        if invoice.balance < 0:
            raise MoreThanTheBalance(invoice, part)


def _keep_balances(invoices: Mapping[int, Invoice]) -> None:
    """The one place that writes what of an invoice is paid and open. A void invoice asks for nothing."""
    paid: dict[int, Decimal] = defaultdict(lambda: ZERO)
    parts = PaymentPart.objects.filter(invoice__in=invoices, payment__withdrawn_at=None)
    # Added up here: SQLite would add in binary fractions.
    for invoice_id, amount, discount in parts.values_list("invoice_id", "amount", "discount"):
        paid[invoice_id] += amount + discount
    for invoice in invoices.values():
        owed = ZERO if invoice.status == InvoiceStatus.VOID else invoice.total
        invoice.paid = paid[invoice.pk]
        invoice.balance = owed - invoice.paid
    Invoice.objects.bulk_update(invoices.values(), ["paid", "balance"], batch_size=500)
