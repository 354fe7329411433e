"""QuickBooks' tax, by the worked examples of its help pages and of recorded answers (protocol.md E.6)."""

from decimal import Decimal

import pytest

from centerpoint.quickbooks.mapping.taxes import quickbooks_tax


@pytest.mark.parametrize(
    ("taxable", "rates", "tax"),
    [
        ("2.80", ["8.25"], "0.23"),
        ("35.50", ["8.25"], "2.93"),
        ("35.50", ["1.00", "0.50", "0.50", "6.25"], "2.94"),
        ("-35.50", ["8.25"], "-2.93"),
        ("100.00", [], "0.00"),
        ("0.00", ["8.25"], "0.00"),
    ],
)
def test_each_rate_of_a_group_is_rounded_by_itself(taxable, rates, tax):
    assert quickbooks_tax(Decimal(taxable), [Decimal(rate) for rate in rates]) == Decimal(tax)
