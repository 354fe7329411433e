"""Builders of facts: each names only what its test is about. Amounts of invoices come from billing's own money.py."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from centerpoint.billing import money
from centerpoint.quickbooks.mapping.facts import (
    AddressFacts,
    BooksFacts,
    CompanyFacts,
    Existing,
    InvoiceFacts,
    ItemFacts,
    LineFacts,
    Settled,
    TaxItemFacts,
    WorkFacts,
)

MARK = "{b1b2c3d4-0000-4000-8000-00000000000a}"
TODAY = dt.date(2026, 3, 2)
ADDRESS = AddressFacts(street="12 Harbor Blvd", city="Austin", state="TX", postal_code="78701")
COUNTY = ("County", Decimal("8.25"))


def company(name: str = "Harbor View Condominiums", **fields: Any) -> CompanyFacts:
    return CompanyFacts(**{"name": name, "address": ADDRESS, **fields})


def ticket(number: str = "5431", **fields: Any) -> WorkFacts:
    return WorkFacts(
        **{
            "kind": "ticket",
            "number": number,
            "title": "Leak at the east wall",
            "property_name": "Clubhouse",
            "property_address": ADDRESS,
            "progress": "under_way",
            "starts_on": TODAY,
            **fields,
        }
    )


def project(number: str = "P-77", **fields: Any) -> WorkFacts:
    return ticket(number, **{"kind": "project", "title": "Reroof", **fields})


def line(amount: str = "100.00", **fields: Any) -> LineFacts:
    """One unit at `amount` unless quantity and price say otherwise."""
    quantity = Decimal(fields.pop("quantity", "1"))
    unit_price = Decimal(fields.pop("unit_price", amount))
    return LineFacts(
        **{
            "kind": "labor",
            "description": "Repair",
            "quantity": quantity,
            "unit": "h",
            "unit_price": unit_price,
            "amount": Decimal(fields.pop("exactly", money.line_amount(quantity, unit_price))),
            "taxable": True,
            "visible": True,
            **fields,
        }
    )


def invoice(
    *lines: LineFacts, taxes: Sequence[tuple[str, Decimal]] = (COUNTY,), **fields: Any
) -> InvoiceFacts:
    """A service invoice with the taxes given by title and percent, added up as billing does."""
    lines = lines or (line(),)
    sums = money.totals([(each.amount, each.taxable) for each in lines], [percent for _, percent in taxes])
    return InvoiceFacts(
        **{
            "kind": "service",
            "number": "5431",
            "issued_on": TODAY,
            "due_on": TODAY + dt.timedelta(days=30),
            "purchase_order": "",
            "terms": "Net 30",
            "note": "",
            "bill_to": company(),
            "property_name": "Clubhouse",
            "property_address": ADDRESS,
            "work_title": "Service ticket 5431: Leak at the east wall",
            "lines": tuple(lines),
            "subtotal": sums.subtotal,
            "tax": sums.tax,
            "total": sums.total,
            "taxes": tuple(
                (title, percent, amount) for (title, percent), amount in zip(taxes, sums.taxes, strict=True)
            ),
            **fields,
        }
    )


def untaxed(*lines: LineFacts, **fields: Any) -> InvoiceFacts:
    return invoice(*lines, taxes=(), **fields)


SERVICE = ItemFacts(list_id="80000001-1", full_name="Service", type="service_item")
PROJECT = ItemFacts(list_id="80000002-1", full_name="Project", type="service_item")
TAX_LINE = ItemFacts(list_id="80000003-1", full_name="Exact sales tax", type="other_charge_item")
TAX_ITEM = TaxItemFacts(list_id="80000004-1", name="Sales Tax", rates=(Decimal("8.25"),))


def books(**fields: Any) -> BooksFacts:
    return BooksFacts(
        **{
            "item_names": {"service": "Service", "project": "Project"},
            "items": {"service": SERVICE, "project": PROJECT},
            "tax_item_names": {"service": "Sales Tax", "project": "Sales Tax"},
            "tax_items": {"service": TAX_ITEM, "project": TAX_ITEM},
            "tax_line_item_name": "Exact sales tax",
            "tax_line_item": TAX_LINE,
            "terms": {"net 30": "Net 30", "net 15": "Net 15", "due on receipt": "Due on receipt"},
            **fields,
        }
    )


def as_agreed(settled: Settled) -> Existing:
    """What is kept of an object after its answer was read: the base of the next change."""
    return Existing(
        quickbooks_id=settled.quickbooks_id,
        edit_sequence=settled.edit_sequence,
        agreed=settled.content,
        line_ids=settled.line_ids,
    )
