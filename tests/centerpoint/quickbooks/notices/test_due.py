"""When somebody is told what."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from centerpoint.quickbooks.models import NoticeKind
from centerpoint.quickbooks.notices.due import due

CHICAGO = ZoneInfo("America/Chicago")
NOON = dt.datetime(2025, 6, 30, 12, 0, tzinfo=CHICAGO)
YESTERDAY = NOON - dt.timedelta(days=1)


def told_now(kind=NoticeKind.REFUSED, stands=("a",), told=(), sent_at=None, now=NOON):
    return set(due(kind, stands=stands, told=told, sent_at=sent_at, now=now, zone=CHICAGO))


def test_what_was_never_told_is_told():
    assert told_now(stands=["a", "b"]) == {"a", "b"}


def test_nothing_to_tell_is_no_mail():
    assert told_now(stands=[]) == set()


@pytest.mark.parametrize("kind", NoticeKind)
def test_no_kind_is_told_twice_on_one_day(kind):
    assert told_now(kind, stands=["new"], sent_at=NOON - dt.timedelta(hours=4)) == set()


def test_a_refusal_is_told_once():
    assert told_now(stands=["a", "b"], told=["a"], sent_at=YESTERDAY) == {"b"}
    assert told_now(stands=["a"], told=["a"], sent_at=YESTERDAY) == set()


def test_a_silence_is_told_every_day_it_lasts():
    assert told_now(NoticeKind.SILENT, stands=["a"], told=["a"], sent_at=YESTERDAY) == {"a"}


def test_the_day_is_the_offices_own():
    # 23:30 in Chicago is the next day in UTC already; the morning after is another day in Chicago, too.
    late = dt.datetime(2025, 6, 29, 23, 30, tzinfo=CHICAGO).astimezone(dt.UTC)

    assert told_now(sent_at=late, now=late + dt.timedelta(minutes=20)) == set()
    assert told_now(sent_at=late, now=dt.datetime(2025, 6, 30, 8, tzinfo=CHICAGO)) == {"a"}


def test_the_night_waits_for_the_office_to_open():
    assert told_now(now=NOON.replace(hour=6, minute=59)) == set()
    assert told_now(now=NOON.replace(hour=7)) == {"a"}
