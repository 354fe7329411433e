"""The fix list: what waits for a person, why, and what cures it."""

from collections import Counter
from typing import Any

from centerpoint.quickbooks import cures, fixes
from centerpoint.quickbooks.fixes import Fix
from centerpoint.quickbooks.models import RecordKind
from centerpoint.quickbooks.posting_states import State

TOO_LONG = {"number": "123456789012", "limit": "11"}


def test_a_refused_invoice_is_listed_with_its_cure_filled_from_our_facts(business: Any, books: Any) -> None:
    invoice = business.invoice(business.ticket(business.company("Oak Hills")))
    posting = books.posting(
        invoice,
        RecordKind.INVOICE,
        State.REFUSED,
        refusal="number-too-long",
        refusal_facts=TOO_LONG,
        amount=invoice.total,
    )

    assert fixes.fix_list(fixes.to_fix(books.company_file)) == [
        Fix(
            title=invoice.number,
            cure=cures.cure("number-too-long", TOO_LONG),
            code="number-too-long",
            own_words="",
            since=books.now,
            posting_id=posting.pk,
            kind=RecordKind.INVOICE,
            record_id=invoice.pk,
            bill_to="Oak Hills",
            amount=invoice.total,
        )
    ]


def test_what_was_deleted_in_quickbooks_can_be_created_anew(business: Any, books: Any) -> None:
    invoice = business.invoice()
    books.posting(invoice, RecordKind.INVOICE, State.DELETED_THERE)

    [fix] = fixes.fix_list(fixes.to_fix(books.company_file))

    assert fix.cure.sentence == f"“{invoice.number}” is not in QuickBooks any more."
    assert fix.cure.action is cures.Action.RECREATE


def test_refusals_are_counted_by_code_and_narrowed_to_one(business: Any, books: Any) -> None:
    for code in ("3180", "3180", "3140"):
        books.posting(business.invoice(), RecordKind.INVOICE, State.REFUSED, refusal=code)

    assert fixes.counts(books.company_file) == Counter({"3180": 2, "3140": 1})
    assert [fix.code for fix in fixes.fix_list(fixes.to_fix(books.company_file, code="3140"))] == ["3140"]


def test_trouble_of_the_whole_file_names_the_file_that_was_open(books: Any) -> None:
    books.company_file.trouble, books.company_file.trouble_detail = "wrong-file", "Other Roofing"

    fix = fixes.trouble(books.company_file)

    assert fix is not None
    assert fix.cure.sentence == (
        "Another company file is open in QuickBooks: Other Roofing. Nothing was sent to it."
    )


def test_a_file_without_trouble_has_nothing_to_fix(books: Any) -> None:
    assert fixes.trouble(books.company_file) is None
    assert fixes.fix_list(fixes.to_fix(books.company_file)) == []
