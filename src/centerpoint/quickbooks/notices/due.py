"""PURE: what is due to be told, and when."""

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

from centerpoint.quickbooks.models import NoticeKind

# What happened in the night waits for the office: nobody is woken, and the day's one mail tells the whole night.
OFFICE_OPENS = dt.time(7)


def due(
    kind: NoticeKind,
    *,
    stands: Collection[str],
    told: Collection[str],
    sent_at: dt.datetime | None,
    now: dt.datetime,
    zone: ZoneInfo,
) -> frozenset[str]:
    """Keys of what to tell now, empty when no mail is due.

    `stands` are keys of all that is so at present, `told` of what the last mails of this kind told. A silence is told
    every day while it lasts; everything else once.
    """
    here = now.astimezone(zone)
    if here.time() < OFFICE_OPENS:
        return frozenset()
    if sent_at is not None and sent_at.astimezone(zone).date() >= here.date():
        return frozenset()
    return frozenset(stands) if kind is NoticeKind.SILENT else frozenset(stands) - frozenset(told)
