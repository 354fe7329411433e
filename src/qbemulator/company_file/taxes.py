"""Sales tax as QuickBooks computes it (protocol.md E.6)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from qbemulator.company_file import amounts, lists
from qbemulator.company_file.storage import Storage

TAX_ITEM_KINDS = ("ItemSalesTax", "ItemSalesTaxGroup")
PERCENT = Decimal(100)


class Tax(NamedTuple):
    percent: Decimal
    total: int


def tax_on(taxable: int, rates: Iterable[Decimal]) -> Tax:
    """Each rate of a group is rounded half up to the cent by itself, then the cents are added."""
    percent, total = Decimal(0), 0
    for rate in rates:
        percent += rate
        total += amounts.cents(amounts.amount(taxable) * rate / PERCENT)
    return Tax(percent, total)


def rates_of(storage: Storage, tax_item: lists.ListRecord) -> list[Decimal]:
    """One rate for a tax item, one per member for a group."""
    if tax_item.kind == "ItemSalesTax":
        return [Decimal(tax_item.fields.get("TaxRate", "0"))]
    rates = []
    for list_id in tax_item.fields.get("ItemSalesTaxRef", ()):
        member = lists.get(storage, "Item", list_id)
        assert member is not None
        rates.append(Decimal(member.fields.get("TaxRate", "0")))
    return rates
