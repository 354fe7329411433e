"""A chart of months as numbers for a template: bars on a scale of round figures. Drawn by SVG attributes and HTML."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from centerpoint.billing.queries import Month

HEIGHT = 100
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Bar:
    """`height` of 100, and `top` from above, for a rectangle."""

    amount: Decimal
    height: float

    @property
    def top(self) -> float:
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Bars:
    first: dt.date
    billed: Bar
    paid: Bar


@dataclass(frozen=True, slots=True)
class Chart:
    """`top` is the figure at the upper edge; the sums are those of all months."""

    top: Decimal
    months: list[Bars]
    billed: Decimal
    paid: Decimal

    @property
    def half(self) -> Decimal:
        return self.top / 2


def chart(months: Sequence[Month]) -> Chart | None:
    """None when there is nothing to draw."""
    highest = max((max(month.billed, month.paid) for month in months), default=Decimal())
    if highest <= 0:
        return None
    top = round_figure_above(highest)
    return Chart(
        top=top,
        months=[Bars(month.first, _bar(month.billed, top), _bar(month.paid, top)) for month in months],
        billed=sum((month.billed for month in months), Decimal()),
        paid=sum((month.paid for month in months), Decimal()),
    )


def round_figure_above(amount: Decimal) -> Decimal:
    """1, 2, 2.5 or 5 with zeros: the least that is not below `amount`, which is above zero."""
    power = Decimal(10) ** amount.adjusted()
    return next(step * power for step in _STEPS if step * power >= amount)


def _bar(amount: Decimal, top: Decimal) -> Bar:
    return Bar(amount, round(float(max(amount, Decimal()) / top * HEIGHT), 2))
