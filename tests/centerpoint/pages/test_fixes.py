"""The fix list: each refusal as a sentence, with the button that cures it."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import SENDING_RANK, CompanyFile, Options, Posting, RecordKind
from centerpoint.quickbooks.posting_states import State

Refused = Callable[..., Posting]
CENT = {"ours": "8.25", "theirs": "8.26", "taxable": "100.00", "item": "County"}


@pytest.fixture
def company_file(business: Any, now: dt.datetime) -> CompanyFile:
    return connection.activate(
        contractor=business.contractor, url="http://localhost:8000", now=now
    ).company_file


@pytest.fixture
def refused(business: Any, company_file: CompanyFile, now: dt.datetime) -> Refused:
    def refuse(refusal: str, company: str = "", state: State = State.REFUSED, **facts: str) -> Posting:
        invoice = business.invoice(business.ticket(business.company(company)))
        return Posting.objects.create(
            company_file=company_file,
            kind=RecordKind.INVOICE,
            invoice=invoice,
            revision=invoice.revision,
            rank=SENDING_RANK[RecordKind.INVOICE],
            bill_to=invoice.bill_to,
            state=state,
            state_since=now,
            amount=invoice.total,
            mark=f"{{{uuid.uuid4()}}}",
            created_at=now,
            refusal=refusal,
            refusal_text=facts.pop("text", ""),
            refusal_facts=facts,
        )

    return refuse


def labels(answer: Any, posting: Posting) -> list[str]:
    return [button.label for button in answer.context["buttons"][posting.pk]]


def test_a_refusal_is_a_sentence_with_its_cure_and_who_can_do_it(technician: Any, refused: Refused) -> None:
    refused("tax-differs", **CENT)

    page = technician.open("quickbooks/fixes/").content.decode()

    assert "Our tax is $8.25; QuickBooks would compute $8.26." in page
    assert "For the bookkeeper" in page
    assert "Try again" not in page


@pytest.mark.parametrize(
    ("refusal", "state", "expected"),
    [
        ("tax-differs", State.REFUSED, ["Send our exact tax", "Try again"]),
        ("3100", State.REFUSED, ["Pair the company", "Try again"]),
        ("closed-period", State.REFUSED, ["Edit it here", "Try again"]),
        ("item-missing", State.REFUSED, ["Choose the item", "Try again"]),
        ("answer-differs", State.REFUSED, ["Compare both sides", "Try again"]),
        ("3180", State.REFUSED, ["Try again"]),
        ("already-there", State.REFUSED, ["Link it by hand", "Try again"]),
        ("", State.DELETED_THERE, ["Create it anew", "Let it go"]),
    ],
)
def test_the_button_fits_the_cure(
    bookkeeper: Any, refused: Refused, refusal: str, state: State, expected: list[str]
) -> None:
    posting = refused(refusal, state=state)

    assert labels(bookkeeper.open("quickbooks/fixes/"), posting) == expected


def test_what_is_tried_again_leaves_the_list_and_one_is_back_on_it(bookkeeper: Any, refused: Refused) -> None:
    posting = refused("3180", text="Somebody knows why.")

    answer = bookkeeper.post(
        f"{bookkeeper.base}quickbooks/outbox/{posting.pk}/decide/",
        {"decision": "retry", "back": "fixes"},
        follow=True,
    )

    assert answer.redirect_chain == [(f"{bookkeeper.base}quickbooks/fixes/", 302)]
    assert "Nothing to fix." in answer.content.decode()


def test_all_are_tried_again_at_once(bookkeeper: Any, refused: Refused) -> None:
    refused("3180")
    refused("3270")

    bookkeeper.send("quickbooks/fixes/retry/")

    assert not Posting.objects.filter(state=State.REFUSED).exists()


def test_sending_our_exact_tax_is_asked_once_more_and_frees_what_its_tax_held_up(
    bookkeeper: Any, refused: Refused
) -> None:
    posting, other = refused("tax-differs", **CENT), refused("3180")

    asked = bookkeeper.open("quickbooks/fixes/exact-tax/").content.decode()
    before = Options.objects.get().tax_mode
    bookkeeper.send("quickbooks/fixes/exact-tax/")

    assert "for all invoices sent from now on" in asked
    assert (before, Options.objects.get().tax_mode) == ("quickbooks", "exact_line")
    found = Posting.objects.in_bulk([posting.pk, other.pk])
    assert found[posting.pk].state != State.REFUSED
    assert found[other.pk].state == State.REFUSED


def test_the_list_is_narrowed_by_reason_and_by_words(bookkeeper: Any, refused: Refused) -> None:
    refused("tax-differs", "Oak Hills", **CENT)
    deleted = refused("", "Pine Street", state=State.DELETED_THERE)
    refused("3180", "Pine Street")

    found = {
        key: [posting.pk for posting in bookkeeper.open("quickbooks/fixes/", **query).context["listing"].rows]
        for key, query in {
            "deleted": {"code": "deleted"},
            "words": {"search": "pine"},
            "both": {"search": "oak", "code": "3180"},
        }.items()
    }

    assert (found["deleted"], len(found["words"]), found["both"]) == ([deleted.pk], 2, [])


def test_what_stops_the_whole_company_file_stands_on_top(
    bookkeeper: Any, company_file: CompanyFile, now: dt.datetime
) -> None:
    CompanyFile.objects.update(trouble="wrong-file", trouble_detail="Better Roofs.qbw", trouble_since=now)

    page = bookkeeper.open("quickbooks/fixes/").content.decode()

    assert "Another company file is open in QuickBooks: Better Roofs.qbw." in page
    assert "Show the connection" in page


def test_a_technician_cures_nothing(technician: Any, refused: Refused) -> None:
    refused("3180")

    codes = [
        technician.send(path).status_code
        for path in ("quickbooks/fixes/retry/", "quickbooks/fixes/exact-tax/")
    ]

    assert codes == [403, 403]
    assert Posting.objects.filter(state=State.REFUSED).count() == 1


def test_the_fix_list_costs_the_same_for_many(
    bookkeeper: Any, refused: Refused, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        refused("3180")

    with django_assert_max_num_queries(12):
        bookkeeper.open("quickbooks/fixes/")
