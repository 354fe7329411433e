"""Whatever stops a record or a session has a sentence, somebody who can act, and something to do."""

import ast
import re
import string
from decimal import Decimal
from pathlib import Path

import pytest

from centerpoint.quickbooks import cures
from centerpoint.quickbooks.cures import Action, Who, cure
from centerpoint.quickbooks.mapping import customers, invoices, jobs
from qbxml import messages
from qbxml import status as quickbooks_status
from qbxml.status import MessageSetStatus, StatusClass

PACKAGE = Path(cures.__file__).parent
# What is given beside the code, for each way to say one. QuickBooks' own words are always at hand.
ALWAYS = {"code", "text"}


def said_in_the_code():
    """(code, names of its facts or None where they are gathered elsewhere) wherever the source says a word of ours."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "cures.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield from _said_by(node)


def _said_by(call):
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name == "Blocked":
        yield first, set(given)
    elif name == "NotThisFile":
        yield first, {"detail"}
    elif name == "_end_with_trouble":
        words = [each.value for each in ast.walk(call) if isinstance(each, ast.Constant)]
        yield from ((word, {"detail"}) for word in words)
    elif name == "Outcome" and isinstance(given.get("code"), ast.Constant):
        facts = given.get("facts")
        keys = {key.value for key in facts.keys} if isinstance(facts, ast.Dict) else None
        yield given["code"].value, keys
    elif name == "Outcome" and isinstance(given.get("stops_the_file"), ast.Constant):
        yield given["stops_the_file"].value, set()


def placeholders(found):
    return {
        name
        for text in (found.sentence, found.why, found.how)
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }


SAID = list(said_in_the_code())


def test_the_source_says_its_words_where_this_test_looks():
    assert {"item-missing", "wrong-file", "answer-unreadable", "no-answer", "no-permission"} <= {
        code for code, _ in SAID
    }


@pytest.mark.parametrize("code", sorted({code for code, _ in SAID}))
def test_every_word_of_ours_has_its_cure_and_the_facts_fill_it(code):
    found = cures.OURS[code]
    for _, facts in (each for each in SAID if each[0] == code):
        if facts is not None:
            assert placeholders(found) <= facts | ALWAYS


@pytest.mark.parametrize("code", sorted(cures.OURS))
def test_no_cure_is_there_for_what_nobody_says(code):
    texts = [path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "cures.py"]

    assert any(f'"{code}"' in text for text in texts)


@pytest.mark.parametrize("code", sorted(quickbooks_status._CLASSES))
def test_every_status_code_of_the_language_has_a_cure(code):
    kind = quickbooks_status.classify(code, "", is_query=False, has_record=False)
    found = cures.STATUS_CODES.get(str(code)) or cures.STATUS_CLASSES[kind]

    assert cure(str(code), {"text": "Why.", "name": "Oak Hills"}).how == found.how


@pytest.mark.parametrize("kind", list(StatusClass))
def test_every_class_of_status_codes_has_a_cure(kind):
    assert cures.STATUS_CLASSES[kind].sentence


@pytest.mark.parametrize("code", [code for code in MessageSetStatus if code is not MessageSetStatus.OK])
def test_every_code_of_message_set_recovery_has_a_cure(code):
    assert str(code.value) in cures.STATUS_CODES


def test_every_hresult_of_the_language_has_a_cure_and_no_other():
    assert cures.HRESULTS.keys() == quickbooks_status.HRESULTS.keys()


ALL = {**cures.OURS, **cures.STATUS_CODES, **cures.HRESULTS}


@pytest.mark.parametrize("code", sorted(ALL))
def test_a_cure_says_what_to_do_and_who(code):
    found = ALL[code]

    assert re.fullmatch(r"[A-Z“{].*[.}]", found.sentence), found.sentence
    assert re.fullmatch(r"[A-Z].*[.]", found.how), found.how
    assert (found.who is Who.NOBODY) <= (found.retries_itself or found.action is Action.NONE)


@pytest.mark.parametrize("code", [*sorted(cures.STATUS_CODES), *sorted(cures.HRESULTS)])
def test_quickbooks_codes_need_no_more_than_the_name_and_its_words(code):
    assert placeholders(ALL[code]) <= ALWAYS | {"name"}


def test_the_facts_stand_in_the_sentence():
    found = cure("tax-differs", {"ours": "8.00", "theirs": "8.25", "item": "Sales Tax", "taxable": "100.00"})

    assert (found.sentence, found.why, found.who, found.action) == (
        "Our tax is $8.00; QuickBooks would compute $8.25.",
        "QuickBooks taxes $100.00 at the rates of “Sales Tax”, and rounds each of them by itself.",
        Who.BOOKKEEPER,
        Action.SWITCH_TAX_MODE,
    )


def test_a_fact_with_braces_is_only_text():
    assert "“{name} {0.__class__}”" in cure("3100", {"name": "{name} {0.__class__}"}).sentence


def test_a_fact_that_nobody_gave_hides_no_cure():
    assert cure("3100", {}).sentence == "The name “?” is taken in QuickBooks."


def test_an_unknown_code_is_told_in_quickbooks_own_words():
    assert cure("3999", {"text": "The moon is full."}).sentence == "QuickBooks refused it: The moon is full."
    assert cure("3999", {}).sentence == "QuickBooks refused it: no more than the code 3999"
    assert cure("0x80041234", {}).sentence == "The update stopped: QuickBooks reported 0x80041234."


def test_codes_without_a_cure_of_their_own_go_by_their_kind():
    assert cure("3045", {"text": "price"}).who is Who.SUPPORT
    assert cure("3261", {}).who is Who.QUICKBOOKS_ADMIN
    assert cure("9105", {}).who is Who.SUPPORT


@pytest.mark.parametrize("code", ["3170", "3180"])
def test_a_lock_is_known_by_quickbooks_words_and_tried_again(code):
    lock = "The transaction could not be locked.  It is in use by another user."

    assert (cure(code, {"text": lock}).retries_itself, cure(code, {"text": "No."}).retries_itself) == (
        True,
        False,
    )


@pytest.mark.parametrize("code", ["0x8004040A", "0X8004040a"])
def test_an_hresult_is_known_however_it_is_written(code):
    assert cure(code, {}).sentence == "Another company file is open in QuickBooks."


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("Line.0.Amount, Total", "amount of line 1, total"),
        ("Line.2.SalesTaxCodeRef.FullName", "sales tax code of line 3"),
        ("BillAddress.Addr1, BillAddress.City, PONumber", "billing address, purchase order"),
        ("phone, postal code", "phone, postal code"),
    ],
)
def test_fields_are_told_in_the_bookkeepers_words(fields, words):
    told = cure("edited-there", {"fields": fields}).sentence

    assert told == f"Somebody changed this in QuickBooks after it was sent: {words}."


def test_every_element_that_can_differ_has_words():
    stamps = {"time_modified": "2026-03-02T09:00:00-06:00", "edit_sequence": "17"}
    line = messages.InvoiceLineRet(txn_line_id="1", quantity=Decimal(1), rate=Decimal(1), amount=Decimal(1))
    customer = messages.CustomerRet(list_id="8-1", name="Oak Hills", **stamps)
    elements = {
        *customers.there(customer),
        *jobs.there(customer),
        *invoices.there(messages.InvoiceRet(txn_id="1", invoice_line_ret=(line,), **stamps)),
    }

    assert [element for element in sorted(elements) if cures.in_words(element) == element] == []
