"""Home: how QuickBooks stands, the work, what is overdue, and the year's money."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from centerpoint.billing import operations as billing
from centerpoint.billing.queries import Month, billed_and_paid
from centerpoint.pages.chart import chart, round_figure_above
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, ConnectorSession

D = Decimal


@pytest.fixture
def company_file(business: Any) -> CompanyFile:
    return connection.activate(
        contractor=business.contractor, url="http://localhost:8000", now=timezone.now()
    ).company_file


def test_without_an_integration_home_offers_the_next_step(bookkeeper: Any) -> None:
    page = bookkeeper.open().content.decode()

    assert "Your books are not connected yet." in page
    assert f"{bookkeeper.base}settings/integrations/" in page


def test_a_silent_quickbooks_is_said_with_what_waits(bookkeeper: Any, company_file: CompanyFile) -> None:
    CompanyFile.objects.update(last_heard_at=timezone.now() - dt.timedelta(days=3))

    page = bookkeeper.open().content.decode()

    assert "QuickBooks has been silent since" in page
    assert "Look whether the PC is awake" in page


def test_an_integration_that_was_never_heard_from_leads_to_its_three_steps(
    bookkeeper: Any, company_file: CompanyFile
) -> None:
    assert "Connect it in three steps" in bookkeeper.open().content.decode()


def test_the_session_under_way_shows_its_progress(technician: Any, company_file: CompanyFile) -> None:
    now = timezone.now()
    ConnectorSession.objects.create(
        company_file=company_file, ticket_digest=b"1" * 32, opened_at=now, heard_at=now, percent=40
    )

    page = technician.open().content.decode()

    assert "QuickBooks is connected now" in page
    assert "40 %" in page


def test_overdue_invoices_are_listed_with_their_sum(bookkeeper: Any, business: Any) -> None:
    invoice = business.invoice(amount="250.00")

    context = bookkeeper.open().context

    assert [each.number for each in context["overdue"]] == [invoice.number]
    assert context["overdue_totals"].balance == D("250.00")


def test_what_happened_lately_is_for_the_office(bookkeeper: Any, technician: Any, business: Any) -> None:
    business.company("Oak Hills")

    assert ["Lately" in each.open().content.decode() for each in (bookkeeper, technician)] == [True, False]


def test_each_month_has_what_was_billed_and_what_was_received(business: Any, now: dt.datetime) -> None:
    invoice = business.invoice(amount="250.00")
    void = business.invoice(amount="70.00")
    billing.void_invoice(invoice=void, now=now)
    billing.receive_payment(
        company=invoice.bill_to,
        amount=D("100.00"),
        received_on=dt.date(2025, 7, 2),
        parts=[billing.Part(invoice_id=invoice.pk, amount=D("100.00"))],
        now=now,
    )

    months = billed_and_paid(business.contractor, until=dt.date(2025, 7, 15), months=3)

    assert months == [
        Month(first=dt.date(2025, 5, 1), billed=D("0.00"), paid=D("0.00")),
        Month(first=dt.date(2025, 6, 1), billed=D("250.00"), paid=D("0.00")),
        Month(first=dt.date(2025, 7, 1), billed=D("0.00"), paid=D("100.00")),
    ]


def test_bars_stand_on_a_scale_of_round_figures() -> None:
    drawn = chart([Month(first=dt.date(2025, 6, 1), billed=D("1800.00"), paid=D("500.00"))])

    assert drawn is not None
    assert (drawn.top, drawn.half) == (D("2E+3"), D("1E+3"))
    assert [(bar.height, bar.top) for bar in (drawn.months[0].billed, drawn.months[0].paid)] == [
        (90.0, 10.0),
        (25.0, 75.0),
    ]


def test_a_year_without_money_has_no_chart() -> None:
    assert chart([Month(first=dt.date(2025, 6, 1), billed=D(0), paid=D(0))]) is None


@pytest.mark.parametrize(
    ("amount", "expected"), [("1", "1"), ("1.01", "2"), ("21000", "25000"), ("99", "100"), ("500", "500")]
)
def test_a_scale_ends_at_the_next_round_figure(amount: str, expected: str) -> None:
    assert round_figure_above(D(amount)) == D(expected)


def test_home_costs_the_same_whatever_there_is(
    bookkeeper: Any, business: Any, company_file: CompanyFile, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        business.invoice()

    with django_assert_max_num_queries(32):
        bookkeeper.open()
