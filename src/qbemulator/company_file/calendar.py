"""Time as the QuickBooks computer sees it: whole seconds, its local clock, and an offset that ignores summer."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:([+-])(\d{1,2}):(\d{1,2}))?)?)?)?"
)


class LocalTime:
    """Prints and reads times for one time zone (protocol.md E.1: local clock, standard offset all year).

    `offset` is "standard", or "zero" for the variant of sample 40 (+00:00 behind local time).
    """

    def __init__(self, time_zone: str, *, offset: str = "standard", filters: str = "as_printed") -> None:
        self._zone = ZoneInfo(time_zone)
        self._offset = offset
        self._filters = filters
        self._texts: dict[int, str] = {}

    def date(self, instant: int) -> date:
        return datetime.fromtimestamp(instant, self._zone).date()

    def text(self, instant: int) -> str:
        if instant not in self._texts:
            self._texts[instant] = self._printed(instant)
        return self._texts[instant]

    def _printed(self, instant: int) -> str:
        local = datetime.fromtimestamp(instant, self._zone)
        offset = self._standard_offset(local)
        sign = "-" if offset < timedelta(0) else "+"
        minutes = abs(offset) // timedelta(minutes=1)
        return f"{local:%Y-%m-%dT%H:%M:%S}{sign}{minutes // 60:02}:{minutes % 60:02}"

    def instant(self, text: str, *, latest: bool = False) -> int:
        """The Unix second a filter means; missing parts are 0, or the last moment of it if `latest`.

        Raises ValueError for a time that does not exist in the calendar.
        """
        match = _TIME.fullmatch(text)
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part) for part in match.group(1, 2, 3))
        hour, minute, second = (
            int(part) if part else (last if latest else 0)
            for part, last in zip(match.group(4, 5, 6), (23, 59, 59), strict=True)
        )
        clock = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if match[7]:
            offset = timedelta(hours=int(match[8]), minutes=int(match[9])) * (-1 if match[7] == "-" else 1)
            if self._filters == "face_value":
                return int((clock - offset).timestamp())
            clock = clock - offset + self._standard_offset(clock.replace(tzinfo=self._zone))
        return int(clock.replace(tzinfo=self._zone, fold=1 if latest else 0).timestamp())

    def _standard_offset(self, local: datetime) -> timedelta:
        if self._offset == "zero":
            return timedelta(0)
        return (local.utcoffset() or timedelta(0)) - (local.dst() or timedelta(0))
