"""Money inside the company file: whole cents when stored, Decimal when computed, rounded half up in one place."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
FIVE_PLACES = Decimal("0.00001")


def cents(amount: Decimal) -> int:
    """Half up, away from zero for negative amounts, as QuickBooks rounds a product (protocol.md E.3)."""
    return int(amount.quantize(CENT, ROUND_HALF_UP).scaleb(2))


def amount(value: int) -> Decimal:
    return Decimal(value).scaleb(-2)


def amount_text(value: int) -> str:
    """-1234.50: two decimals, no thousands separator."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 100)
    return f"{sign}{whole}.{rest:02}"


def plain_text(value: Decimal) -> str:
    """No exponent and no trailing zeros: 2.8, 891, 1."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_text(value: Decimal) -> str:
    """At least two decimals, at most five: 103.00, 0.123."""
    text = plain_text(value.quantize(FIVE_PLACES, ROUND_HALF_UP))
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}" if len(decimals) < 2 else text
