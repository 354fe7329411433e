"""The person in the office: what somebody at the QuickBooks screen does to the company file, by the same rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from qbemulator.company_file import (
    customers,
    lists,
    locks,
    payments,
    sales_forms,
    transactions,
    views,
)
from qbemulator.company_file.books import CompanyFile
from qbemulator.company_file.lists import Fields, Reference
from qbemulator.company_file.payments import Applied
from qbemulator.company_file.storage import Storage
from qbemulator.company_file.transactions import CREDIT_MEMO, INVOICE, PAYMENT

View = dict[str, Any]
Amount = Decimal | str


@dataclass(frozen=True, slots=True)
class Pays:
    """One invoice that a payment pays: `amount` None pays as much as is due; the discount comes on top."""

    txn_id: str
    amount: Amount | None = None
    discount: Amount = "0"
    discount_account: str = "Discounts Given"

    def applied(self) -> Applied:
        discount = Decimal(self.discount)
        return Applied(
            txn_id=self.txn_id,
            amount=None if self.amount is None else Decimal(self.amount),
            discount=discount,
            discount_account=Reference(full_name=self.discount_account) if discount else None,
        )


def _system_clock() -> datetime:
    return datetime.now(UTC)


class Office:
    """One person at one screen. Every method is one saved change; it returns the record as `views` show it.

    Customers, items and the like are named by full name, transactions by TxnID. Raises `Refused` as QuickBooks does.
    """

    def __init__(self, books: CompanyFile, *, clock: Callable[[], datetime] = _system_clock) -> None:
        self.books = books
        self._clock = clock

    # --- Payments ------------------------------------------------------------------------------------------------

    def receive_payment(
        self,
        customer: str,
        total: Amount,
        *,
        invoices: Sequence[Pays | str] = (),
        auto_apply: bool = False,
        method: str | None = "Check",
        ref_number: str | None = None,
        on: date | None = None,
        memo: str | None = None,
    ) -> View:
        """Receive a payment for `invoices` (TxnIDs, or Pays for a part or a discount); the rest stays unapplied."""
        fields: Fields = {"CustomerRef": Reference(full_name=customer), "TotalAmount": str(total)}
        if method is not None:
            fields["PaymentMethodRef"] = Reference(full_name=method)
        fields |= _given(RefNumber=ref_number, Memo=memo, TxnDate=on.isoformat() if on else None)
        with self._storage.transaction():
            entry = payments.add(
                self._storage,
                fields,
                _applied(invoices),
                auto_apply=auto_apply,
                today=self._today,
                now=self._now,
            )
            return views.payment(self._storage, entry)

    def edit_payment(
        self,
        txn_id: str,
        *,
        total: Amount | None = None,
        invoices: Sequence[Pays | str] | None = None,
        ref_number: str | None = None,
        on: date | None = None,
        memo: str | None = None,
    ) -> View:
        """Change a payment; `invoices` (when given) replaces what it paid, () leaves all of it unapplied."""
        changes: Fields = _given(
            TotalAmount=None if total is None else str(total),
            RefNumber=ref_number,
            Memo=memo,
            TxnDate=on.isoformat() if on else None,
        )
        with self._storage.transaction():
            applied = None if invoices is None else _applied(invoices)
            entry = payments.change(self._storage, txn_id, changes, applied, now=self._now)
            return views.payment(self._storage, entry)

    def delete_payment(self, txn_id: str) -> None:
        """As a bounced cheque is often handled: the payment disappears, its invoices are open again."""
        with self._storage.transaction():
            transactions.delete(self._storage, PAYMENT, txn_id, now=self._now)

    def void_payment(self, txn_id: str) -> View:
        with self._storage.transaction():
            return views.payment(self._storage, payments.void(self._storage, txn_id, now=self._now))

    # --- Invoices and credits ------------------------------------------------------------------------------------

    def add_invoice(
        self,
        customer: str,
        lines: Sequence[tuple[str, Amount]],
        *,
        ref_number: str | None = None,
        on: date | None = None,
        memo: str | None = None,
    ) -> View:
        """An invoice entered by hand; `lines` are (item, amount)."""
        return self._add_form(INVOICE, customer, lines, ref_number, on, memo)

    def edit_invoice(
        self,
        txn_id: str,
        *,
        memo: str | None = None,
        ref_number: str | None = None,
        on: date | None = None,
        customer: str | None = None,
        first_line_amount: Amount | None = None,
    ) -> View:
        """Change an invoice on the screen; `first_line_amount` becomes the amount of its first line."""
        changes: Fields = _given(Memo=memo, RefNumber=ref_number, TxnDate=on.isoformat() if on else None)
        if customer is not None:
            changes["CustomerRef"] = Reference(full_name=customer)
        with self._storage.transaction():
            entry = transactions.existing(self._storage, INVOICE, txn_id)
            lines: list[Fields] | None = None
            if first_line_amount is not None:
                lines = [{"TxnLineID": line.line_id} for line in transactions.lines_of(self._storage, txn_id)]
                lines[0]["Amount"] = str(first_line_amount)
            locks.refuse_locked_transaction(self._storage, txn_id, "modify")
            changed = sales_forms.change(self._storage, entry, changes, lines, now=self._now)
            return views.invoice(self._storage, changed)

    def void_invoice(self, txn_id: str) -> View:
        with self._storage.transaction():
            return views.invoice(
                self._storage, sales_forms.void(self._storage, INVOICE, txn_id, now=self._now)
            )

    def delete_invoice(self, txn_id: str) -> None:
        """Delete an invoice. What was paid on it goes back to its payments: the screen asks, and the person agrees."""
        with self._storage.transaction():
            locks.refuse_locked_transaction(self._storage, txn_id, "delete")
            for application in transactions.applications_on(self._storage, txn_id):
                transactions.unapply(self._storage, application, now=self._now)
            transactions.delete(self._storage, INVOICE, txn_id, now=self._now)

    def credit_memo(
        self,
        customer: str,
        amount: Amount,
        *,
        item: str = "Service",
        apply_to: Sequence[tuple[str, Amount]] = (),
        ref_number: str | None = None,
        on: date | None = None,
        memo: str | None = None,
    ) -> View:
        """Give a credit; `apply_to` uses parts of it on invoices, as (TxnID, amount)."""
        with self._storage.transaction():
            view = self._add_form(CREDIT_MEMO, customer, [(item, amount)], ref_number, on, memo)
            for invoice_id, part in apply_to:
                self.apply_credit(view["TxnID"], invoice_id, part)
            return views.credit_memo(
                self._storage, transactions.existing(self._storage, CREDIT_MEMO, view["TxnID"])
            )

    def apply_credit(self, credit_id: str, invoice_id: str, amount: Amount) -> None:
        with self._storage.transaction():
            invoice = transactions.existing(self._storage, INVOICE, invoice_id)
            sales_forms.use_credits(self._storage, invoice, [(credit_id, Decimal(amount))], now=self._now)

    def delete_credit_memo(self, txn_id: str) -> None:
        with self._storage.transaction():
            transactions.delete(self._storage, CREDIT_MEMO, txn_id, now=self._now)

    # --- Names ---------------------------------------------------------------------------------------------------

    def add_customer(self, name: str, *, parent: str | None = None, **fields: Any) -> View:
        """A new customer, or a job under `parent`; `fields` by element name, such as Phone="..."."""
        given: Fields = {"Name": name, **fields}
        if parent is not None:
            given["ParentRef"] = Reference(full_name=parent)
        with self._storage.transaction():
            return views.list_record(self._storage, customers.add(self._storage, given, now=self._now)[0])

    def edit_customer(self, full_name: str, **changes: Any) -> View:
        """Change a customer; `changes` by element name, None clears, ParentRef=Reference(...) moves a job."""
        with self._storage.transaction():
            entry = self._customer(full_name)
            locks.refuse_locked_record(self._storage, entry.list_id)
            changed, _ = customers.change(self._storage, entry, changes, now=self._now)
            return views.list_record(self._storage, changed)

    def rename_customer(self, full_name: str, name: str) -> View:
        return self.edit_customer(full_name, Name=name)

    def inactivate_customer(self, full_name: str) -> View:
        return self.edit_customer(full_name, IsActive=False)

    def delete_customer(self, full_name: str) -> None:
        with self._storage.transaction():
            customers.delete(self._storage, self._customer(full_name).list_id, now=self._now)

    def merge_customers(self, source: str, target: str) -> View:
        """Everything of `source` goes to `target`; `source` disappears."""
        with self._storage.transaction():
            merged = customers.merge_into(
                self._storage, self._customer(source), self._customer(target), now=self._now
            )
            return views.list_record(self._storage, merged)

    def add_vendor(self, name: str) -> View:
        return self._add_name("Vendor", name)

    def add_employee(self, name: str) -> View:
        return self._add_name("Employee", name)

    def add_other_name(self, name: str) -> View:
        return self._add_name("OtherName", name)

    def add_item(self, name: str, *, sales_tax_code: str = "Tax", price: Amount = "0.00") -> View:
        """A new service item."""
        fields = {
            "SalesTaxCodeRef": self._list_id("SalesTaxCode", sales_tax_code),
            "AccountRef": self._list_id("Account", "Construction Income"),
            "Price": str(price),
        }
        with self._storage.transaction():
            entry = lists.add(self._storage, "Item", "ItemService", name, now=self._now, fields=fields)
            return views.list_record(self._storage, entry)

    def rename_item(self, full_name: str, name: str) -> View:
        with self._storage.transaction():
            entry = self._record("Item", full_name)
            parent = lists.get(self._storage, "Item", entry.parent_id) if entry.parent_id else None
            return views.list_record(
                self._storage, lists.rename(self._storage, entry, name, parent=parent, now=self._now)
            )

    def inactivate_item(self, full_name: str) -> View:
        with self._storage.transaction():
            entry = self._record("Item", full_name)
            entry.is_active = False
            lists.save(self._storage, entry, now=self._now)
            return views.list_record(self._storage, entry)

    # --- The company and its screens -----------------------------------------------------------------------------

    def set_closing_date(self, closing_date: date | None) -> None:
        self.books.preferences.closing_date = closing_date.isoformat() if closing_date else ""

    def open_on_screen(self, object_id: str) -> None:
        """Begin to edit a record (ListID or TxnID): programs get 3175 or 3176 for it until it is closed."""
        locks.lock(self._storage, object_id)

    def close_on_screen(self, object_id: str) -> None:
        locks.unlock(self._storage, object_id)

    def use_classes(self, on: bool) -> None:
        self.books.preferences.uses_classes = on

    def use_sales_tax(self, on: bool) -> None:
        self.books.preferences.uses_sales_tax = on

    # --- Inside --------------------------------------------------------------------------------------------------

    @property
    def _storage(self) -> Storage:
        return self.books.storage

    @property
    def _now(self) -> int:
        return int(self._clock().timestamp())

    @property
    def _today(self) -> date:
        return self.books.local_time().date(self._now)

    def _add_form(
        self,
        kind: str,
        customer: str,
        lines: Sequence[tuple[str, Amount]],
        ref_number: str | None,
        on: date | None,
        memo: str | None,
    ) -> View:
        fields: Fields = {"CustomerRef": Reference(full_name=customer)}
        fields |= _given(RefNumber=ref_number, Memo=memo, TxnDate=on.isoformat() if on else None)
        given = [{"ItemRef": Reference(full_name=item), "Amount": str(amount)} for item, amount in lines]
        with self._storage.transaction():
            entry = sales_forms.add(self._storage, kind, fields, given, today=self._today, now=self._now)
            view = views.invoice if kind == INVOICE else views.credit_memo
            return view(self._storage, entry)

    def _add_name(self, kind: str, name: str) -> View:
        with self._storage.transaction():
            return views.list_record(
                self._storage, lists.add(self._storage, "Name", kind, name, now=self._now)
            )

    def _customer(self, full_name: str) -> lists.ListRecord:
        return customers.resolve(
            self._storage, Reference(full_name=full_name), where="Customer", any_state=True
        )

    def _record(self, list_name: str, full_name: str) -> lists.ListRecord:
        return lists.resolve(self._storage, list_name, Reference(full_name=full_name), where=list_name)

    def _list_id(self, list_name: str, full_name: str) -> str:
        return self._record(list_name, full_name).list_id


def _applied(invoices: Sequence[Pays | str]) -> list[Applied]:
    return [(Pays(each) if isinstance(each, str) else each).applied() for each in invoices]


def _given(**fields: str | None) -> Fields:
    return {tag: value for tag, value in fields.items() if value is not None}
