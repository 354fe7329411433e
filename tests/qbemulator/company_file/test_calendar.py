from datetime import UTC, date, datetime

import pytest

from qbemulator.company_file.calendar import LocalTime
from qbemulator.requests import date_macros

SUMMER = int(datetime(2010, 4, 22, 22, 1, 24, tzinfo=UTC).timestamp())
MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("America/Los_Angeles", "2010-04-22T15:01:24-08:00"),
        ("America/New_York", "2010-04-22T18:01:24-05:00"),
        ("Asia/Kolkata", "2010-04-23T03:31:24+05:30"),
        ("UTC", "2010-04-22T22:01:24+00:00"),
    ],
)
def test_a_time_is_the_local_clock_and_the_offset_of_winter(zone: str, text: str) -> None:
    local = LocalTime(zone)

    assert local.text(SUMMER) == text
    assert local.instant(text) == SUMMER


@pytest.mark.parametrize(
    ("text", "latest", "utc"),
    [
        ("2026-01-05", False, datetime(2026, 1, 5, 8, 0, 0, tzinfo=UTC)),
        ("2026-01-05", True, datetime(2026, 1, 6, 7, 59, 59, tzinfo=UTC)),
        ("2026-01-05T10", False, datetime(2026, 1, 5, 18, 0, 0, tzinfo=UTC)),
        ("2026-01-05T10:30", True, datetime(2026, 1, 5, 18, 30, 59, tzinfo=UTC)),
        ("2026-01-05T18:00:00+00:00", False, datetime(2026, 1, 5, 18, 0, 0, tzinfo=UTC)),
        ("2025-11-02T01:30:00", False, datetime(2025, 11, 2, 8, 30, 0, tzinfo=UTC)),
        ("2025-11-02T01:30:00", True, datetime(2025, 11, 2, 9, 30, 0, tzinfo=UTC)),
    ],
)
def test_a_filter_means_all_of_what_it_names(text: str, latest: bool, utc: datetime) -> None:
    assert LocalTime("America/Los_Angeles").instant(text, latest=latest) == int(utc.timestamp())


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="day"):
        LocalTime("UTC").instant("2026-02-30")


@pytest.mark.parametrize(
    ("macro", "first", "last"),
    [
        ("Yesterday", "2026-01-04", "2026-01-04"),
        ("ThisWeek", "2026-01-04", "2026-01-10"),
        ("ThisWeekToDate", "2026-01-04", "2026-01-05"),
        ("LastWeekToDate", "2025-12-28", "2025-12-29"),
        ("NextFourWeeks", "2026-01-11", "2026-02-07"),
        ("ThisMonth", "2026-01-01", "2026-01-31"),
        ("LastMonth", "2025-12-01", "2025-12-31"),
        ("LastMonthToDate", "2025-12-01", "2025-12-05"),
        ("ThisCalendarQuarter", "2026-01-01", "2026-03-31"),
        ("LastFiscalQuarter", "2025-10-01", "2025-12-31"),
        ("NextCalendarYear", "2027-01-01", "2027-12-31"),
        ("ThisFiscalYearToDate", "2026-01-01", "2026-01-05"),
    ],
)
def test_a_range_known_by_name_has_its_days(macro: str, first: str, last: str) -> None:
    assert date_macros.days(macro, MONDAY) == (date.fromisoformat(first), date.fromisoformat(last))
