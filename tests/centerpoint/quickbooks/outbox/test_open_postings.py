"""The outbox as a list: its lines, its sentences, its filters and its sums."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

from centerpoint.quickbooks.models import RECORD_FIELDS, Posting, RecordKind
from centerpoint.quickbooks.outbox import queries
from centerpoint.quickbooks.outbox.queries import OpenPosting, Totals
from centerpoint.quickbooks.posting_states import State


def _lines(books: Any) -> list[OpenPosting]:
    found = queries.open_postings(books.company_file)
    return queries.lines(books.company_file, list(found.select_related("bill_to", *RECORD_FIELDS)))


def _sentences(books: Any) -> list[str]:
    return [line.sentence for line in _lines(books)]


def test_a_line_names_the_invoice_its_company_its_amount_and_what_it_waits_for(
    business: Any, books: Any
) -> None:
    invoice = business.invoice(business.ticket(business.company("Oak Hills")), "480.00")
    posting = books.posting(invoice, RecordKind.INVOICE, State.NEEDS_PAIRING, amount=invoice.total)

    assert _lines(books) == [
        OpenPosting(
            posting_id=posting.pk,
            kind=RecordKind.INVOICE,
            record_id=invoice.pk,
            title=invoice.number,
            bill_to_id=invoice.bill_to_id,
            bill_to="Oak Hills",
            amount=Decimal("480.00"),
            action=Posting.Action.ADD,
            state=State.NEEDS_PAIRING,
            sentence="Waits until Oak Hills is paired.",
            since=books.now,
            code="",
        )
    ]


def test_an_invoice_whose_company_is_paired_waits_for_its_job(business: Any, books: Any) -> None:
    company = business.company("Oak Hills")
    books.paired(company)
    books.posting(business.invoice(business.ticket(company)), RecordKind.INVOICE, State.WAITING)

    assert _sentences(books) == ["Waits until its job is in QuickBooks."]


def test_work_for_a_company_that_is_on_its_way_waits_for_the_company(business: Any, books: Any) -> None:
    ticket = business.ticket(business.company("Oak Hills"))
    books.posting(ticket, RecordKind.TICKET, State.WAITING)

    assert _sentences(books) == ["Waits until Oak Hills is in QuickBooks."]


def test_a_refused_posting_tells_its_refusal_with_its_own_facts(business: Any, books: Any) -> None:
    books.posting(
        business.invoice(),
        RecordKind.INVOICE,
        State.REFUSED,
        refusal="tax-differs",
        refusal_facts={"ours": "8.25", "theirs": "8.26", "item": "County", "taxable": "100.00"},
    )

    assert _sentences(books) == ["Our tax is $8.25; QuickBooks would compute $8.26."]


def test_what_is_settled_is_not_in_the_outbox(business: Any, books: Any) -> None:
    for state in (State.IN_QUICKBOOKS, State.BYPASSED, State.SUPERSEDED, State.VOIDED):
        books.posting(business.invoice(), RecordKind.INVOICE, state)

    assert _sentences(books) == []


def test_search_state_kind_and_company_narrow_the_list(business: Any, books: Any) -> None:
    oak, elm = business.company("Oak Hills"), business.company("Elm Court")
    held = books.posting(business.invoice(business.ticket(oak)), RecordKind.INVOICE, State.HELD)
    ready = books.posting(business.ticket(elm), RecordKind.TICKET, State.READY)

    def found(**filters: Any) -> list[Posting]:
        return list(queries.open_postings(books.company_file, **filters))

    assert found() == [ready, held]
    assert found(search="hills oak") == [held]
    assert found(states=[State.READY]) == [ready]
    assert found(states=[State.IN_QUICKBOOKS]) == []
    assert found(kinds=[RecordKind.INVOICE]) == [held]
    assert found(company_id=elm.pk) == [ready]


def test_the_totals_count_each_state_and_sum_the_invoices(business: Any, books: Any) -> None:
    for amount, state in (("100.00", State.HELD), ("50.50", State.HELD), ("7.00", State.READY)):
        invoice = business.invoice(amount=amount)
        books.posting(invoice, RecordKind.INVOICE, state, amount=invoice.total)
    books.posting(business.ticket(), RecordKind.TICKET, State.WAITING)

    assert queries.totals(queries.open_postings(books.company_file)) == Totals(
        count=4, amount=Decimal("157.50"), by_state={State.HELD: 2, State.READY: 1, State.WAITING: 1}
    )


def test_a_page_costs_the_same_however_long_it_is(
    business: Any, books: Any, at_most: Callable[[int], AbstractContextManager[None]]
) -> None:
    for _ in range(8):
        books.posting(business.invoice(), RecordKind.INVOICE, State.WAITING)

    with at_most(4):
        assert len(_sentences(books)) == 8


def test_another_contractors_postings_are_not_shown(
    books: Any, another_business: Any, another_books: Any
) -> None:
    another_books.posting(another_business.invoice(), RecordKind.INVOICE, State.READY)

    assert _sentences(books) == []
