"""A company file that has been read once, and QuickBooks' records as the reader hands them over."""

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centerpoint.billing.models import Invoice
from centerpoint.companies.models import Company
from centerpoint.quickbooks import connection as integration
from centerpoint.quickbooks.mapping import invoices as mapped_invoices
from centerpoint.quickbooks.models import (
    SENDING_RANK,
    CompanyFile,
    Counterpart,
    ListEntry,
    Options,
    Pairing,
    Posting,
    QuickBooksCustomer,
    ReadMark,
    RecordKind,
)
from centerpoint.quickbooks.posting_states import State
from qbxml import messages

CREATED = "2025-01-02T09:00:00-06:00"
MODIFIED = "2025-06-30T10:00:00-06:00"


class Books:
    """A contractor's company file as Centerpoint knows it, and short ways to say what QuickBooks holds."""

    def __init__(self, business: Any, now: dt.datetime) -> None:
        self.business = business
        self.now = now
        self.company_file: CompanyFile = integration.activate(
            contractor=business.contractor, url="http://localhost:8000", now=now
        ).company_file
        ReadMark.objects.create(company_file=self.company_file, reading="customers", completed_at=now)
        self._count = itertools.count(1)

    def choose(self, **options: Any) -> None:
        Options.objects.filter(company_file=self.company_file).update(**options)

    def new_id(self) -> str:
        return f"8000{next(self._count):04X}-1750000000"

    # -- the customer list

    def customer_ret(self, name: str, **fields: Any) -> messages.CustomerRet:
        return messages.CustomerRet(
            **{
                "list_id": self.new_id(),
                "time_created": CREATED,
                "time_modified": MODIFIED,
                "edit_sequence": "1751292000",
                "name": name,
                "full_name": name,
                "is_active": True,
                "sublevel": 0,
                "balance": Decimal("0.00"),
                "total_balance": Decimal("0.00"),
                **fields,
            }
        )

    def job_ret(self, customer: QuickBooksCustomer, name: str, **fields: Any) -> messages.CustomerRet:
        return self.customer_ret(
            name,
            full_name=f"{customer.full_name}:{name}",
            parent_ref=messages.Ref(list_id=customer.list_id, full_name=customer.full_name),
            sublevel=1,
            **fields,
        )

    def customer(self, name: str, **fields: Any) -> QuickBooksCustomer:
        """A customer as the mirror has it, no news any more."""
        return QuickBooksCustomer.objects.create(
            **{
                "company_file": self.company_file,
                "list_id": self.new_id(),
                "name": name,
                "full_name": name,
                "edit_sequence": "1751292000",
                "time_modified": MODIFIED,
                "read_at": self.now,
                **fields,
            }
        )

    def vendor(self, name: str, kind: ListEntry.Kind = ListEntry.Kind.VENDOR) -> ListEntry:
        return ListEntry.objects.create(
            company_file=self.company_file,
            kind=kind,
            list_id=self.new_id(),
            name=name,
            full_name=name,
            read_at=self.now,
        )

    def paired(self, company: Company | None = None, **fields: Any) -> Pairing:
        """A pairing that has been there for a while, agreed on everything unless said."""
        company = company or self.business.company()
        customer = fields.pop("customer", None) or self.customer(company.name[:41])
        return Pairing.objects.create(
            company_file=self.company_file,
            company=company,
            customer=customer,
            how=Pairing.How.BY_HAND,
            paired_at=self.now,
            **fields,
        )

    # -- postings and their objects

    def posting(self, record: Any, kind: RecordKind, state: State, **fields: Any) -> Posting:
        bill_to = record if kind == RecordKind.COMPANY else fields.pop("bill_to", None) or record.bill_to
        return Posting.objects.create(
            **{
                "company_file": self.company_file,
                "kind": kind,
                str(kind): record,
                "revision": record.revision,
                "rank": SENDING_RANK[kind],
                "bill_to": bill_to,
                "state": state,
                "state_since": self.now,
                "mark": f"{{{uuid.uuid4()}}}",
                "created_at": self.now,
                **fields,
            }
        )

    def posted(
        self, company: Company | None = None, amount: str = "100.00", state: State = State.IN_QUICKBOOKS
    ) -> Counterpart:
        """An issued invoice that is in QuickBooks as we sent it."""
        invoice: Invoice = self.business.invoice(self.business.ticket(company), amount)
        self.posting(invoice, RecordKind.INVOICE, state)
        txn_id = self.new_id()
        counterpart = Counterpart.objects.create(
            company_file=self.company_file,
            kind=RecordKind.INVOICE,
            invoice=invoice,
            quickbooks_id=txn_id,
            edit_sequence="1751292000",
            read_at=self.now,
        )
        ret = self.invoice_ret(counterpart)
        Counterpart.objects.filter(pk=counterpart.pk).update(
            agreed=mapped_invoices.there(ret),
            name=invoice.number,
            total=invoice.total,
            balance=invoice.total,
            line_ids=["1A-1"],
        )
        counterpart.refresh_from_db()
        return counterpart

    def invoice_ret(
        self, counterpart: Counterpart, links: Sequence[messages.LinkedTxn] = (), **fields: Any
    ) -> messages.InvoiceRet:
        """The invoice as it was sent, with what was applied to it."""
        invoice = counterpart.invoice
        assert invoice is not None
        applied = sum((link.amount for link in links), Decimal(0))
        return messages.InvoiceRet(
            **{
                "txn_id": counterpart.quickbooks_id,
                "time_modified": MODIFIED,
                "edit_sequence": "1751292000",
                "customer_ref": messages.Ref(list_id="80000001-1", full_name="A customer"),
                "txn_date": invoice.issued_on,
                "ref_number": invoice.number,
                "due_date": invoice.due_on,
                "subtotal": invoice.total,
                "sales_tax_total": Decimal("0.00"),
                "applied_amount": applied,
                "balance_remaining": invoice.total + applied,
                "memo": "Service ticket",
                "linked_txn": tuple(links),
                "invoice_line_ret": (
                    messages.InvoiceLineRet(txn_line_id="1A-1", desc="Repair", amount=invoice.total),
                ),
                **fields,
            }
        )

    def payment_ret(
        self, *parts: messages.AppliedToTxnRet, total: str, unused: str = "0.00", **fields: Any
    ) -> messages.ReceivePaymentRet:
        return messages.ReceivePaymentRet(
            **{
                "txn_id": self.new_id(),
                "time_modified": MODIFIED,
                "edit_sequence": "1751292000",
                "customer_ref": messages.Ref(list_id="80000001-1", full_name="A customer"),
                "txn_date": self.now.date(),
                "ref_number": "1044",
                "total_amount": Decimal(total),
                "payment_method_ref": messages.Ref(full_name="Check"),
                "unused_payment": Decimal(unused),
                "applied_to_txn_ret": parts,
                **fields,
            }
        )

    def part(
        self, of: Counterpart | str, amount: str, discount: str | None = None
    ) -> messages.AppliedToTxnRet:
        return messages.AppliedToTxnRet(
            txn_id=of if isinstance(of, str) else of.quickbooks_id,
            txn_type="Invoice",
            amount=Decimal(amount),
            discount_amount=None if discount is None else Decimal(discount),
        )

    def link(self, amount: str, txn_type: str = "CreditMemo", txn_id: str = "") -> messages.LinkedTxn:
        return messages.LinkedTxn(
            txn_id=txn_id or self.new_id(),
            txn_type=txn_type,
            txn_date=self.now.date(),
            ref_number="CM-7",
            link_type="AMTTYPE",
            amount=Decimal(amount),
        )


@pytest.fixture
def books(business: Any, now: dt.datetime) -> Books:
    return Books(business, now)


@pytest.fixture
def another_books(another_business: Any, now: dt.datetime) -> Books:
    return Books(another_business, now)


@pytest.fixture
def at_most() -> Callable[[int], AbstractContextManager[None]]:
    """`with at_most(n):` fails when more statements are run."""

    @contextmanager
    def limit(number: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as queries:
            yield
        said = "\n".join(query["sql"][:200] for query in queries.captured_queries)
        assert len(queries) <= number, f"{len(queries)} statements:\n{said}"

    return limit
