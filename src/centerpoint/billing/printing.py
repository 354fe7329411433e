"""PURE: the lines a customer reads. Hidden ones fold into one line of their kind, so that what is printed adds up."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from centerpoint.billing.models import InvoiceLine, LineKind
from centerpoint.billing.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """Quantity, unit and price are None or empty on a folded line: they would tell what was hidden."""

    description: str
    amount: Decimal
    taxable: bool
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None


def printed_lines(lines: Iterable[InvoiceLine]) -> list[PrintedLine]:
    """The visible lines in their order, then the hidden ones by kind; taxed and untaxed never in one line."""
    shown: list[PrintedLine] = []
    hidden: dict[tuple[LineKind, bool], Decimal] = {}
    for line in lines:
        kind = LineKind(line.kind)
        if line.visible:
            shown.append(
                PrintedLine(
                    description=line.description or str(kind.label),
                    amount=line.amount,
                    taxable=line.taxable,
                    quantity=line.quantity,
                    unit=line.unit,
                    unit_price=line.unit_price,
                )
            )
        else:
            hidden[kind, line.taxable] = hidden.get((kind, line.taxable), ZERO) + line.amount
    folded = (
        PrintedLine(description=str(kind.label), amount=hidden[kind, taxable], taxable=taxable)
        for kind in LineKind
        for taxable in (True, False)
        if hidden.get((kind, taxable))
    )
    return [*shown, *folded]
