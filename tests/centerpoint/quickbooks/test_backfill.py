"""What an earlier start date would send."""

import datetime as dt
from decimal import Decimal

import pytest

from centerpoint.quickbooks import connection, outbox
from centerpoint.quickbooks.backfill import Backfill, backfill, older
from centerpoint.quickbooks.models import Options

NOTHING = Backfill(invoices=0, total=Decimal(), tickets=0, projects=0)


@pytest.fixture
def file(business, now):
    return connection.activate(
        contractor=business.contractor,
        url="http://localhost:8000",
        now=now,
        start_date=now.date() + dt.timedelta(days=1),
    ).company_file


@pytest.fixture
def before(business, now):
    """A day's business before the start date: two invoices, a draft, a project and a ticket."""
    business.invoice(amount="100.00")
    business.invoice(amount="50.25")
    business.draft()
    business.project()
    business.ticket()


@pytest.mark.usefixtures("before")
def test_an_earlier_date_sends_what_was_kept_here(file, today):
    # Every invoice and the draft have a ticket; the fourth stands alone.
    everything = Backfill(invoices=2, total=Decimal("150.25"), tickets=4, projects=1)

    assert [older(file), backfill(file, start_date=today)] == [everything, everything]
    assert not backfill(file, start_date=today + dt.timedelta(days=1))
    assert not backfill(file, start_date=today + dt.timedelta(days=9))


@pytest.mark.usefixtures("before")
def test_without_a_start_date_nothing_is_kept_here(file):
    Options.objects.update(start_date=None)
    file.options.refresh_from_db()

    assert older(file) == NOTHING


@pytest.mark.usefixtures("before")
def test_work_that_never_goes_is_not_counted(file):
    Options.objects.update(work_goes="never")
    file.options.refresh_from_db()

    assert older(file) == Backfill(invoices=2, total=Decimal("150.25"), tickets=0, projects=0)


def test_what_went_out_under_an_earlier_date_is_not_sent_again(business, file, now, today):
    connection.save_options(company_file=file, now=now, start_date=None)
    business.invoice(amount="100.00")
    outbox.discover(file, now=now, sweep=True)
    connection.save_options(company_file=file, now=now, start_date=today + dt.timedelta(days=1))
    file.refresh_from_db()

    assert older(file) == NOTHING


@pytest.mark.usefixtures("before")
def test_another_contractors_records_are_not_counted(another_business, file, now):
    theirs = connection.activate(
        contractor=another_business.contractor,
        url="http://localhost:8000",
        now=now,
        start_date=now.date() + dt.timedelta(days=1),
    ).company_file

    assert older(theirs) == NOTHING
