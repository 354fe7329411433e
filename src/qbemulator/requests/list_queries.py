"""Queries over lists: by ListID, by FullName, or by activity, change and name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from qbemulator.company_file import amounts, lists
from qbemulator.company_file.lists import ListRecord, Reference
from qbemulator.requests import queries
from qbemulator.requests.answers import Outcome, Ret
from qbemulator.requests.context import Context
from qbemulator.requests.queries import Condition
from qbemulator.requests.reading import Element, text, texts

OPERATORS = {
    "LessThan": "<",
    "LessThanEqual": "<=",
    "Equal": "=",
    "GreaterThan": ">",
    "GreaterThanEqual": ">=",
}

WriteRecord = Callable[[Context, Element, ListRecord], str]


def answer(
    context: Context, element: Element, list_name: str, kinds: Sequence[str], write: WriteRecord
) -> Outcome:
    """Answer a query of one list; `kinds` are the kinds of record it returns."""

    def written(list_id: str) -> str | None:
        entry = lists.get(context.storage, list_name, list_id)
        return None if entry is None else write(context, element, entry)

    asked = [Reference(list_id=name) for name in texts(element, "ListID")]
    asked += [Reference(full_name=name) for name in texts(element, "FullName")]
    if asked:
        found = [lists.find(context.storage, list_name, reference, kinds) for reference in asked]
        return queries.by_key(
            context,
            element,
            [reference.named for reference in asked],
            [[entry.list_id] if entry else [] for entry in found],
            written,
        )
    return queries.by_filter(context, element, lambda: _keys(context, element, list_name, kinds), written)


def heading(ret: Ret, context: Context, entry: ListRecord) -> None:
    """ListID, the times and the edit sequence: how every list record begins."""
    ret.text("ListID", entry.list_id)
    ret.text("TimeCreated", context.local_time.text(entry.created))
    ret.text("TimeModified", context.local_time.text(entry.modified))
    ret.text("EditSequence", entry.edit_sequence)


def _keys(context: Context, element: Element, list_name: str, kinds: Sequence[str]) -> list[str]:
    marks = ", ".join("?" * len(kinds))
    conditions = [Condition("list = ?", (list_name,)), Condition(f"kind IN ({marks})", tuple(kinds))]
    conditions += _activity(element) + _changed(context, element) + _named(element)
    conditions += _balance(element) + _class(context, element)
    where = " AND ".join(condition.sql for condition in conditions)
    parameters = [value for condition in conditions for value in condition.parameters]
    rows = context.storage.all(
        f"SELECT list_id FROM list_records WHERE {where} ORDER BY sort_key",  # noqa: S608 (fixed pieces)
        parameters,
    )
    return [row["list_id"] for row in rows]


def _activity(element: Element) -> list[Condition]:
    status = text(element, "ActiveStatus") or "ActiveOnly"
    return [] if status == "All" else [Condition("is_active = ?", (status == "ActiveOnly",))]


def _changed(context: Context, element: Element) -> list[Condition]:
    return time_range(context, element, "FromModifiedDate", "ToModifiedDate", "modified")


def time_range(context: Context, element: Element, since: str, until: str, column: str) -> list[Condition]:
    """Both ends inclusive."""
    conditions = []
    if first := text(element, since):
        conditions.append(Condition(f"{column} >= ?", (context.local_time.instant(first),)))
    if last := text(element, until):
        conditions.append(Condition(f"{column} <= ?", (context.local_time.instant(last, latest=True),)))
    return conditions


def matching(criterion: str, column: str, wanted: str) -> Condition:
    """StartsWith, Contains, EndsWith; without regard to case."""
    wanted = wanted.lower()
    if criterion == "Contains":
        return Condition(f"instr({column}, ?) > 0", (wanted,))
    if criterion == "StartsWith":
        return Condition(f"substr({column}, 1, ?) = ?", (len(wanted), wanted))
    return Condition(
        f"length({column}) >= ? AND substr({column}, -?) = ?", (len(wanted), len(wanted), wanted)
    )


def _named(element: Element) -> list[Condition]:
    conditions = []
    own_name = "replace(sort_key, char(1), ':')"
    if (wanted := element.find("NameFilter")) is not None:
        conditions.append(
            matching(text(wanted, "MatchCriterion") or "", own_name, text(wanted, "Name") or "")
        )
    if (between := element.find("NameRangeFilter")) is not None:
        if first := text(between, "FromName"):
            conditions.append(Condition(f"{own_name} >= ?", (first.lower(),)))
        if last := text(between, "ToName"):
            conditions.append(Condition(f"substr({own_name}, 1, ?) <= ?", (len(last), last.lower())))
    return conditions


def _balance(element: Element) -> list[Condition]:
    wanted = element.find("TotalBalanceFilter")
    if wanted is None:
        return []
    amount = amounts.cents(Decimal(text(wanted, "Amount") or "0"))
    return [Condition(f"total_balance {OPERATORS[text(wanted, 'Operator') or 'Equal']} ?", (amount,))]


def _class(context: Context, element: Element) -> list[Condition]:
    wanted = element.find("ClassFilter")
    if wanted is None:
        return []
    ids: list[str] = []
    for reference, with_children in filter_references(wanted):
        entry = lists.find(context.storage, "Class", reference)
        if entry is not None:
            ids += family(context, entry) if with_children else [entry.list_id]
    return [Condition(f"json_extract(fields, '$.ClassRef') IN ({', '.join('?' * len(ids))})", tuple(ids))]


def filter_references(element: Element) -> list[tuple[Reference, bool]]:
    """What a filter such as EntityFilter names, each with whether its children are meant too."""
    found = [(Reference(list_id=name), False) for name in texts(element, "ListID")]
    found += [(Reference(full_name=name), False) for name in texts(element, "FullName")]
    found += [(Reference(list_id=name), True) for name in texts(element, "ListIDWithChildren")]
    return found + [(Reference(full_name=name), True) for name in texts(element, "FullNameWithChildren")]


def family(context: Context, entry: ListRecord) -> list[str]:
    """The ListIDs of a record and of everything below it."""
    return [entry.list_id, *(below.list_id for below in lists.descendants(context.storage, entry))]
