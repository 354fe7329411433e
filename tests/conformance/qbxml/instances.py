"""Instances of any message, built from its declaration: as small as may be, as full as may be, and anything between."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from qbxml.schema import Aggregate, Choice, Element, Kind, Particle

GUID = "{0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0}"
TIME = "2026-01-05T10:00:00-08:00"

_FULL: dict[Kind, Any] = {
    Kind.GUID: GUID,
    Kind.BOOL: True,
    Kind.FLOAT: Decimal("1.08731"),
    Kind.AMOUNT: Decimal("-1234567890123.45"),
    Kind.PRICE: Decimal("1234567890.12345"),
    Kind.QUANTITY: Decimal("0.00001"),
    Kind.PERCENT: Decimal("8.25"),
    Kind.DATE: dt.date(2026, 12, 31),
    Kind.DATETIME: TIME,
}


def full_value(element: Element) -> Any:
    """The longest value allowed."""
    if element.kind is Kind.ENUM:
        return max(element.values, key=len)
    if element.kind is Kind.INT:
        return max(element.minimum or 0, 7)
    if element.kind in (Kind.TEXT, Kind.ID):
        return "ü" + "x" * (min(element.max_length or 300, 300) - 1)
    assert element.kind is not None
    return _FULL[element.kind]


def smallest(aggregate: Aggregate) -> Any:
    """Only what must be there, and the first branch of a choice that must be taken."""
    return _build(aggregate, smallest, present=lambda element: element.required, branch=lambda choice: 0)


def fullest(branch: int) -> Callable[[Aggregate], Any]:
    """Everything, with this branch of every choice, or its last one."""

    def build(aggregate: Aggregate) -> Any:
        return _build(
            aggregate,
            build,
            present=lambda element: True,
            branch=lambda choice: min(branch, len(choice.branches) - 1),
            fill=True,
        )

    return build


def _build(
    aggregate: Aggregate,
    inner: Callable[[Aggregate], Any],
    *,
    present: Callable[[Element], bool],
    branch: Callable[[Choice], int],
    fill: bool = False,
) -> Any:
    values: dict[str, Any] = {}

    def take(content: tuple[Particle, ...]) -> None:
        for particle in content:
            if isinstance(particle, Choice):
                if particle.minimum or fill:
                    everything = particle.maximum is None and fill
                    taken = particle.branches if everything else [particle.branches[branch(particle)]]
                    for one in taken:
                        take(one)
            elif present(particle):
                value = inner(particle.aggregate) if particle.aggregate else full_value(particle)
                values[particle.name] = (value, value) if particle.repeats and fill else value
                if particle.repeats and not fill:
                    values[particle.name] = (value,)

    take(aggregate.content)
    if _is_reference(aggregate):
        values = {"full_name": full_value(next(e for e in aggregate.elements() if e.tag == "FullName"))}
    for attribute in aggregate.attributes[1:] if fill else ():
        values[attribute.name] = attribute.values[0] if attribute.values else "{iterator}"
    if values.get("iterator") and "max_returned" not in values:
        values["iterator"] = "Stop"
    return aggregate.type(**values)


def _is_reference(aggregate: Aggregate) -> bool:
    return aggregate.type.__name__ == "Ref"


# --- Anything ------------------------------------------------------------------------------------------------------

_TEXT = st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc", "Zs"]), min_size=1)
_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.GUID: st.sampled_from(["0", GUID]),
    Kind.BOOL: st.booleans(),
    Kind.FLOAT: st.decimals(-1000, 1000, places=4),
    Kind.AMOUNT: st.decimals(-9999999999, 9999999999, places=2),
    Kind.PRICE: st.decimals(-999999, 999999, places=5),
    Kind.QUANTITY: st.decimals(-999999, 999999, places=3),
    Kind.PERCENT: st.decimals(0, 100, places=2),
    Kind.DATE: st.dates(dt.date(1901, 1, 1)),
    Kind.DATETIME: st.just(TIME),
}


def _values(element: Element) -> st.SearchStrategy[Any]:
    if element.aggregate is not None:
        return anything(element.aggregate)
    if element.kind is Kind.ENUM:
        return st.sampled_from(element.values)
    if element.kind is Kind.INT:
        return st.integers(element.minimum or 0, element.maximum or 10_000)
    if element.kind in (Kind.TEXT, Kind.ID):
        longest = element.max_length or 60
        # A soft hyphen is dropped and a lone accent may join what precedes it; neither is what this is about.
        return _TEXT.map(lambda text: text.replace("\xad", "-")[:longest])
    assert element.kind is not None
    return _VALUES[element.kind]


@st.composite
def anything(draw: st.DrawFn, aggregate: Aggregate) -> Any:
    """Any instance that QuickBooks may be sent."""
    values: dict[str, Any] = {}

    def take(content: tuple[Particle, ...]) -> None:
        for particle in content:
            if isinstance(particle, Choice):
                _take_choice(particle)
            elif particle.required or draw(st.integers(0, 3)) == 0:
                several = st.lists(_values(particle), min_size=1, max_size=3).map(tuple)
                values[particle.name] = draw(several if particle.repeats else _values(particle))

    def _take_choice(choice: Choice) -> None:
        if choice.maximum is None:
            kinds = st.sets(st.sampled_from(range(len(choice.branches))), min_size=choice.minimum)
            for index in sorted(draw(kinds)):
                take(choice.branches[index])
        elif choice.minimum or draw(st.booleans()):
            take(draw(st.sampled_from(choice.branches)))

    take(aggregate.content)
    if _is_reference(aggregate) and not values:
        values["list_id"] = "80000001-1272911970"
    return aggregate.type(**values)
