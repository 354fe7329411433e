"""Where a record stands with QuickBooks, in the bookkeeper's words."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from centerpoint.companies.models import Company
from centerpoint.quickbooks.models import RecordKind
from centerpoint.quickbooks.posting_states import Standing, State
from centerpoint.quickbooks.standing import RecordStanding, standing, standings


def test_an_invoice_in_quickbooks_shows_its_id_and_number(books: Any) -> None:
    counterpart = books.posted()
    posting = counterpart.invoice.postings.get()

    assert standing(books.company_file, counterpart.invoice) == RecordStanding(
        state=State.IN_QUICKBOOKS,
        label="In QuickBooks",
        sentence="QuickBooks holds it as it is here.",
        posting_id=posting.pk,
        since=books.now,
        quickbooks_id=counterpart.quickbooks_id,
        quickbooks_name=counterpart.invoice.number,
    )


def test_a_change_nobody_sent_yet_shows_as_changed_since_sent(books: Any) -> None:
    invoice = books.posted().invoice
    invoice.revision += 1

    assert standing(books.company_file, invoice).state is State.SUPERSEDED


def test_a_refused_invoice_says_why_and_how_to_cure_it(business: Any, books: Any) -> None:
    invoice = business.invoice()
    facts = {"number": "123456789012", "limit": "11"}
    books.posting(invoice, RecordKind.INVOICE, State.REFUSED, refusal="number-too-long", refusal_facts=facts)

    shown = standing(books.company_file, invoice)

    assert shown.sentence == "The number 123456789012 is longer than the 11 characters QuickBooks keeps."
    assert shown.cure is not None
    assert shown.cure.how == "Give the invoice a shorter number."


def test_a_paired_company_shows_its_customer_though_nothing_was_sent(books: Any, business: Any) -> None:
    pairing = books.paired(business.company("Oak Hills"))

    assert standing(books.company_file, pairing.company) == RecordStanding(
        state=State.IN_QUICKBOOKS,
        label="In QuickBooks",
        sentence="It is “Oak Hills” in QuickBooks.",
        quickbooks_id=pairing.customer.list_id,
        quickbooks_name="Oak Hills",
        linked_by_hand=True,
    )


def test_an_invoice_of_before_the_start_date_says_so(business: Any, books: Any) -> None:
    invoice = business.invoice()
    books.choose(start_date=invoice.issued_on + dt.timedelta(days=1))

    assert standing(books.company_file, invoice).state is Standing.BEFORE_START


def test_a_list_costs_three_queries_however_long_it_is(
    business: Any, books: Any, at_most: Callable[[int], AbstractContextManager[None]]
) -> None:
    posted = [books.posted().invoice for _ in range(5)]
    waiting = [business.invoice() for _ in range(5)]
    for invoice in waiting:
        books.posting(invoice, RecordKind.INVOICE, State.NEEDS_PAIRING)

    with at_most(3):
        shown = standings(books.company_file, [*posted, *waiting])

    assert {pk: one.state for pk, one in shown.items()} == {
        **dict.fromkeys((invoice.pk for invoice in posted), State.IN_QUICKBOOKS),
        **dict.fromkeys((invoice.pk for invoice in waiting), State.NEEDS_PAIRING),
    }


def test_another_contractors_company_file_tells_nothing_of_our_record(
    books: Any, another_books: Any, business: Any
) -> None:
    company: Company = books.paired(business.company("Oak Hills")).company

    assert standing(another_books.company_file, company).state is Standing.NOT_ELIGIBLE


def test_an_invoice_that_was_just_issued_goes_at_the_next_run(books: Any, business: Any) -> None:
    invoice = business.invoice()

    shown = standing(books.company_file, invoice)

    assert shown.state is Standing.NEXT_RUN
    assert shown.sentence == "The next run of the Web Connector takes it up."
