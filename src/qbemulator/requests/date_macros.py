"""The date ranges QuickBooks knows by name. Weeks begin on Sunday, the fiscal year in January."""

from __future__ import annotations

from datetime import date, timedelta

EVER = (date(1901, 1, 1), date(9999, 12, 31))
_FISCAL = "Fiscal"
_CALENDAR = "Calendar"


def days(macro: str, today: date) -> tuple[date, date]:
    """First and last day of a DateMacro, both inclusive."""
    if macro == "All":
        return EVER
    if macro == "Today":
        return today, today
    if macro == "Yesterday":
        return today - timedelta(1), today - timedelta(1)
    if macro == "NextFourWeeks":
        first = _week(today, 1)[0]
        return first, first + timedelta(27)
    to_date = macro.endswith("ToDate")
    which, period = _split(macro.removesuffix("ToDate"))
    first, last = _period(period, today, which)
    if not to_date:
        return first, last
    if which == 0:
        return first, today
    # "Last ... to date": as far into the last period as today is into this one.
    this_first, _ = _period(period, today, 0)
    return first, min(last, first + (today - this_first))


def _split(macro: str) -> tuple[int, str]:
    for word, which in (("This", 0), ("Last", -1), ("Next", 1)):
        if macro.startswith(word):
            return which, macro.removeprefix(word).removeprefix(_CALENDAR).removeprefix(_FISCAL)
    raise ValueError(macro)


def _period(period: str, today: date, which: int) -> tuple[date, date]:
    if period == "Week":
        return _week(today, which)
    months = {"Month": 1, "Quarter": 3, "Year": 12}[period]
    index = (today.year * 12 + today.month - 1) // months + which
    return _month(index * months), _month((index + 1) * months) - timedelta(1)


def _week(today: date, which: int) -> tuple[date, date]:
    first = today - timedelta((today.weekday() + 1) % 7) + timedelta(7 * which)
    return first, first + timedelta(6)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
