"""Payments received: which invoices they pay, with discounts and credits, and what is left over (protocol.md E.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from qbemulator.company_file import (
    amounts,
    customers,
    identity,
    lists,
    locks,
    refusals,
    sales_forms,
    transactions,
)
from qbemulator.company_file.lists import Fields, ListRecord, Reference
from qbemulator.company_file.storage import Storage
from qbemulator.company_file.transactions import INVOICE, PAYMENT, Transaction

REFERENCES = {
    "ARAccountRef": "Account",
    "PaymentMethodRef": "PaymentMethod",
    "DepositToAccountRef": "Account",
}
AMOUNT_FIELD = "AppliedToTxnAdd payment amount"


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """One invoice that a payment pays. `amount` None means as much as is due and left; `credits` are (TxnID, amount)."""

    txn_id: str
    amount: Decimal | None = None
    discount: Decimal = Decimal(0)
    discount_account: Reference | None = None
    discount_class: Reference | None = None
    credits: tuple[tuple[str, Decimal], ...] = ()


def add(
    storage: Storage,
    fields: Fields,
    applied: Sequence[Applied],
    *,
    auto_apply: bool,
    today: date,
    now: int,
) -> Transaction:
    """Receive a payment. With `auto_apply` the oldest open invoices of the customer and its jobs are paid first.

    Refused: 3140 references, 3171 closed period, 3176 an invoice open on a screen, 3210 more than is due or than came.
    """
    fields = dict(fields)
    customer = customers.resolve(storage, fields.pop("CustomerRef"), where=PAYMENT)
    txn_date: str = fields.pop("TxnDate", None) or today.isoformat()
    locks.refuse_closed_period(storage, txn_date, "add")
    external_guid = fields.pop("ExternalGUID", None)
    identity.refuse_used_guid(storage, "transactions", external_guid)
    ref_number = fields.pop("RefNumber", None)
    total = _total(storage, fields.pop("TotalAmount", None), applied)
    customers.resolve_references(storage, fields, REFERENCES, where=PAYMENT)
    fields.setdefault("ARAccountRef", _account(storage, "Accounts Receivable"))
    fields.setdefault("DepositToAccountRef", _account(storage, "Undeposited Funds"))
    numbers = identity.transaction_numbers(storage, lines=0, now=now)
    entry = Transaction(
        sequence=numbers.sequence,
        txn_id=numbers.txn_id,
        kind=PAYMENT,
        txn_number=numbers.txn_number,
        customer_id=customer.list_id,
        txn_date=txn_date,
        ref_number=ref_number,
        ref_key=transactions.ref_key(ref_number),
        created=now,
        modified=now,
        edit_sequence=now,
        subtotal=total,
        tax=0,
        total=total,
        open_amount=total,
        is_pending=False,
        is_void=False,
        external_guid=external_guid,
        fields=fields,
    )
    transactions.insert(storage, entry, [], now=now)
    if auto_apply:
        _apply_to_oldest(storage, entry, customer, now=now)
    for part in applied:
        _apply(storage, entry, customer, part, now=now)
    return transactions.existing(storage, PAYMENT, entry.txn_id)


def change(
    storage: Storage, txn_id: str, changes: Fields, applied: Sequence[Applied] | None, *, now: int
) -> Transaction:
    """A person edits a payment: new total, date, number, method; `applied` (when given) replaces what it paid."""
    before = transactions.existing(storage, PAYMENT, txn_id)
    locks.refuse_locked_transaction(storage, txn_id, "modify")
    locks.refuse_closed_period(storage, before.txn_date, "modify")
    changes = dict(changes)
    total = amounts.cents(Decimal(changes.pop("TotalAmount"))) if "TotalAmount" in changes else before.total
    if applied is not None:
        unapply_everything(storage, txn_id, now=now)
    before = transactions.existing(storage, PAYMENT, txn_id)
    used = before.total - before.open_amount
    if total < used:
        raise refusals.invalid_value(
            "TotalAmount", amounts.amount_text(total), "The payment is less than was applied."
        )
    entry = replace(before, fields=dict(before.fields))
    entry.txn_date = changes.pop("TxnDate", entry.txn_date)
    if "RefNumber" in changes:
        entry.ref_number = changes.pop("RefNumber")
        entry.ref_key = transactions.ref_key(entry.ref_number)
    customers.resolve_references(storage, changes, REFERENCES, where=PAYMENT)
    customers.merge(entry.fields, changes)
    entry.subtotal = entry.total = total
    entry.open_amount = total - used
    transactions.update(storage, entry, before=before, now=now)
    customer = lists.get(storage, "Name", entry.customer_id)
    assert customer is not None
    for part in applied or ():
        _apply(storage, entry, customer, part, now=now)
    return transactions.existing(storage, PAYMENT, txn_id)


def void(storage: Storage, txn_id: str, *, now: int) -> Transaction:
    """The payment becomes 0, its invoices are open again."""
    before = transactions.existing(storage, PAYMENT, txn_id)
    locks.refuse_locked_transaction(storage, txn_id, "void")
    locks.refuse_closed_period(storage, before.txn_date, "void")
    unapply_everything(storage, txn_id, now=now)
    before = transactions.existing(storage, PAYMENT, txn_id)
    memo = before.fields.get("Memo")
    entry = replace(before, fields={**before.fields, "Memo": f"VOID: {memo}" if memo else "VOID:"})
    entry.subtotal = entry.total = entry.open_amount = 0
    entry.is_void = True
    transactions.update(storage, entry, before=before, now=now)
    return entry


def unapply_everything(storage: Storage, txn_id: str, *, now: int) -> None:
    for application in transactions.applications_of(storage, txn_id) + transactions.credits_set_by(
        storage, txn_id
    ):
        transactions.unapply(storage, application, now=now)


def _total(storage: Storage, given: str | None, applied: Sequence[Applied]) -> int:
    if given is not None:
        return amounts.cents(Decimal(given))
    total = 0
    for part in applied:
        invoice = transactions.existing(storage, INVOICE, part.txn_id)
        total += invoice.open_amount if part.amount is None else amounts.cents(part.amount)
    return total


def _apply(storage: Storage, payment: Transaction, customer: ListRecord, part: Applied, *, now: int) -> None:
    invoice = transactions.existing(storage, INVOICE, part.txn_id)
    _refuse_foreign_invoice(storage, invoice, customer)
    locks.refuse_locked_transaction(storage, part.txn_id, "modify")
    for credit_id, wanted in part.credits:
        sales_forms.apply_credit(
            storage,
            credit_id=credit_id,
            invoice_id=part.txn_id,
            amount=amounts.cents(wanted),
            payment_id=payment.txn_id,
            now=now,
        )
    due = transactions.existing(storage, INVOICE, part.txn_id).open_amount
    left = transactions.existing(storage, PAYMENT, payment.txn_id).open_amount
    discount = amounts.cents(part.discount)
    amount = min(left, due - discount) if part.amount is None else amounts.cents(part.amount)
    text = amounts.amount_text(amount)
    if invoice.is_pending or amount + discount > due or amount < 0:
        raise refusals.invalid_value(AMOUNT_FIELD, text, "You cannot pay more than the amount due.")
    if amount > left:
        raise refusals.invalid_value(AMOUNT_FIELD, text, "You cannot apply more than the payment received.")
    if not amount and not discount:
        return
    transactions.apply(
        storage,
        invoice_id=part.txn_id,
        source_id=payment.txn_id,
        amount=amount,
        discount=discount,
        discount_account=_referenced(storage, "Account", part.discount_account),
        discount_class=_referenced(storage, "Class", part.discount_class),
        now=now,
    )


def _apply_to_oldest(storage: Storage, payment: Transaction, customer: ListRecord, *, now: int) -> None:
    family = [customer.list_id, *(job.list_id for job in lists.descendants(storage, customer))]
    marks = ", ".join("?" * len(family))
    rows = storage.all(
        f"SELECT txn_id, open_amount FROM transactions WHERE kind = ? AND customer_id IN ({marks})"  # noqa: S608
        " AND open_amount > 0 AND is_pending = 0 ORDER BY txn_date, sequence",
        (INVOICE, *family),
    )
    left = payment.total
    for row in rows:
        amount = min(left, row["open_amount"])
        if amount <= 0:
            break
        transactions.apply(
            storage, invoice_id=row["txn_id"], source_id=payment.txn_id, amount=amount, now=now
        )
        left -= amount


def _refuse_foreign_invoice(storage: Storage, invoice: Transaction, customer: ListRecord) -> None:
    """A payment pays its own customer's or job's invoices, and those of jobs below it."""
    if invoice.customer_id == customer.list_id:
        return
    owner = lists.get(storage, "Name", invoice.customer_id)
    assert owner is not None
    if not owner.sort_key.startswith(customer.sort_key + lists.BELOW):
        raise refusals.cannot_save(PAYMENT, "The transaction to be paid belongs to another customer.")


def _referenced(storage: Storage, list_name: str, reference: Reference | None) -> str | None:
    if reference is None:
        return None
    return lists.resolve(storage, list_name, reference, where=PAYMENT).list_id


def _account(storage: Storage, full_name: str) -> str:
    account = lists.find(storage, "Account", Reference(full_name=full_name))
    assert account is not None, full_name
    return account.list_id
