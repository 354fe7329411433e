"""A connector session as the Web Connector sees it: what it is told when things change under its hands."""

import pytest

from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, Conflict, ConnectorSession, Exchange, Posting
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync import session

from .conftest import customers_added


@pytest.mark.parametrize("stop", [connection.pause, connection.deactivate])
def test_a_session_under_way_sends_nothing_more_once_it_is_stopped(business, connector, ready_books, stop):
    for _ in range(15):
        business.company()
    connector.log_in()
    text = connector.request()
    stop(company_file=ready_books.company_file, now=ready_books.now)

    percent = connector.receive(customers_added(text))

    assert percent == 100
    assert Posting.objects.filter(state=State.IN_QUICKBOOKS).count() == 10
    assert connector.request() == ""
    assert Exchange.objects.count() == 1


def test_a_session_stopped_before_its_first_question_says_why(business, connector, ready_books):
    business.company()
    connector.log_in()
    connection.pause(company_file=ready_books.company_file, now=ready_books.now)

    assert connector.request() == ""
    assert "paused" in connector.last_error().lower()
    assert connector.session.status == ConnectorSession.Status.FINISHED


def test_many_that_cannot_be_sent_are_all_shown_and_the_session_goes_on(
    business, connector, ready_books, monkeypatch
):
    """More than can be looked at while the Web Connector waits for one reply."""
    monkeypatch.setattr(session, "PLANS", 3)
    CompanyFile.objects.update(batch_size=1)
    blocked = [business.company() for _ in range(9)]
    for company in blocked:
        pairing = ready_books.paired(company, agreed={"name": "Another name"})
        Conflict.objects.create(
            company_file=pairing.company_file,
            company=company,
            field="name",
            ours="a",
            theirs="b",
            found_at=ready_books.now,
        )
        ready_books.posting(company, "company", State.READY)
    connector.log_in()

    text = connector.request()

    assert "<HostQueryRq" in text
    assert Posting.objects.filter(state=State.REFUSED, refusal="conflict-open").count() == 2
