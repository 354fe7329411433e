"""DATA: what each refusal means, why, who can do something about it, and what. Doors show these; the XML stays folded."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from qbxml.status import HRESULT_PARSE_ERROR, StatusClass, classify


class Who(Enum):
    """Who can put it right."""

    BOOKKEEPER = "the bookkeeper"
    ADMINISTRATOR = "the owner or administrator"
    QUICKBOOKS_ADMIN = "the QuickBooks Admin, at the QuickBooks PC"
    NOBODY = "nobody: Centerpoint goes on by itself"
    SUPPORT = "Centerpoint's support"


class Action(Enum):
    """The button beside it."""

    RETRY = "Try again"
    EDIT = "Edit it here"
    CHOOSE_ITEM = "Choose the item"
    SWITCH_TAX_MODE = "Send our exact tax"
    PAIR = "Pair the company"
    COMPARE = "Compare both sides"
    SETTLE = "Choose the value"
    LINK = "Link it by hand"
    RECREATE = "Create it anew"
    VOID = "Void it here"
    CONNECT = "Show the connection"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """`sentence` says what, `why` where the sentence does not, `how` what to do."""

    sentence: str
    how: str
    who: Who
    why: str = ""
    action: Action = Action.RETRY
    retries_itself: bool = False


def _bookkeeper(sentence: str, how: str, action: Action, *, why: str = "") -> Cure:
    return Cure(sentence=sentence, why=why, how=how, who=Who.BOOKKEEPER, action=action)


def _by_itself(sentence: str, how: str, *, why: str = "") -> Cure:
    return Cure(sentence=sentence, why=why, how=how, who=Who.NOBODY, action=Action.RETRY, retries_itself=True)


def _at_the_pc(sentence: str, how: str, *, who: Who = Who.BOOKKEEPER, why: str = "") -> Cure:
    """Something about QuickBooks or its PC; whatever was under way goes on at the next run."""
    return Cure(sentence=sentence, why=why, how=how, who=who, action=Action.CONNECT, retries_itself=True)


def _support(sentence: str, how: str, *, why: str = "") -> Cure:
    return Cure(sentence=sentence, why=why, how=how, who=Who.SUPPORT, action=Action.RETRY)


_OWN_WORDS = "QuickBooks says: {text}"
_RUN_AGAIN = "then run the update in the Web Connector again."
_NOTHING_LOST = "Nothing is lost: the next run goes on where this one stopped."

# What we find ourselves, before anything is sent or when an answer is read.
OURS: dict[str, Cure] = {
    # -- a record that cannot be sent as it is (mapping/)
    "item-missing": _bookkeeper(
        "QuickBooks has no active item “{name}” for {kind} invoices.",
        "Choose another item in Integration Settings, or add it in QuickBooks; all that wait for it go then.",
        Action.CHOOSE_ITEM,
    ),
    "tax-item-missing": _bookkeeper(
        "QuickBooks has no active sales tax item or group “{name}” for {kind} invoices.",
        "Choose another one in Integration Settings, or add it in QuickBooks; all that wait for it go then.",
        Action.CHOOSE_ITEM,
    ),
    "tax-line-item-missing": _bookkeeper(
        "QuickBooks has no active item “{name}” for the line with our tax.",
        "Choose another item in Integration Settings, or add it in QuickBooks; all that wait for it go then.",
        Action.CHOOSE_ITEM,
        why="Our exact tax is set to go out as a line of its own.",
    ),
    "tax-codes-unknown": _bookkeeper(
        "QuickBooks did not tell its sales tax codes, so that invoice {number} could be taxed wrongly.",
        "In QuickBooks, Edit > Preferences > Sales Tax, choose a taxable and a non-taxable code, "
        + _RUN_AGAIN,
        Action.RETRY,
    ),
    "sales-tax-off": _bookkeeper(
        "Invoice {number} has ${tax} of sales tax, and sales tax is switched off in QuickBooks.",
        "Switch sales tax on in QuickBooks, or send our exact tax as a line.",
        Action.SWITCH_TAX_MODE,
    ),
    "tax-differs": _bookkeeper(
        "Our tax is ${ours}; QuickBooks would compute ${theirs}.",
        "Correct the rate on one side, or send our exact tax as a line.",
        Action.SWITCH_TAX_MODE,
        why="QuickBooks taxes ${taxable} at the rates of “{item}”, and rounds each of them by itself.",
    ),
    "total-differs": _bookkeeper(
        "Invoice {number} is ${ours} here and would be ${theirs} in QuickBooks.",
        "Look at its lines and its tax; it was not sent.",
        Action.EDIT,
    ),
    "total-negative": _bookkeeper(
        "Invoice {number} comes to {total}, and QuickBooks keeps no invoice below zero.",
        "Bring it to zero or above here, and give the rest as a credit memo in QuickBooks.",
        Action.EDIT,
    ),
    "closed-period": _bookkeeper(
        "It is dated {date}, and the books are closed up to {closing_date}.",
        "Give it a later date, or move the closing date in QuickBooks; then it goes.",
        Action.EDIT,
    ),
    "number-too-long": _bookkeeper(
        "The number {number} is longer than the {limit} characters QuickBooks keeps.",
        "Give the invoice a shorter number.",
        Action.EDIT,
    ),
    "name-empty": _bookkeeper(
        "Nothing of the name “{name}” can be written in QuickBooks.",
        "Give it a name with letters or digits, or pair the company with a customer that is there.",
        Action.EDIT,
    ),
    "nothing-to-void": Cure(
        sentence="Invoice {number} is void here and is not in QuickBooks.",
        how="Nothing needs to be done.",
        who=Who.NOBODY,
        action=Action.NONE,
    ),
    "not-writable": _support(
        "This record cannot be written in QuickBooks' language: {problem}",
        "This is a fault of ours; the record waits unharmed.",
    ),
    "conflict-open": _bookkeeper(
        "Both sides changed {fields} of this company.",
        "Choose which value to keep; then the company is sent.",
        Action.SETTLE,
    ),
    # -- what an answer showed (sync/, inbox/)
    "answer-differs": _bookkeeper(
        "QuickBooks saved it, but not as it was sent: {fields}.",
        "Compare both sides; send it again to make QuickBooks equal, or accept what is there.",
        Action.COMPARE,
    ),
    "changed-there": _bookkeeper(
        "Somebody changed this in QuickBooks meanwhile: {fields}.",
        "Compare both sides; sending again puts our values there.",
        Action.COMPARE,
    ),
    "edited-there": _bookkeeper(
        "Somebody changed this in QuickBooks after it was sent: {fields}.",
        "Compare both sides; sending again puts our values there.",
        Action.COMPARE,
    ),
    "voided-there": _bookkeeper(
        "This invoice was voided in QuickBooks and is not void here.",
        "Void it here too, or change it and send it as a new one.",
        Action.VOID,
    ),
    "vanished-there": _bookkeeper(
        "QuickBooks does not have this invoice any more, and nobody deleted it there.",
        "If a backup of the company file was restored, create it there anew; look first whether somebody typed it in again.",
        Action.RECREATE,
        why="It was in QuickBooks and had been read back. A restored backup takes back everything that came after it.",
    ),
    "already-there": _bookkeeper(
        "QuickBooks already has {count} with the name or number “{name}”, and none bears our mark.",
        "Link the one that is meant, or send it all the same.",
        Action.LINK,
    ),
    "twice-there": _bookkeeper(
        "QuickBooks has “{name}” {count} times, each with our mark.",
        "Delete all but one there, then link the one that stays.",
        Action.LINK,
    ),
    "gone-there": _bookkeeper(
        "“{name}” is not in QuickBooks any more.",
        "Create it there anew, or let it go.",
        Action.RECREATE,
    ),
    "never-arrives": _bookkeeper(
        "“{name}” was sent {times} times, and QuickBooks neither kept it nor said why.",
        "Enter it in QuickBooks by hand and link it, or send it again once QuickBooks is well.",
        Action.LINK,
    ),
    "no-answer": _by_itself(
        "QuickBooks gave no answer for it.",
        "It is asked about before anything else is sent.",
    ),
    "stored-answer-without-record": _by_itself(
        "QuickBooks says that it did this, without showing it.",
        "The record is read at the next step.",
    ),
    "answer-unreadable": Cure(
        sentence="QuickBooks' answer could not be read: {detail}",
        how="It is kept; the same is asked again at the next run.",
        who=Who.SUPPORT,
        retries_itself=True,
    ),
    # -- the whole company file (sync/)
    "wrong-file": Cure(
        sentence="Another company file is open in QuickBooks: {detail}. Nothing was sent to it.",
        how="Open the company file this integration belongs to, " + _RUN_AGAIN,
        who=Who.BOOKKEEPER,
        action=Action.CONNECT,
    ),
    "company-unknown": _at_the_pc(
        "QuickBooks did not say which company file is open: {detail}.",
        "Open the company file, " + _RUN_AGAIN,
    ),
    "version-too-old": Cure(
        sentence="{detail} is too old: Centerpoint needs QuickBooks 2012 or later.",
        how="Update QuickBooks Desktop.",
        who=Who.ADMINISTRATOR,
        action=Action.CONNECT,
    ),
    "reading-failed": Cure(
        sentence="QuickBooks did not show us its {detail}.",
        how="It is asked again at the next run. If it stays so, look at that list in QuickBooks, or tell support.",
        who=Who.SUPPORT,
        retries_itself=True,
    ),
    "no-permission": _at_the_pc(
        "QuickBooks does not let Centerpoint do this.",
        "As QuickBooks Admin: Edit > Preferences > Integrated Applications > Company Preferences, allow Centerpoint.",
        who=Who.QUICKBOOKS_ADMIN,
    ),
    "no-connection": _at_the_pc(
        "The Web Connector could not open QuickBooks: {detail}",
        "Open QuickBooks with the company file, " + _RUN_AGAIN,
    ),
}

# QuickBooks' status codes that say something of their own (protocol.md C.5), and those of a message set's recovery.
STATUS_CODES: dict[str, Cure] = {
    "570": _by_itself(
        "QuickBooks saved it without its link to another transaction, which is closed already.",
        "It is read back and compared.",
    ),
    "1030": _support("This edition of QuickBooks cannot do this.", "Tell support which edition it is."),
    "3090": _bookkeeper(
        "QuickBooks does not take the name “{name}”.",
        "Change the name here; it may hold no colon.",
        Action.EDIT,
        why=_OWN_WORDS,
    ),
    "3100": _bookkeeper(
        "The name “{name}” is taken in QuickBooks.",
        "Pair the company with the customer of that name. If a vendor, an employee or an inactive record has it, "
        "rename one of the two.",
        Action.PAIR,
        why="Customers, vendors, employees and other names share one list of names.",
    ),
    "3120": _bookkeeper(
        "What this changes is not in QuickBooks any more.",
        "Create it there anew, or let it go.",
        Action.RECREATE,
        why=_OWN_WORDS,
    ),
    "3130": _bookkeeper(
        "Its customer is not in QuickBooks any more.", "Pair the company anew.", Action.PAIR, why=_OWN_WORDS
    ),
    "3140": _bookkeeper(
        "It refers to something that is missing or inactive in QuickBooks: its customer, item, terms or tax.",
        "Add or activate it in QuickBooks, or choose another one here.",
        Action.RETRY,
        why=_OWN_WORDS,
    ),
    "3160": _bookkeeper(
        "QuickBooks does not delete it, because it is in use.",
        "Void it or make it inactive in QuickBooks.",
        Action.RETRY,
        why=_OWN_WORDS,
    ),
    "3162": _at_the_pc(
        "QuickBooks does this in single-user mode only.",
        "In QuickBooks: File > Switch to Single-user Mode, " + _RUN_AGAIN,
    ),
    "3170": _bookkeeper(
        "QuickBooks does not let this be changed.",
        "Undo in QuickBooks what stands in its way, such as a payment or a deposit, or make the change there.",
        Action.RETRY,
        why=_OWN_WORDS,
    ),
    "3175": _by_itself(
        "It is open on a screen in QuickBooks.",
        "It is tried again by itself; closing it there helps.",
    ),
    "3176": _by_itself(
        "Something it belongs to is open on a screen in QuickBooks.",
        "It is tried again by itself; closing that helps.",
    ),
    "3180": _bookkeeper(
        "QuickBooks could not save it.",
        "Put right what QuickBooks names, then try again.",
        Action.RETRY,
        why=_OWN_WORDS,
    ),
    "3185": _bookkeeper(
        "QuickBooks does not void it.",
        "Void it in QuickBooks by hand, after undoing what stands in its way.",
        Action.RETRY,
        why=_OWN_WORDS,
    ),
    "3200": _by_itself("It was changed in QuickBooks meanwhile.", "It is compared and tried again."),
    "3210": _bookkeeper(
        "QuickBooks does not take one of its values.",
        "Change the value that QuickBooks names.",
        Action.EDIT,
        why=_OWN_WORDS,
    ),
    "3240": _support(
        "QuickBooks knows this under another identity, as if the company file were another one.",
        "Check that the right company file is open; support can tell more from the messages.",
        why=_OWN_WORDS,
    ),
    "3250": Cure(
        sentence="A feature it needs is switched off in QuickBooks, or is not in this edition.",
        how="Switch it on in QuickBooks' preferences, or choose without it in Integration Settings.",
        who=Who.QUICKBOOKS_ADMIN,
        why=_OWN_WORDS,
    ),
    "3262": _at_the_pc(
        "The connection to other applications is switched off in QuickBooks.",
        "As QuickBooks Admin: Edit > Preferences > Integrated Applications > Company Preferences, allow "
        "applications to access this company file.",
        who=Who.QUICKBOOKS_ADMIN,
    ),
    "3263": _at_the_pc(
        "Centerpoint may only read in this company file.",
        "Add the .qwc file to the Web Connector again and grant access that may write.",
        who=Who.QUICKBOOKS_ADMIN,
    ),
    "3270": _bookkeeper(
        "The item has no account in QuickBooks.",
        "Complete the item in QuickBooks.",
        Action.RETRY,
        why=_OWN_WORDS,
    ),
    "600": _by_itself("QuickBooks had forgotten this message already.", "Nothing needs to be done."),
    "9001": _support(
        "QuickBooks has another text under the name of this message.",
        "Its records are looked for in QuickBooks before anything is sent again.",
    ),
    "9002": _by_itself(
        "QuickBooks does not remember this message.",
        "Its records are looked for in QuickBooks before anything is sent again.",
    ),
    "9003": _support("QuickBooks gave a code it does not use.", "Tell support."),
    "9004": _support("QuickBooks finds the name of this message too long.", "This is a fault of ours."),
    "9005": _by_itself(
        "QuickBooks could not keep its answer to this message.",
        "Its records are looked for in QuickBooks before anything is sent again.",
    ),
}

# Every other status code, by what it means for us.
STATUS_CLASSES: dict[StatusClass, Cure] = {
    StatusClass.OK: _by_itself("QuickBooks did this.", "Nothing needs to be done."),
    StatusClass.EMPTY: _by_itself("QuickBooks found nothing.", "Nothing needs to be done."),
    StatusClass.SAVED_WITH_WARNING: _by_itself(
        "QuickBooks saved it with a warning.", "It is read back and compared.", why=_OWN_WORDS
    ),
    StatusClass.STALE: STATUS_CODES["3200"],
    StatusClass.DUPLICATE_NAME: STATUS_CODES["3100"],
    StatusClass.MISSING_REFERENCE: STATUS_CODES["3140"],
    StatusClass.TRANSIENT: _by_itself(
        "QuickBooks is busy with it, or somebody has it open.",
        "It is tried again by itself.",
        why=_OWN_WORDS,
    ),
    StatusClass.NOT_RUN: _by_itself(
        "QuickBooks did not come to it, because something before it failed.", "It is sent again."
    ),
    StatusClass.PERMISSION: OURS["no-permission"],
    StatusClass.CLOSED_PERIOD: _bookkeeper(
        "The books are closed at its date.",
        "Move the closing date in QuickBooks, or change the date here.",
        Action.EDIT,
        why=_OWN_WORDS,
    ),
    StatusClass.OUR_BUG: _support(
        "QuickBooks cannot make sense of what was sent.",
        "This is a fault of ours; the record waits unharmed.",
        why=_OWN_WORDS,
    ),
    StatusClass.ITERATOR_LOST: _by_itself(
        "QuickBooks lost its place in a long list.", "The list is read anew at the next run."
    ),
    StatusClass.UNKNOWN_OUTCOME: _by_itself(
        "QuickBooks may or may not have done this.",
        "It is looked for in QuickBooks before anything is sent again.",
        why=_OWN_WORDS,
    ),
    StatusClass.FAILED: _bookkeeper(
        "QuickBooks refused it: {text}", "Put right what QuickBooks names, then try again.", Action.RETRY
    ),
}

# What the Web Connector reports when QuickBooks gave no answer (protocol.md A.8).
HRESULTS: dict[str, Cure] = {
    HRESULT_PARSE_ERROR: _support(
        "QuickBooks could not read what was sent for this record. Nothing was done.",
        "This is a fault of ours; all other records went through.",
    ),
    "0x80040401": _at_the_pc(
        "QuickBooks could not be accessed.",
        "Start QuickBooks with the company file, " + _RUN_AGAIN,
    ),
    "0x80040402": _at_the_pc(
        "QuickBooks broke off with an error of its own.",
        "Restart QuickBooks, " + _RUN_AGAIN + " What was under way is asked about first.",
    ),
    "0x80040408": _at_the_pc(
        "QuickBooks could not be started, or could not open the company file.",
        "Open the company file in QuickBooks under the Windows user the Web Connector runs under, "
        + _RUN_AGAIN,
    ),
    "0x80040409": _at_the_pc(
        "This version of QuickBooks cannot open the company file.",
        "Open it with the version it was last used with, " + _RUN_AGAIN,
        who=Who.QUICKBOOKS_ADMIN,
    ),
    "0x8004040A": _at_the_pc(
        "Another company file is open in QuickBooks.",
        "Open the company file this integration belongs to, " + _RUN_AGAIN,
    ),
    "0x8004040D": _at_the_pc("QuickBooks ended the connection.", _NOTHING_LOST),
    "0x80040410": _at_the_pc(
        "The company file is open in the other of single-user and multi-user mode.",
        "Switch the mode in QuickBooks' File menu, " + _RUN_AGAIN,
    ),
    "0x80040414": _at_the_pc(
        "A dialog box is open in QuickBooks.",
        "Close it at the QuickBooks PC, " + _RUN_AGAIN,
    ),
    "0x80040416": _at_the_pc(
        "QuickBooks is closed.",
        "Open QuickBooks with the company file, " + _RUN_AGAIN,
    ),
    "0x80040418": _at_the_pc(
        "Centerpoint was never given access to this company file.",
        "As QuickBooks Admin, with the company file open: add the .qwc file to the Web Connector and grant access.",
        who=Who.QUICKBOOKS_ADMIN,
    ),
    "0x8004041A": _at_the_pc(
        "Centerpoint has no permission in this company file.",
        OURS["no-permission"].how,
        who=Who.QUICKBOOKS_ADMIN,
    ),
    "0x80040420": _at_the_pc(
        "Somebody at the QuickBooks PC denied Centerpoint access.",
        "Run the update again and answer Yes, or allow it as QuickBooks Admin under Edit > Preferences > Integrated "
        "Applications.",
        who=Who.QUICKBOOKS_ADMIN,
    ),
    "0x80040422": _at_the_pc(
        "QuickBooks has to be in single-user mode for this.",
        "In QuickBooks: File > Switch to Single-user Mode, " + _RUN_AGAIN,
    ),
    "0x80040154": _at_the_pc(
        "The part of QuickBooks that the Web Connector talks to is not installed.",
        "Repair the installation of QuickBooks and of the Web Connector.",
        who=Who.ADMINISTRATOR,
    ),
    "0x80010105": _at_the_pc(
        "QuickBooks broke off while it was working.",
        "Look at the QuickBooks PC, " + _RUN_AGAIN + " What was under way is asked about first.",
    ),
}

# Elements of the messages in the words of our pages; `fields` of a cure is read through it.
ELEMENTS: dict[str, str] = {
    "Name": "name",
    "CompanyName": "company name",
    "Contact": "contact",
    "Phone": "phone",
    "Email": "email",
    "ParentRef.ListID": "customer it is below",
    "CustomerRef.ListID": "customer or job",
    "JobStatus": "job status",
    "JobStartDate": "start date",
    "JobProjectedEndDate": "projected end date",
    "JobEndDate": "end date",
    "JobDesc": "description",
    "TxnDate": "date",
    "DueDate": "due date",
    "RefNumber": "number",
    "PONumber": "purchase order",
    "Memo": "memo",
    "TermsRef.FullName": "terms",
    "ItemSalesTaxRef.ListID": "sales tax item",
    "SalesTaxCodeRef.FullName": "sales tax code",
    "CustomerSalesTaxCodeRef.FullName": "customer's sales tax code",
    "Lines": "number of lines",
    "Total": "total",
}
_PARTS: tuple[tuple[str, str], ...] = (
    (r"BillAddress\.\w+", "billing address"),
    (r"ShipAddress\.\w+", "address of the work"),
)
_LINE = re.compile(r"Line\.(\d+)\.(\w+)(?:\.\w+)?")
_OF_A_LINE: dict[str, str] = {
    "ItemRef": "item",
    "Desc": "description",
    "Quantity": "quantity",
    "Rate": "rate",
    "Amount": "amount",
    "SalesTaxCodeRef": "sales tax code",
}

_BY_CODE = {code.casefold(): found for code, found in {**OURS, **STATUS_CODES, **HRESULTS}.items()}
_ANOTHER_HRESULT = _at_the_pc(
    "The update stopped: QuickBooks reported {code}.", _NOTHING_LOST, why=_OWN_WORDS
)


def cure(code: str, facts: Mapping[str, Any]) -> Cure:
    """The cure for a status code, an HRESULT or a word of ours, its sentences filled with `facts`.

    `facts["text"]` are QuickBooks' own words; where one code covers several cases they decide, and for a code nobody
    knows they are the sentence.
    """
    text = str(facts.get("text") or f"no more than the code {code}")
    found = _found(code, text)
    filled = _Facts(facts, code=code, text=text)
    if "fields" in facts:
        filled["fields"] = ", ".join(dict.fromkeys(map(in_words, str(facts["fields"]).split(", "))))
    return replace(
        found,
        sentence=_fill(found.sentence, filled),
        why=_fill(found.why, filled),
        how=_fill(found.how, filled),
    )


def in_words(element: str) -> str:
    """What a bookkeeper calls an element of a message, such as Line.0.Amount."""
    if line := _LINE.fullmatch(element):
        return f"{_OF_A_LINE.get(line[2], line[2])} of line {int(line[1]) + 1}"
    return next(
        (words for path, words in _PARTS if re.fullmatch(path, element)), ELEMENTS.get(element, element)
    )


def _found(code: str, text: str) -> Cure:
    known = _BY_CODE.get(code.casefold())
    if code.isdecimal():
        kind = classify(int(code), text, is_query=False, has_record=False)
        if known is None or (kind is StatusClass.TRANSIENT and not known.retries_itself):
            return STATUS_CLASSES[kind]
    if known is not None:
        return known
    return _ANOTHER_HRESULT if code.casefold().startswith("0x") else STATUS_CLASSES[StatusClass.FAILED]


class _Facts(dict[str, Any]):
    """A fact nobody gave shows as a question mark: a cure is shown all the same."""

    def __missing__(self, key: str) -> str:
        return "?"


def _fill(sentence: str, facts: _Facts) -> str:
    return string.Formatter().vformat(sentence, (), facts)
