"""The outbox: what waits, why, and what the bookkeeper decides."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from centerpoint.billing.models import Invoice
from centerpoint.pages.quickbooks import dry_run
from centerpoint.pages.quickbooks.dry_run import beside
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import (
    SENDING_RANK,
    CompanyFile,
    Counterpart,
    Pairing,
    Posting,
    QuickBooksCustomer,
    RecordKind,
)
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync.dry_run import DryInvoice, DryRecord

Owed = Callable[..., Posting]


@pytest.fixture
def company_file(business: Any, now: dt.datetime) -> CompanyFile:
    activation = connection.activate(contractor=business.contractor, url="http://localhost:8000", now=now)
    activation.company_file.read_marks.create(reading="customers", completed_at=now)
    return activation.company_file


@pytest.fixture
def owed(business: Any, company_file: CompanyFile, now: dt.datetime) -> Owed:
    """A posting of an invoice whose bill-to is paired, held unless said."""

    def post(state: State = State.HELD, amount: str = "100.00", **fields: Any) -> Posting:
        invoice = business.invoice(amount=amount)
        customer = QuickBooksCustomer.objects.create(
            company_file=company_file,
            list_id=str(uuid.uuid4()),
            name=invoice.bill_to.name,
            full_name=invoice.bill_to.name,
            read_at=now,
        )
        Pairing.objects.create(
            company_file=company_file,
            company=invoice.bill_to,
            customer=customer,
            how="by_hand",
            paired_at=now,
        )
        return Posting.objects.create(
            **{
                "company_file": company_file,
                "kind": RecordKind.INVOICE,
                "invoice": invoice,
                "revision": invoice.revision,
                "rank": SENDING_RANK[RecordKind.INVOICE],
                "bill_to": invoice.bill_to,
                "state": state,
                "state_since": now,
                "amount": invoice.total,
                "mark": f"{{{uuid.uuid4()}}}",
                "created_at": now,
                **fields,
            }
        )

    connection.save_options(company_file=company_file, now=now, work_goes="never")
    return post


def states(*postings: Posting) -> list[str]:
    found = Posting.objects.in_bulk([posting.pk for posting in postings])
    return [found[posting.pk].state for posting in postings]


def test_it_says_what_would_go_out_if_the_connector_ran_now(technician: Any, owed: Owed) -> None:
    owed(State.READY, "18000.00")
    owed(State.READY, "402.10")
    owed(State.HELD, "9.00")

    page = technician.open("quickbooks/outbox/").content.decode()

    assert "If the connector ran now: 2 invoices, $18,402.10." in page
    assert "Waits for your approval." in page


@pytest.mark.parametrize(
    ("state", "expected"), [("", 3), ("held", 1), ("ready", 1), ("sent", 1), ("refused", 0)]
)
def test_a_tab_shows_one_state_and_the_sum_of_it(
    bookkeeper: Any, owed: Owed, state: str, expected: int
) -> None:
    for each in (State.HELD, State.READY, State.SENT):
        owed(each, "10.00")

    shown = bookkeeper.open("quickbooks/outbox/", state=state).context

    assert (shown["listing"].page.paginator.count, shown["amount"]) == (expected, Decimal(10 * expected))


@pytest.mark.parametrize(("search", "expected"), [("9001", 1), ("900", 2), ("nobody", 0)])
def test_a_search_shows_the_sum_of_what_it_finds(
    bookkeeper: Any, owed: Owed, search: str, expected: int
) -> None:
    for number in ("9001", "9002", "55"):
        posting = owed(State.READY, "10.00")
        Invoice.objects.filter(pk=posting.invoice_id).update(number=number)

    shown = bookkeeper.open("quickbooks/outbox/", search=search).context

    assert (len(shown["lines"]), shown["amount"]) == (expected, Decimal(10 * expected))


def test_what_is_ticked_is_approved_and_nothing_else(bookkeeper: Any, owed: Owed) -> None:
    ticked, other = owed(), owed()

    bookkeeper.send("quickbooks/outbox/decide/", decision="approve", posting=[ticked.pk])

    assert states(ticked, other) == [State.READY, State.HELD]
    assert Posting.objects.get(pk=ticked.pk).approved_by == bookkeeper.user


def test_all_that_fits_the_filters_is_approved_beyond_the_page(bookkeeper: Any, owed: Owed) -> None:
    wanted = [owed() for _ in range(2)]
    other = owed(State.REFUSED)

    answer = bookkeeper.send("quickbooks/outbox/decide/", decision="approve", all="1", state="held")

    assert states(*wanted, other) == [State.READY, State.READY, State.REFUSED]
    assert answer.url.endswith("/quickbooks/outbox/?state=held&search=")


def test_what_was_approved_can_be_held_again(bookkeeper: Any, owed: Owed, now: dt.datetime) -> None:
    ready, sent = owed(State.READY, approved_at=now), owed(State.SENT, approved_at=now)

    bookkeeper.send("quickbooks/outbox/decide/", decision="hold", posting=[ready.pk, sent.pk])

    assert states(ready, sent) == [State.HELD, State.SENT]


def test_invoices_are_left_out_and_what_is_under_way_is_not(bookkeeper: Any, owed: Owed) -> None:
    held, sent = owed(), owed(State.SENT)

    bookkeeper.send("quickbooks/outbox/decide/", decision="leave_out", posting=[held.pk, sent.pk])

    assert states(held, sent) == [State.BYPASSED, State.SENT]


def test_a_decision_that_fits_nothing_says_so(bookkeeper: Any, owed: Owed) -> None:
    answer = bookkeeper.post(
        bookkeeper.base + "quickbooks/outbox/decide/",
        {"decision": "hold", "posting": [owed(State.SENT).pk]},
        follow=True,
    )

    assert "Nothing among these could be decided so." in answer.content.decode()


def test_a_technician_may_look_but_not_approve(technician: Any, owed: Owed) -> None:
    held = owed()

    assert 'value="approve"' not in technician.open("quickbooks/outbox/").content.decode()
    assert technician.send("quickbooks/outbox/decide/", decision="approve", all="1").status_code == 403
    assert technician.send(f"quickbooks/outbox/{held.pk}/decide/", decision="approve").status_code == 403
    assert states(held) == [State.HELD]


@pytest.mark.parametrize(
    ("before", "decision", "after"),
    [
        (State.HELD, "approve", State.READY),
        (State.READY, "hold", State.HELD),
        (State.REFUSED, "retry", State.HELD),
        (State.HELD, "leave_out", State.BYPASSED),
        (State.DELETED_THERE, "recreate", State.HELD),
        (State.DELETED_THERE, "unlink", State.BYPASSED),
    ],
)
def test_each_decision_about_one_posting_does_what_it_says(
    bookkeeper: Any, owed: Owed, before: State, decision: str, after: State
) -> None:
    posting = owed(before)

    bookkeeper.send(f"quickbooks/outbox/{posting.pk}/decide/", decision=decision)

    assert states(posting) == [after]


def test_a_decision_that_comes_too_late_is_explained(bookkeeper: Any, owed: Owed) -> None:
    posting = owed(State.SENT)

    answer = bookkeeper.post(
        f"{bookkeeper.base}quickbooks/outbox/{posting.pk}/decide/", {"decision": "retry"}, follow=True
    )

    assert "look at it again before you decide" in answer.content.decode()


def test_a_posting_of_another_contractor_is_not_there(
    bookkeeper: Any, owed: Owed, another_business: Any, now: dt.datetime
) -> None:
    posting = owed()
    theirs = connection.activate(contractor=another_business.contractor, url="http://localhost:8000", now=now)
    Posting.objects.filter(pk=posting.pk).update(company_file=theirs.company_file)

    assert bookkeeper.open(f"quickbooks/outbox/{posting.pk}/").status_code == 404
    assert bookkeeper.send(f"quickbooks/outbox/{posting.pk}/decide/", decision="approve").status_code == 404
    bookkeeper.send("quickbooks/outbox/decide/", decision="approve", posting=[posting.pk])
    assert states(posting) == [State.HELD]


def test_the_file_of_the_outbox_has_a_sentence_for_each(bookkeeper: Any, owed: Owed) -> None:
    posting = owed()

    lines = (
        b"".join(bookkeeper.open("quickbooks/outbox/", format="csv").streaming_content).decode().splitlines()
    )

    assert posting.invoice is not None
    assert lines[1] == (
        f"Invoice,{posting.invoice.number},{posting.bill_to.name},Held for approval,"
        "Waits for your approval.,2025-06-30 10:00,100.00"
    )


def test_the_outbox_costs_the_same_for_many_postings(
    bookkeeper: Any, owed: Owed, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        owed()
        owed(State.WAITING)

    with django_assert_max_num_queries(17):
        bookkeeper.open("quickbooks/outbox/")


def test_the_dry_run_says_in_quickbooks_words_what_would_go_out(technician: Any, owed: Owed) -> None:
    owed(State.HELD)

    now, if_approved = (
        technician.open("quickbooks/outbox/dry-run/", **query).content.decode()
        for query in ({}, {"held": "1"})
    )

    assert "Nothing would go out." in now
    # No item was read from QuickBooks yet, so that the invoice is stopped before it leaves.
    assert "1 would be stopped before it leaves" in if_approved
    assert "QuickBooks has no active item “Service” for service invoices." in if_approved


def test_the_dry_run_is_shown_by_the_page_and_by_what_it_would_send(
    technician: Any, owed: Owed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        owed(State.HELD)
    monkeypatch.setattr(dry_run, "SHOWN", 2)

    def shown(**query: str) -> list[RecordKind]:
        return [
            one.record.kind
            for one in technician.open("quickbooks/outbox/dry-run/", held="1", **query).context["records"]
        ]

    assert shown(show="jobs") == []
    assert shown(show="invoices") == [RecordKind.INVOICE] * 2
    assert shown(show="invoices", page="2") == [RecordKind.INVOICE]
    assert shown(show="nothing of ours") == shown()
    whole = technician.open("quickbooks/outbox/dry-run/", held="1", show="invoices").content.decode()
    assert 'href="?held=1&amp;show=invoices&amp;page=2"' in whole
    late = technician.open("quickbooks/outbox/dry-run/", held="1", show="invoices", page="99")
    assert late.status_code == 302
    assert late["Location"].endswith("/dry-run/?held=1&show=invoices&page=2")


def test_a_total_that_differs_is_marked() -> None:
    ours = DryInvoice(
        number="1", customer="Oak", lines=(), tax_item="", tax=Decimal("8.25"), total=Decimal("108.25")
    )
    theirs = replace(ours, tax_item="County", tax=Decimal("8.26"), total=Decimal("108.26"))
    record = DryRecord(
        posting_id=1,
        kind=RecordKind.INVOICE,
        record_id=1,
        title="1",
        bill_to="Oak",
        action=Posting.Action.ADD,
        request="",
        ours=ours,
        theirs=theirs,
    )

    assert beside(record).differs == {"tax", "total"}
    assert beside(replace(record, theirs=replace(ours, tax_item="", tax=Decimal(0)))).differs == set()


def test_an_invoice_found_in_quickbooks_by_its_number_is_linked_instead_of_sent(
    bookkeeper: Any, owed: Owed
) -> None:
    found = [{"id": "9-1", "name": "1001", "detail": "Oak Hills, 2025-06-30, 100.00"}]
    posting = owed(
        State.REFUSED, refusal="already-there", refusal_facts={"name": "1001", "count": "1", "found": found}
    )

    page = bookkeeper.open(f"quickbooks/outbox/{posting.pk}/").content.decode()
    bookkeeper.send(f"quickbooks/outbox/{posting.pk}/link/", candidate="9-1")

    assert "Oak Hills, 2025-06-30, 100.00" in page
    counterpart = Counterpart.objects.get(invoice=posting.invoice)
    assert (counterpart.quickbooks_id, counterpart.linked_by_hand) == ("9-1", True)
    assert states(posting) == [State.BYPASSED]


def test_only_what_is_offered_can_be_linked(bookkeeper: Any, owed: Owed) -> None:
    posting = owed()

    bookkeeper.send(f"quickbooks/outbox/{posting.pk}/link/", candidate="of another company file")

    assert states(posting) == [State.HELD]
    assert not Counterpart.objects.exists()
