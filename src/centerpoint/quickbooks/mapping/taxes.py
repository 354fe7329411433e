"""PURE: the tax QuickBooks computes."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def quickbooks_tax(taxable: Decimal, rates: Sequence[Decimal]) -> Decimal:
    """What QuickBooks computes on `taxable`: each rate (percent) rounded half up by itself, then added.

    protocol.md E.6: a single item is rounded once, a group item by item.
    """
    return sum(((taxable * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate in rates), Decimal("0.00"))
