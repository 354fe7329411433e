"""Where a reading begins, in QuickBooks' own clock."""

import zoneinfo

import pytest

from centerpoint.quickbooks.sync.reading import minus_overlap

CHICAGO = zoneinfo.ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("mark", "since"),
    [
        ("2026-07-01T15:01:24-08:00", "2026-07-01T14:51:24"),
        ("2026-01-10T00:05:00-06:00", "2026-01-09T23:55:00"),
        # The clocks go back on 1 November 2026: one o'clock comes twice.
        ("2026-11-01T01:50:00-06:00", "2026-11-01T00:40:00"),
        ("2026-03-08T04:00:00-06:00", "2026-03-08T02:50:00"),
    ],
)
def test_a_reading_begins_a_little_before_the_last_one_ended(mark, since):
    assert minus_overlap(mark, CHICAGO) == since
