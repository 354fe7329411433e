"""PURE: every rounding of money, each named and done in one place. Amounts are Decimal dollars, percents are percent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def _cents(amount: Decimal) -> Decimal:
    """Half a cent goes away from zero, as QuickBooks does (2.80 at 8.25 % is 0.23; protocol.md E.6)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    return _cents(quantity * unit_price)


def tax(taxable: Decimal, percent: Decimal) -> Decimal:
    """The tax of one tax code on a taxable subtotal."""
    return _cents(taxable * percent / 100)


def percent_of_contract(contract_amount: Decimal, percent: Decimal) -> Decimal:
    return _cents(contract_amount * percent / 100)


def stored_sum(total: Decimal | None) -> Decimal:
    """A sum made by the database. SQLite adds in binary fractions, so the last cent has to be put right."""
    return _cents(total) if total is not None else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What an invoice comes to: `taxes` in the order of the percents, `total = subtotal + tax`."""

    subtotal: Decimal
    taxable: Decimal
    taxes: tuple[Decimal, ...]
    tax: Decimal
    total: Decimal


def totals(lines: Sequence[tuple[Decimal, bool]], percents: Sequence[Decimal]) -> Totals:
    """Add up (amount, taxable) lines. Each tax code is rounded by itself on the taxable subtotal, then added."""
    subtotal = sum((amount for amount, _ in lines), ZERO)
    taxable = sum((amount for amount, is_taxable in lines if is_taxable), ZERO)
    taxes = tuple(tax(taxable, percent) for percent in percents)
    whole_tax = sum(taxes, ZERO)
    return Totals(subtotal=subtotal, taxable=taxable, taxes=taxes, tax=whole_tax, total=subtotal + whole_tax)


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide an amount in cents by weight so that the parts add up to it; a cent left over goes to the larger rest."""
    whole = sum(weights, Decimal(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("an amount is divided by weights that are not negative and not all zero")
    exact = [amount * weight / whole for weight in weights]
    parts = [share.quantize(CENT, rounding=ROUND_DOWN) for share in exact]
    left = amount - sum(parts, ZERO)
    cent = CENT.copy_sign(amount)
    by_rest = sorted(range(len(parts)), key=lambda place: abs(parts[place] - exact[place]), reverse=True)
    for place in by_rest[: int(left / cent)]:
        parts[place] += cent
    return parts


def fill(amount: Decimal, balances: Sequence[Decimal]) -> list[Decimal]:
    """How much of each balance an amount pays when it goes to the first one first."""
    parts = []
    for balance in balances:
        part = max(ZERO, min(amount, balance))
        parts.append(part)
        amount -= part
    return parts
