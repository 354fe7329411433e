"""Connector sessions as the bookkeeper sees them."""

import datetime as dt
from typing import Any

import pytest

from centerpoint.quickbooks import runs
from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.models import ConnectorSession, Exchange, RecordKind
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.runs import ExchangeLine, Progress, Texts
from centerpoint.quickbooks.sync.steps import Post, Read, Sent, Step, to_json


@pytest.fixture
def session(books: Any) -> ConnectorSession:
    return ConnectorSession.objects.create(
        company_file=books.company_file,
        ticket_digest=b"1" * 32,
        opened_at=books.now,
        heard_at=books.now,
        percent=40,
        objects_sent=7,
    )


def _exchange(session: ConnectorSession, step: Step, **fields: Any) -> Exchange:
    return Exchange.objects.create(
        **{
            "company_file": session.company_file,
            "session": session,
            "key": f"key-{Exchange.objects.count()}",
            "writes": isinstance(step, Post),
            "step": to_json(step),
            "handed_out_at": session.opened_at,
            "request": b"",
            **fields,
        }
    )


def test_a_message_that_wrote_tells_what_its_records_became(books: Any, session: ConnectorSession) -> None:
    step = Post(sent=tuple(Sent(posting=number, action="add", content={}) for number in (1, 2, 3)))
    outcomes = {State.IN_QUICKBOOKS: {RecordKind.COMPANY: [1, 3]}, State.REFUSED: {RecordKind.COMPANY: [2]}}
    exchange = _exchange(
        session, step, status=Exchange.Status.ANSWERED, answered_at=books.now, outcomes=outcomes
    )

    assert runs.exchanges(session) == [
        ExchangeLine(
            exchange_id=exchange.pk,
            status=Exchange.Status.ANSWERED,
            asked="Sending 3 records",
            effect="2 companies in QuickBooks, 1 company refused",
            handed_out_at=books.now,
            answered_at=books.now,
            handed_out_times=1,
            hresult="",
            message="",
        )
    ]


def test_the_session_under_way_says_what_it_does(books: Any, session: ConnectorSession) -> None:
    _exchange(session, Read(readings=("customers",)))

    assert runs.under_way(books.company_file) == Progress(
        session_id=session.pk,
        percent=40,
        objects_sent=7,
        objects_read=0,
        opened_at=books.now,
        heard_at=books.now,
        doing="Reading customers: waiting for QuickBooks",
    )


def test_no_session_is_under_way_once_it_has_finished(books: Any, session: ConnectorSession) -> None:
    ConnectorSession.objects.update(status=ConnectorSession.Status.FINISHED)

    assert runs.under_way(books.company_file) is None


def test_sessions_are_listed_newest_first_with_how_much_was_said(
    books: Any, session: ConnectorSession
) -> None:
    _exchange(session, Read(readings=("customers",)))
    ConnectorSession.objects.update(status=ConnectorSession.Status.FINISHED)
    newer = ConnectorSession.objects.create(
        company_file=books.company_file,
        ticket_digest=b"2" * 32,
        opened_at=books.now + dt.timedelta(hours=1),
        heard_at=books.now,
    )

    listed = [(one.pk, one.exchange_count) for one in runs.sessions(books.company_file)]

    assert listed == [(newer.pk, 0), (session.pk, 1)]


def test_a_ticket_in_a_text_is_masked_and_the_rest_is_as_it_left(session: ConnectorSession) -> None:
    request = Evidence.of("<QBXML><SessionTicket>sesame</SessionTicket><Name>Oak</Name></QBXML>").packed
    exchange = _exchange(session, Read(readings=("customers",)), request=request)

    assert runs.texts(exchange) == Texts(
        request=f"<QBXML><SessionTicket>{runs.MASK}</SessionTicket><Name>Oak</Name></QBXML>", answer=""
    )
