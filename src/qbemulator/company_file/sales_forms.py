"""Invoices and credit memos: what QuickBooks calls sales forms. One set of rules, two signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from qbemulator.company_file import (
    amounts,
    customers,
    identity,
    lists,
    locks,
    refusals,
    sale_lines,
    taxes,
    transactions,
)
from qbemulator.company_file.lists import Fields, ListRecord, Reference
from qbemulator.company_file.preferences import Preferences
from qbemulator.company_file.storage import Storage
from qbemulator.company_file.switches import Switches
from qbemulator.company_file.transactions import CREDIT_MEMO, INVOICE, Line, Transaction

REFERENCES = {
    "ClassRef": "Class",
    "ARAccountRef": "Account",
    "TemplateRef": "Template",
    "TermsRef": "Terms",
    "SalesRepRef": "SalesRep",
    "ShipMethodRef": "ShipMethod",
    "ItemSalesTaxRef": "Item",
    "CustomerMsgRef": "CustomerMsg",
    "CustomerSalesTaxCodeRef": "SalesTaxCode",
}
CANNOT_BE_CLEARED = ("CustomerRef", "ARAccountRef", "TemplateRef", "TxnDate", "ItemSalesTaxRef", "IsPending")
LINE_CANNOT_BE_CLEARED = ("ItemRef", "Quantity", "Rate", "Amount", "SalesTaxCodeRef")
TEMPLATES = {INVOICE: "Intuit Service Invoice", CREDIT_MEMO: "Custom Credit Memo"}
NEW_LINE = "-1"


def add(
    storage: Storage, kind: str, fields: Fields, lines: Sequence[Fields], *, today: date, now: int
) -> Transaction:
    """Enter a form. `fields` and `lines` are keyed by element name; references are Reference, the rest text.

    Refused: 3140 for references, 3171 for a closed period, 3180 for a form QuickBooks cannot save, 3250 for a feature
    that is off.
    """
    fields = dict(fields)
    customer = customers.resolve(storage, fields.pop("CustomerRef"), where=kind)
    txn_date: str = fields.pop("TxnDate", None) or today.isoformat()
    locks.refuse_closed_period(storage, txn_date, "add")
    external_guid = fields.pop("ExternalGUID", None)
    identity.refuse_used_guid(storage, "transactions", external_guid)
    is_pending = bool(fields.pop("IsPending", False))
    given_number = fields.pop("RefNumber", None)
    customers.resolve_references(storage, fields, REFERENCES, where=kind)
    fields = _with_defaults(storage, kind, customer, fields, txn_date)
    kept = _kept_lines(storage, kind, lines, [{} for _ in lines])
    ref_number = transactions.numbered(storage, kind, given_number)
    numbers = identity.transaction_numbers(storage, lines=len(kept), now=now)
    entry = Transaction(
        sequence=numbers.sequence,
        txn_id=numbers.txn_id,
        kind=kind,
        txn_number=numbers.txn_number,
        customer_id=customer.list_id,
        txn_date=txn_date,
        ref_number=ref_number,
        ref_key=transactions.ref_key(ref_number),
        created=now,
        modified=now,
        edit_sequence=now,
        subtotal=0,
        tax=0,
        total=0,
        open_amount=0,
        is_pending=is_pending,
        is_void=False,
        external_guid=external_guid,
        fields=fields,
    )
    _total(storage, entry, kept)
    entry.open_amount = entry.total
    stored = [
        Line(line_id, line.pop("ItemRef", None), line)
        for line_id, line in zip(numbers.line_ids, kept, strict=True)
    ]
    transactions.insert(storage, entry, stored, now=now)
    return entry


def modify(
    storage: Storage,
    kind: str,
    txn_id: str,
    edit_sequence: str,
    changes: Fields,
    lines: Sequence[Fields] | None,
    *,
    now: int,
) -> Transaction:
    """Change what `changes` names (None clears). `lines` None keeps all lines; otherwise those not named disappear."""
    entry = transactions.existing(storage, kind, txn_id)
    locks.refuse_locked_transaction(storage, txn_id, "modify")
    if edit_sequence != str(entry.edit_sequence):
        raise refusals.edit_sequence_out_of_date(edit_sequence, current=txn_id)
    return change(storage, entry, changes, lines, now=now)


def change(
    storage: Storage, before: Transaction, changes: Fields, lines: Sequence[Fields] | None, *, now: int
) -> Transaction:
    """The change itself, as a person at the screen makes it."""
    changes = dict(changes)
    for tag in CANNOT_BE_CLEARED:
        if tag in changes and changes[tag] is None:
            raise refusals.cannot_clear(tag)
    locks.refuse_closed_period(storage, before.txn_date, "modify")
    entry = replace(before, fields=dict(before.fields))
    _move_to_customer(storage, entry, changes.pop("CustomerRef", None))
    if "TxnDate" in changes:
        entry.txn_date = changes.pop("TxnDate")
        locks.refuse_closed_period(storage, entry.txn_date, "modify")
    if "RefNumber" in changes:
        entry.ref_number = changes.pop("RefNumber")
        entry.ref_key = transactions.ref_key(entry.ref_number)
    entry.is_pending = bool(changes.pop("IsPending", entry.is_pending))
    customers.resolve_references(storage, changes, REFERENCES, where=entry.kind)
    customers.merge(entry.fields, changes)
    if changes.keys() & {"TermsRef"} and "DueDate" not in changes:
        entry.fields["DueDate"] = _due_date(storage, entry.fields, entry.txn_date)
    kept = _changed_lines(storage, entry, lines)
    _total(storage, entry, [line.fields | {"ItemRef": line.item_id} for line in kept])
    _settle_applications(storage, entry, now=now)
    transactions.replace_lines(storage, entry.txn_id, kept)
    current = transactions.existing(storage, entry.kind, entry.txn_id)
    transactions.update(storage, entry, before=current, now=now)
    return entry


def void(storage: Storage, kind: str, txn_id: str, *, now: int) -> Transaction:
    """All amounts become 0, the memo says so, id and number stay; payments on it become unapplied."""
    before = transactions.existing(storage, kind, txn_id)
    locks.refuse_locked_transaction(storage, txn_id, "void")
    locks.refuse_closed_period(storage, before.txn_date, "void")
    for application in transactions.applications_on(storage, txn_id) + transactions.applications_of(
        storage, txn_id
    ):
        transactions.unapply(storage, application, now=now)
    before = transactions.existing(storage, kind, txn_id)
    memo = before.fields.get("Memo")
    entry = replace(before, fields={**before.fields, "Memo": f"VOID: {memo}" if memo else "VOID:"})
    entry.subtotal = entry.tax = entry.total = entry.open_amount = 0
    entry.is_void = True
    lines = [
        Line(line.line_id, line.item_id, _voided(line.fields))
        for line in transactions.lines_of(storage, txn_id)
    ]
    transactions.replace_lines(storage, txn_id, lines)
    transactions.update(storage, entry, before=before, now=now)
    return entry


def use_credits(
    storage: Storage, invoice: Transaction, credits: Sequence[tuple[str, Decimal]], *, now: int
) -> None:
    """SetCredit of an invoice: credit memos pay part of it."""
    for credit_id, wanted in credits:
        apply_credit(
            storage, credit_id=credit_id, invoice_id=invoice.txn_id, amount=amounts.cents(wanted), now=now
        )


def apply_credit(
    storage: Storage, *, credit_id: str, invoice_id: str, amount: int, now: int, payment_id: str | None = None
) -> None:
    """Let a credit memo pay part of an invoice, within what both still have (3210 otherwise)."""
    credit = transactions.existing(storage, CREDIT_MEMO, credit_id)
    invoice = transactions.existing(storage, INVOICE, invoice_id)
    locks.refuse_locked_transaction(storage, invoice_id, "modify")
    text = amounts.amount_text(amount)
    if amount > credit.open_amount:
        raise refusals.invalid_value(
            "SetCredit applied amount", text, "You cannot use more than the credit has left."
        )
    if amount > invoice.open_amount:
        raise refusals.invalid_value(
            "SetCredit applied amount", text, "You cannot pay more than the amount due."
        )
    transactions.apply(
        storage, invoice_id=invoice_id, source_id=credit_id, amount=amount, payment_id=payment_id, now=now
    )


def tax_percent(storage: Storage, entry: Transaction) -> Decimal:
    """The sum of the rates, 0 without a tax item (protocol.md E.3)."""
    item = _tax_item(storage, entry.fields)
    return sum(taxes.rates_of(storage, item), Decimal(0)) if item else Decimal(0)


def suggested_discount(storage: Storage, entry: Transaction) -> tuple[str, int] | None:
    """Until when which early payment discount the terms offer on an open invoice."""
    terms = lists.get(storage, "Terms", entry.fields["TermsRef"]) if "TermsRef" in entry.fields else None
    if terms is None or not terms.fields.get("DiscountPct") or entry.kind != INVOICE or not entry.open_amount:
        return None
    until = date.fromisoformat(entry.txn_date) + timedelta(days=int(terms.fields.get("StdDiscountDays", 0)))
    percent = Decimal(terms.fields["DiscountPct"])
    return until.isoformat(), amounts.cents(amounts.amount(entry.open_amount) * percent / taxes.PERCENT)


def _with_defaults(
    storage: Storage, kind: str, customer: ListRecord, fields: Fields, txn_date: str
) -> Fields:
    known = customer.fields
    fields.setdefault("ARAccountRef", _default_id(storage, "Account", "Accounts Receivable"))
    fields.setdefault("TemplateRef", _default_id(storage, "Template", TEMPLATES[kind]))
    for tag in ("BillAddress", "ShipAddress", "TermsRef", "SalesRepRef"):
        if tag not in fields and tag in known:
            fields[tag] = known[tag]
    if Preferences(storage).uses_sales_tax:
        tax_item, tax_code = _tax_defaults(storage, customer)
        if tax_item:
            fields.setdefault("ItemSalesTaxRef", tax_item)
        fields.setdefault("CustomerSalesTaxCodeRef", tax_code)
    fields.setdefault("DueDate", _due_date(storage, fields, txn_date))
    fields.setdefault("ShipDate", txn_date)
    fields.setdefault("IsToBePrinted", True)
    fields.setdefault("IsToBeEmailed", False)
    return fields


def _tax_defaults(storage: Storage, customer: ListRecord) -> tuple[str | None, str]:
    """Tax item and tax code of a job, or of the customer above it: jobs seldom have their own (sample 12)."""
    item: str | None = customer.fields.get("ItemSalesTaxRef")
    code: str | None = customer.fields.get("SalesTaxCodeRef")
    if item is None or code is None:
        for above in lists.ancestors(storage, customer):
            item = item or above.fields.get("ItemSalesTaxRef")
            code = code or above.fields.get("SalesTaxCodeRef")
    return (
        item or Preferences(storage).default_sales_tax_item or None,
        code or _default_id(storage, "SalesTaxCode", "Tax"),
    )


def _default_id(storage: Storage, list_name: str, full_name: str) -> str:
    entry = lists.find(storage, list_name, Reference(full_name=full_name))
    assert entry is not None, full_name
    return entry.list_id


def _due_date(storage: Storage, fields: Fields, txn_date: str) -> str:
    terms = lists.get(storage, "Terms", fields["TermsRef"]) if fields.get("TermsRef") else None
    days = int(terms.fields.get("StdDueDays", 0)) if terms else 0
    return (date.fromisoformat(txn_date) + timedelta(days=days)).isoformat()


def _kept_lines(
    storage: Storage, kind: str, given: Sequence[Fields], known: Sequence[Fields]
) -> list[Fields]:
    """The lines as kept, each with its item's ListID in ItemRef; `known` is what a modified line had before."""
    if not given:
        raise refusals.cannot_save(kind, "A transaction needs at least one line.")
    kept: list[Fields] = []
    for line, old in zip(given, known, strict=True):
        kept.append(_kept_line(storage, kind, {**old, **line}, above=kept))
    return kept


def _kept_line(storage: Storage, kind: str, line: Fields, *, above: list[Fields]) -> Fields:
    where = f"{kind} line"
    item = _item(storage, line.pop("ItemRef", None), where)
    customers.resolve_references(storage, line, sale_lines.REFERENCES, where=where)
    kept = sale_lines.priced(item, line, above=above)
    if item is None:
        return kept
    sale_lines.refuse_impossible_item(item, kind)
    kept |= {"ItemRef": item.list_id, "Kind": item.kind}
    if item.kind != "ItemSubtotal" and "SalesTaxCodeRef" not in kept:
        uses_tax = Preferences(storage).uses_sales_tax
        own = item.fields.get("SalesTaxCodeRef") if uses_tax else None
        kept["SalesTaxCodeRef"] = own or _default_id(storage, "SalesTaxCode", sale_lines.NON_TAXABLE)
    return kept


def _item(storage: Storage, reference: Reference | str | None, where: str) -> ListRecord | None:
    if reference is None:
        return None
    if isinstance(reference, str):
        return lists.get(storage, "Item", reference)
    inactive = Switches(storage).inactive_reference
    return lists.resolve(storage, "Item", reference, where=where, inactive=inactive)


def _total(storage: Storage, entry: Transaction, lines: Sequence[Fields]) -> None:
    """Subtotal, tax and total from the lines; subtotal lines count nothing. A negative form cannot be saved."""
    counted = [line for line in lines if line.get("Kind") != "ItemSubtotal"]
    entry.subtotal = sum(line.get("Amount", 0) for line in counted)
    tax_item = _tax_item(storage, entry.fields)
    if tax_item is None or not _customer_is_taxable(storage, entry.fields):
        entry.tax = 0
    else:
        taxable = sum(line.get("Amount", 0) for line in counted if sale_lines.is_taxable(storage, line))
        entry.tax = taxes.tax_on(taxable, taxes.rates_of(storage, tax_item)).total
    entry.total = entry.subtotal + entry.tax
    if entry.total < 0:
        raise refusals.cannot_save(entry.kind, "Transaction amount must be positive.")


def _tax_item(storage: Storage, fields: Fields) -> ListRecord | None:
    return lists.get(storage, "Item", fields["ItemSalesTaxRef"]) if fields.get("ItemSalesTaxRef") else None


def _customer_is_taxable(storage: Storage, fields: Fields) -> bool:
    if not fields.get("CustomerSalesTaxCodeRef"):
        return True
    code = lists.get(storage, "SalesTaxCode", fields["CustomerSalesTaxCodeRef"])
    return code is not None and bool(code.fields.get("IsTaxable"))


def _move_to_customer(storage: Storage, entry: Transaction, reference: Reference | None) -> None:
    if reference is None:
        return
    customer = customers.resolve(storage, reference, where=entry.kind)
    if customer.list_id == entry.customer_id:
        return
    if transactions.applications_on(storage, entry.txn_id) or transactions.applications_of(
        storage, entry.txn_id
    ):
        raise refusals.cannot_modify(
            entry.txn_id,
            "You cannot change the customer of a transaction that has payments or credits applied.",
        )
    entry.customer_id = customer.list_id


def _changed_lines(storage: Storage, entry: Transaction, lines: Sequence[Fields] | None) -> list[Line]:
    """The lines after a Mod, in the order they were named; TxnLineID -1 adds one (protocol.md E.4)."""
    old = {line.line_id: line for line in transactions.lines_of(storage, entry.txn_id)}
    if lines is None:
        return list(old.values())
    kept: list[Fields] = []
    stored: list[Line] = []
    for given in lines:
        change = dict(given)
        line_id: str = change.pop("TxnLineID")
        if line_id != NEW_LINE and line_id not in old:
            raise refusals.not_found(line_id)
        if line_id == NEW_LINE:
            line_id, line = (
                identity.added_line_id(storage, entry.txn_id),
                _kept_line(storage, entry.kind, change, above=kept),
            )
        else:
            line = _changed_line(storage, entry.kind, old.pop(line_id), change, above=kept)
        kept.append(line)
        stored.append(
            Line(
                line_id, line.get("ItemRef"), {tag: value for tag, value in line.items() if tag != "ItemRef"}
            )
        )
    if not stored:
        raise refusals.cannot_save(entry.kind, "A transaction needs at least one line.")
    return stored


def _changed_line(storage: Storage, kind: str, old: Line, change: Fields, *, above: list[Fields]) -> Fields:
    for tag in LINE_CANNOT_BE_CLEARED:
        if tag in change and change[tag] is None:
            raise refusals.cannot_clear(tag)
    if not change:
        return old.fields | ({"ItemRef": old.item_id} if old.item_id else {})
    before: dict[str, Any] = {
        tag: value for tag, value in old.fields.items() if tag not in ("Amount", "Kind")
    }
    if old.item_id:
        before["ItemRef"] = old.item_id
    if "ItemRef" in change:
        for tag in ("Desc", "Quantity", "Rate", "RatePercent", "SalesTaxCodeRef"):
            before.pop(tag, None)
    if "Amount" in change or "RatePercent" in change:
        before.pop("Rate", None)
    if "Rate" in change or "Amount" in change:
        before.pop("RatePercent", None)
    merged = {tag: value for tag, value in {**before, **change}.items() if value is not None}
    return _kept_line(storage, kind, merged, above=above)


def _settle_applications(storage: Storage, entry: Transaction, *, now: int) -> None:
    """After the total changed: what was applied beyond it goes back to its source, newest first."""
    applied = _applied(storage, entry)
    for application in reversed(applied):
        excess = sum(each.amount + each.discount for each in _applied(storage, entry)) - entry.total
        if excess <= 0:
            break
        transactions.unapply(storage, application, now=now)
        left = application.amount - excess
        if left > 0:
            transactions.apply(
                storage,
                invoice_id=application.invoice_id,
                source_id=application.source_id,
                amount=left,
                payment_id=application.payment_id,
                now=now,
            )
    entry.open_amount = entry.total - sum(each.amount + each.discount for each in _applied(storage, entry))


def _applied(storage: Storage, entry: Transaction) -> list[transactions.Application]:
    if entry.kind == INVOICE:
        return transactions.applications_on(storage, entry.txn_id)
    return transactions.applications_of(storage, entry.txn_id)


def _voided(line: Fields) -> Fields:
    kept = {tag: value for tag, value in line.items() if tag not in ("Quantity", "Rate", "RatePercent")}
    return {**kept, "Amount": 0} if "Amount" in line else kept
