"""Runs: what QuickBooks and Centerpoint said to each other, as a bookkeeper reads it."""

import datetime as dt
from typing import Any

import pytest

from centerpoint.quickbooks import connection
from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.models import CompanyFile, ConnectorSession, Exchange
from centerpoint.quickbooks.sync.steps import Read, to_json

ASKED = '<?xml version="1.0"?><QBXML><QBXMLMsgsRq><CustomerQueryRq requestID="1"/></QBXMLMsgsRq></QBXML>'


@pytest.fixture
def company_file(business: Any, now: dt.datetime) -> CompanyFile:
    return connection.activate(
        contractor=business.contractor, url="http://localhost:8000", now=now
    ).company_file


@pytest.fixture
def session(company_file: CompanyFile, now: dt.datetime) -> ConnectorSession:
    return ConnectorSession.objects.create(
        company_file=company_file,
        ticket_digest=b"1" * 32,
        opened_at=now,
        heard_at=now + dt.timedelta(seconds=75),
        percent=40,
        objects_read=7,
    )


@pytest.fixture
def exchange(session: ConnectorSession, now: dt.datetime) -> Exchange:
    return Exchange.objects.create(
        company_file=session.company_file,
        session=session,
        key="key-1",
        writes=False,
        step=to_json(Read(readings=("customers",))),
        status=Exchange.Status.ANSWERED,
        handed_out_at=now,
        request=Evidence.of(ASKED).packed,
        answer=Evidence.of("no XML at all <").packed,
    )


def _ended(session: ConnectorSession, status: ConnectorSession.Status, **fields: Any) -> None:
    ConnectorSession.objects.filter(pk=session.pk).update(status=status, **fields)


def test_the_session_under_way_is_on_top_and_looks_for_itself(
    technician: Any, session: ConnectorSession
) -> None:
    page = technician.open("quickbooks/runs/").content.decode()

    assert "QuickBooks is connected now" in page
    assert f"quickbooks/runs/live/?was={session.pk}" in page
    assert "1:15" in page


def test_the_page_is_fetched_anew_once_the_session_it_watched_has_ended(
    bookkeeper: Any, session: ConnectorSession
) -> None:
    under_way = bookkeeper.open("quickbooks/runs/live/", was=session.pk)
    _ended(session, ConnectorSession.Status.FINISHED)
    ended = bookkeeper.open("quickbooks/runs/live/", was=session.pk)

    assert [answer.headers.get("HX-Refresh") for answer in (under_way, ended)] == [None, "true"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [({}, 2), ({"status": "failed"}, 1), ({"did": "something"}, 1), ({"search": "asleep"}, 1)],
)
def test_runs_are_found_by_how_they_ended_and_what_they_moved(
    bookkeeper: Any, session: ConnectorSession, now: dt.datetime, filters: dict[str, str], expected: int
) -> None:
    _ended(session, ConnectorSession.Status.FINISHED)
    ConnectorSession.objects.create(
        company_file=session.company_file,
        ticket_digest=b"2" * 32,
        opened_at=now,
        heard_at=now,
        status=ConnectorSession.Status.FAILED,
        error="The PC fell asleep",
    )

    assert len(bookkeeper.open("quickbooks/runs/", **filters).context["listing"].rows) == expected


def test_a_run_says_what_each_message_asked_and_unfolds_its_texts(
    bookkeeper: Any, session: ConnectorSession, exchange: Exchange
) -> None:
    page = bookkeeper.open(f"quickbooks/runs/{session.pk}/").content.decode()
    texts = bookkeeper.open(f"quickbooks/exchanges/{exchange.pk}/").context["texts"]

    assert "Reading customers" in page
    assert texts.request.splitlines() == [
        "<QBXML>",
        "  <QBXMLMsgsRq>",
        '    <CustomerQueryRq requestID="1"/>',
        "  </QBXMLMsgsRq>",
        "</QBXML>",
    ]
    assert texts.answer == "no XML at all <"


def test_a_text_can_be_taken_along_as_it_was(bookkeeper: Any, exchange: Exchange) -> None:
    answer = bookkeeper.open(f"quickbooks/exchanges/{exchange.pk}/request.xml")

    assert answer.content.decode() == ASKED
    assert answer["Content-Disposition"] == f'attachment; filename="request-{exchange.pk}.xml"'


def test_a_technician_reads_runs_but_not_what_was_said(
    technician: Any, session: ConnectorSession, exchange: Exchange
) -> None:
    answers = [
        technician.open(path).status_code
        for path in (f"quickbooks/runs/{session.pk}/", f"quickbooks/exchanges/{exchange.pk}/")
    ]

    assert answers == [200, 403]


def test_the_run_of_another_contractor_is_not_there(
    session: ConnectorSession, exchange: Exchange, another_business: Any, now: dt.datetime, request: Any
) -> None:
    connection.activate(contractor=another_business.contractor, url="http://localhost:8000", now=now)
    stranger = request.getfixturevalue("bookkeeper")
    stranger.base = f"/c/{another_business.contractor.pk}/"
    stranger.user.memberships.update(contractor=another_business.contractor)

    answers = [
        stranger.open(path).status_code
        for path in (
            f"quickbooks/runs/{session.pk}/",
            f"quickbooks/exchanges/{exchange.pk}/",
            f"quickbooks/exchanges/{exchange.pk}/answer.xml",
        )
    ]

    assert answers == [404, 404, 404]
