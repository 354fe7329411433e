"""DATA: what each refusal means, who can do something about it, and what. Doors show these sentences, folded XML below."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from qbxml.status import HRESULTS


class Who(Enum):
    """Who can put it right."""

    BOOKKEEPER = "the bookkeeper"
    ADMINISTRATOR = "the owner or administrator"
    QUICKBOOKS_ADMIN = "the QuickBooks Admin, at the QuickBooks PC"
    NOBODY = "nobody: Centerpoint goes on by itself"
    SUPPORT = "Centerpoint's support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """`sentence` says what, `how` what to do; `action` names the button."""

    sentence: str
    how: str
    who: Who
    action: str = "retry"
    retries_itself: bool = False


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _cure(sentence: str, how: str, who: Who, action: str = "retry", *, retries_itself: bool = False) -> Cure:
    return Cure(sentence=sentence, how=how, who=who, action=action, retries_itself=retries_itself)


CURES: dict[str, Cure] = {
    # What our own mapping finds before anything is sent.
    "item-missing": _cure(
        "QuickBooks has no active item “{name}” for {kind} invoices.",
        "Choose an item in Integration Settings, or add it in QuickBooks; everything that waits for it goes then.",
        Who.BOOKKEEPER,
        "choose item",
    ),
    "tax-item-missing": _cure(
        "QuickBooks has no active sales tax item or group “{name}” for {kind} invoices.",
        "Choose one in Integration Settings, or add it in QuickBooks.",
        Who.BOOKKEEPER,
        "choose item",
    ),
    "tax-line-item-missing": _cure(
        "The exact tax goes out as a line of its own, and QuickBooks has no active item “{name}” for it.",
        "Choose the tax line item in Integration Settings.",
        Who.BOOKKEEPER,
        "choose item",
    ),
    "sales-tax-off": _cure(
        "The invoice has {tax} of sales tax, and sales tax is switched off in QuickBooks.",
        "Switch sales tax on in QuickBooks, or send our exact tax as a line.",
        Who.BOOKKEEPER,
        "switch tax mode",
    ),
    "tax-differs": _cure(
        "Our tax is {ours}; QuickBooks would compute {theirs} from “{item}” on {taxable}.",
        "Correct the rate on one side, or send our exact tax as a line.",
        Who.BOOKKEEPER,
        "switch tax mode",
    ),
    "total-differs": _cure(
        "Invoice {number} is {ours} here and would be {theirs} in QuickBooks.",
        "Look at its lines and tax; it was not sent.",
        Who.BOOKKEEPER,
        "edit record",
    ),
    "closed-period": _cure(
        "The invoice is dated {date}, and the books are closed up to {closing_date}.",
        "Give it a later date, or move the closing date in QuickBooks.",
        Who.BOOKKEEPER,
        "edit record",
    ),
    "number-too-long": _cure(
        "The number {number} is longer than the {limit} characters QuickBooks keeps.",
        "Give the invoice a shorter number.",
        Who.BOOKKEEPER,
        "edit record",
    ),
    "name-empty": _cure(
        "Nothing of the name “{name}” can be written in QuickBooks.",
        "Give the company a name with Latin letters or digits.",
        Who.BOOKKEEPER,
        "edit record",
    ),
    "nothing-to-void": _cure(
        "Invoice {number} is void here and is not in QuickBooks.", "Nothing needs to be done.", Who.NOBODY
    ),
    "not-writable": _cure(
        "This record cannot be written in QuickBooks' language: {problem}",
        "This is a fault of ours; the record waits unharmed.",
        Who.SUPPORT,
    ),
    # What the answer showed.
    "answer-differs": _cure(
        "QuickBooks saved it, but not as it was sent: {fields}.",
        "Compare both sides; send it again to make QuickBooks equal, or accept what is there.",
        Who.BOOKKEEPER,
        "compare",
    ),
    "changed-there": _cure(
        "Somebody changed this in QuickBooks meanwhile: {fields}.",
        "Compare both sides; sending again puts our values there.",
        Who.BOOKKEEPER,
        "compare",
    ),
    "edited-there": _cure(
        "Somebody changed this in QuickBooks after it was sent: {fields}.",
        "Compare both sides; sending again puts our values there.",
        Who.BOOKKEEPER,
        "compare",
    ),
    "voided-there": _cure(
        "This invoice was voided in QuickBooks and is not void here.",
        "Void it here too, or change it and send it as a new one.",
        Who.BOOKKEEPER,
        "void here",
    ),
    "conflict-open": _cure(
        "Both sides changed {fields} of this company.",
        "Choose which value to keep; then the company is sent.",
        Who.BOOKKEEPER,
        "settle conflict",
    ),
    "already-there": _cure(
        "QuickBooks already has {count} with the name or number “{name}”, and none bears our mark.",
        "Link the one that is meant, or send it all the same.",
        Who.BOOKKEEPER,
        "bypass",
    ),
    "gone-there": _cure(
        "“{name}” is not in QuickBooks any more.",
        "Create it there anew, or let it go.",
        Who.BOOKKEEPER,
        "recreate",
    ),
    "no-answer": _cure(
        "QuickBooks gave no answer for it.",
        "It is asked about at the next run.",
        Who.NOBODY,
        retries_itself=True,
    ),
    "never-arrives": _cure(
        "“{name}” was sent {times} times, and QuickBooks neither kept it nor said why.",
        "Enter it in QuickBooks by hand and link it, or send it again once QuickBooks is well.",
        Who.BOOKKEEPER,
        "bypass",
    ),
    "stored-answer-without-record": _cure(
        "QuickBooks says that it did this, without showing it.",
        "The record is read at the next step.",
        Who.NOBODY,
        retries_itself=True,
    ),
    "answer-unreadable": _cure(
        "QuickBooks' answer could not be read: {detail}",
        "It is kept; the same is asked again at the next run.",
        Who.SUPPORT,
        retries_itself=True,
    ),
    # The whole company file.
    "wrong-file": _cure(
        "Another company file is open in QuickBooks: {detail}. Nothing was sent to it.",
        "Open the company file this integration belongs to, then run the update again.",
        Who.BOOKKEEPER,
    ),
    "company-unknown": _cure(
        "QuickBooks did not say which company file is open: {detail}.",
        "Open the company file and run the update again.",
        Who.BOOKKEEPER,
        retries_itself=True,
    ),
    "version-too-old": _cure(
        "{detail} is too old: Centerpoint needs QuickBooks 2012 or later.",
        "Update QuickBooks Desktop.",
        Who.ADMINISTRATOR,
    ),
    "reading-failed": _cure(
        "QuickBooks did not show us its {detail}.",
        "It is asked again at the next run. If it stays so, look at that list in QuickBooks, or tell support.",
        Who.SUPPORT,
        retries_itself=True,
    ),
    "no-permission": _cure(
        "QuickBooks does not let Centerpoint do this.",
        "As QuickBooks Admin: Edit > Preferences > Integrated Applications > Company Preferences, allow Centerpoint.",
        Who.QUICKBOOKS_ADMIN,
        retries_itself=True,
    ),
    "no-connection": _cure(
        "The Web Connector could not open QuickBooks: {detail}",
        "Open QuickBooks with the company file and run the update again.",
        Who.BOOKKEEPER,
        retries_itself=True,
    ),
    # QuickBooks' status codes (protocol.md C.5).
    "1000": _cure(
        "QuickBooks had an internal error.",
        "The record is looked for at the next run.",
        Who.NOBODY,
        retries_itself=True,
    ),
    "1010": _cure("QuickBooks was not available.", "It is tried again.", Who.NOBODY, retries_itself=True),
    "1030": _cure("This QuickBooks cannot do this.", "Tell support which edition it is.", Who.SUPPORT),
    "3100": _cure(
        "The name “{name}” is already taken in QuickBooks.",
        "Pair the company with the customer of that name; if a vendor, employee or other name has it, create the "
        "customer under another name.",
        Who.BOOKKEEPER,
        "pair",
    ),
    "3120": _cure(
        "What this changes is not in QuickBooks any more.",
        "Create it there anew, or let it go.",
        Who.BOOKKEEPER,
        "recreate",
    ),
    "3130": _cure(
        "Its customer is not in QuickBooks any more.", "Pair the company anew.", Who.BOOKKEEPER, "pair"
    ),
    "3140": _cure(
        "It refers to something that is not in QuickBooks, or is inactive there: its customer, item, terms or tax.",
        "QuickBooks' own words below name it; add or activate it there.",
        Who.BOOKKEEPER,
    ),
    "3161": _cure(
        "The books are closed at its date.",
        "Move the closing date in QuickBooks, or change the date.",
        Who.BOOKKEEPER,
        "edit record",
    ),
    "3170": _cure("QuickBooks does not let this be changed.", "Its own words below say why.", Who.BOOKKEEPER),
    "3171": _cure(
        "The books are closed at its date.",
        "Move the closing date in QuickBooks, or change the date.",
        Who.BOOKKEEPER,
        "edit record",
    ),
    "3175": _cure(
        "It is open on a screen in QuickBooks.",
        "It is tried again by itself; close it there.",
        Who.NOBODY,
        retries_itself=True,
    ),
    "3176": _cure(
        "Something it belongs to is open on a screen in QuickBooks.",
        "It is tried again by itself.",
        Who.NOBODY,
        retries_itself=True,
    ),
    "3180": _cure("QuickBooks could not save it.", "Its own words below say why.", Who.BOOKKEEPER),
    "3200": _cure(
        "It was changed in QuickBooks meanwhile.",
        "It is compared and tried again.",
        Who.NOBODY,
        retries_itself=True,
    ),
    "3210": _cure(
        "QuickBooks does not take one of its values.",
        "Its own words below name it.",
        Who.BOOKKEEPER,
        "edit record",
    ),
    "3250": _cure(
        "A feature it needs is switched off in QuickBooks.",
        "Its own words below name it.",
        Who.QUICKBOOKS_ADMIN,
    ),
    "3270": _cure(
        "The item has no account in QuickBooks.", "Complete the item in QuickBooks.", Who.BOOKKEEPER
    ),
    "0x80040400": _cure(
        "QuickBooks could not read what was sent for this record. Nothing was done.",
        "This is a fault of ours; all other records went through.",
        Who.SUPPORT,
    ),
}
for _code, _meaning in HRESULTS.items():
    CURES.setdefault(
        _code,
        _cure(
            f"The update stopped: {_meaning}.",
            "Put it right at the QuickBooks PC; the next run goes on where this one stopped, nothing is lost.",
            Who.QUICKBOOKS_ADMIN if "permission" in _meaning or "access" in _meaning else Who.BOOKKEEPER,
            retries_itself=True,
        ),
    )
_UNKNOWN = _cure("QuickBooks refused it ({code}).", "Its own words below say why.", Who.BOOKKEEPER)


def cure(code: str, facts: Mapping[str, Any]) -> Cure:
    """The cure for a code, its sentences filled with `facts`; an unknown code points to QuickBooks' own words."""
    found = CURES.get(code) or CURES.get(code.lower().replace("0X", "0x")) or _UNKNOWN
    filled = _Facts(facts, code=code)
    return Cure(
        sentence=string.Formatter().vformat(found.sentence, (), filled),
        how=string.Formatter().vformat(found.how, (), filled),
        who=found.who,
        action=found.action,
        retries_itself=found.retries_itself,
    )
