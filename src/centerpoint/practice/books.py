"""What the emulated QuickBooks holds now, in pages, for showing beside what Centerpoint holds."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator

from centerpoint.contractors.models import Contractor
from centerpoint.practice import disk

PER_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer, or at `level` 1 and more a job."""

    full_name: str
    level: int
    balance: Decimal
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    number: str
    customer: str
    on: dt.date
    memo: str
    total: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    reference: str
    customer: str
    on: dt.date
    method: str
    amount: Decimal
    unapplied: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """One page of each list. Invoices and payments: the latest first."""

    company_name: str
    customers: Page[Customer]
    invoices: Page[Invoice]
    payments: Page[Payment]


def books(
    practice: Contractor,
    *,
    customers_page: int | str = 1,
    invoices_page: int | str = 1,
    payments_page: int | str = 1,
    per_page: int = PER_PAGE,
) -> Books:
    """A page that does not exist gives the nearest that does. Raises NoPractice, PracticeFileMissing."""
    with disk.opened(practice) as file, file.storage.transaction(write=False):
        customers = [_customer(view) for view in file.customers]
        invoices = [_invoice(view) for view in reversed(file.invoices)]
        payments = [_payment(view) for view in reversed(file.payments)]
        company_name = file.company_name
    return Books(
        company_name=company_name,
        customers=Paginator(customers, per_page).get_page(customers_page),
        invoices=Paginator(invoices, per_page).get_page(invoices_page),
        payments=Paginator(payments, per_page).get_page(payments_page),
    )


def _customer(view: Mapping[str, Any]) -> Customer:
    return Customer(
        full_name=view["FullName"],
        level=view["Sublevel"],
        balance=Decimal(view["TotalBalance"]),
        is_active=view["IsActive"],
    )


def _invoice(view: Mapping[str, Any]) -> Invoice:
    return Invoice(
        number=view["RefNumber"] or "",
        customer=view["CustomerRef"]["FullName"],
        on=dt.date.fromisoformat(view["TxnDate"]),
        memo=view.get("Memo") or "",
        total=Decimal(view["Subtotal"]) + Decimal(view["SalesTaxTotal"]),
        balance=Decimal(view["BalanceRemaining"]),
    )


def _payment(view: Mapping[str, Any]) -> Payment:
    return Payment(
        reference=view["RefNumber"] or "",
        customer=view["CustomerRef"]["FullName"],
        on=dt.date.fromisoformat(view["TxnDate"]),
        method=view.get("PaymentMethodRef", {}).get("FullName", ""),
        amount=Decimal(view["TotalAmount"]),
        unapplied=Decimal(view["UnusedPayment"]),
    )
