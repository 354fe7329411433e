"""CustomerQuery, CustomerAdd, CustomerMod, for customers and jobs."""

from __future__ import annotations

from typing import Any

from qbemulator.company_file import customers, lists
from qbemulator.company_file.lists import ListRecord
from qbemulator.company_file.refusals import Refused
from qbemulator.requests import list_queries
from qbemulator.requests.answers import Identity, Outcome, Ret, address, address_block, line, lines
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element, fields, text

REPEATED = (
    "ShipToAddress",
    "AdditionalContactRef",
    "Contacts",
    "AdditionalNotes",
    "ContactsMod",
    "AdditionalNotesMod",
)

# What AdditionalContactRef calls the plain contact elements (sample 12).
CONTACT_NAMES = (
    ("Main Phone", "Phone"),
    ("Alt. Phone", "AltPhone"),
    ("Fax", "Fax"),
    ("Main Email", "Email"),
    ("CC Email", "Cc"),
)


def query(context: Context, element: Element) -> Outcome:
    return list_queries.answer(context, element, "Name", (customers.CUSTOMER,), ret)


def add(context: Context, element: Element) -> Outcome:
    given = fields(element[0], repeated=REPEATED)
    entry, ignored = customers.add(context.storage, given, now=context.now)
    return _saved(context, element, entry, ignored)


def modify(context: Context, element: Element) -> Outcome:
    changes = fields(element[0], skip=("ListID", "EditSequence"), repeated=REPEATED, clearing=True)
    unsupported = [tag for tag in ("ContactsMod", "AdditionalNotesMod") if changes.pop(tag, None) is not None]
    list_id, edit_sequence = text(element[0], "ListID") or "", text(element[0], "EditSequence") or ""
    try:
        entry, ignored = customers.modify(context.storage, list_id, edit_sequence, changes, now=context.now)
    except Refused as refusal:
        return _refused(context, element, refusal)
    return _saved(context, element, entry, ignored + unsupported)


def ret(context: Context, element: Element, entry: ListRecord) -> str:
    """CustomerRet in the order of sample 12."""
    known = entry.fields
    written = context.ret("CustomerRet", element)
    list_queries.heading(written, context, entry)
    written.text("Name", entry.name)
    written.text("FullName", entry.full_name)
    written.flag("IsActive", entry.is_active)
    written.ref("ClassRef", context.named("Class", known.get("ClassRef")), since=120)
    written.ref("ParentRef", context.named("Name", entry.parent_id))
    written.text("Sublevel", entry.sublevel)
    for tag in ("CompanyName", "Salutation", "FirstName", "MiddleName", "LastName"):
        written.text(tag, known.get(tag))
    written.text("JobTitle", known.get("JobTitle"), since=120)
    _addresses(written, known)
    for tag in ("Phone", "AltPhone", "Fax", "Email"):
        written.text(tag, known.get(tag))
    written.text("Cc", known.get("Cc"), since=120)
    written.text("Contact", known.get("Contact"))
    written.text("AltContact", known.get("AltContact"))
    _contacts(written, context, known)
    written.ref("CustomerTypeRef", context.named("CustomerType", known.get("CustomerTypeRef")))
    written.ref("TermsRef", context.named("Terms", known.get("TermsRef")))
    written.ref("SalesRepRef", context.named("SalesRep", known.get("SalesRepRef")))
    written.amount("Balance", entry.balance)
    written.amount("TotalBalance", entry.total_balance)
    written.ref("SalesTaxCodeRef", context.named("SalesTaxCode", known.get("SalesTaxCodeRef")))
    written.ref("ItemSalesTaxRef", context.named("Item", known.get("ItemSalesTaxRef")))
    for tag in ("ResaleNumber", "AccountNumber", "CreditLimit"):
        written.text(tag, known.get(tag))
    method = context.named("PaymentMethod", known.get("PreferredPaymentMethodRef"))
    written.ref("PreferredPaymentMethodRef", method, since=30)
    _job(written, context, known)
    _notes(written, context, entry)
    written.text("PreferredDeliveryMethod", known.get("PreferredDeliveryMethod", "None"), since=120)
    written.text("ExternalGUID", entry.external_guid, since=80)
    return written.close()


def _addresses(written: Ret, known: lists.Fields) -> None:
    for tag in ("BillAddress", "ShipAddress"):
        written.group(tag, address(known.get(tag), written.version))
        written.group(f"{tag}Block", address_block(known.get(tag)), since=60)
    ship_to: list[dict[str, Any]] = known.get("ShipToAddress", [])
    if not ship_to and known.get("ShipAddress"):
        ship_to = [{"Name": "Ship To 1", "DefaultShipTo": "true", **known["ShipAddress"]}]
    for place in ship_to:
        inner = line("Name", place["Name"]) + address(place, written.version)
        default = place.get("DefaultShipTo") in ("true", "1")
        written.group(
            "ShipToAddress", inner + line("DefaultShipTo", "true" if default else "false"), since=120
        )


def _contacts(written: Ret, context: Context, known: lists.Fields) -> None:
    for name, tag in CONTACT_NAMES:
        if known.get(tag):
            # A fax or address may be longer than ContactValue allows: QuickBooks keeps 255 characters there.
            value = line("ContactName", name) + line("ContactValue", known[tag][:255])
            written.group("AdditionalContactRef", value, since=120)
    for person in known.get("Contacts", ()):
        made = context.local_time.text(person["Created"])
        inner = lines(
            [
                ("ListID", person["ListID"]),
                ("TimeCreated", made),
                ("TimeModified", made),
                ("EditSequence", person["EditSequence"]),
                *(
                    (tag, person.get(tag))
                    for tag in ("Salutation", "FirstName", "MiddleName", "LastName", "JobTitle")
                ),
            ]
        )
        written.group("ContactsRet", inner, since=120)


def _job(written: Ret, context: Context, known: lists.Fields) -> None:
    written.text("JobStatus", known.get("JobStatus", "None"))
    for tag in ("JobStartDate", "JobProjectedEndDate", "JobEndDate", "JobDesc"):
        written.text(tag, known.get(tag))
    written.ref("JobTypeRef", context.named("JobType", known.get("JobTypeRef")))


def _notes(written: Ret, context: Context, entry: ListRecord) -> None:
    notes = [entry.fields["Notes"]] if entry.fields.get("Notes") else []
    written.text("Notes", notes[0] if notes else None)
    notes += [note["Note"] for note in entry.fields.get("AdditionalNotes", ())]
    day = context.local_time.date(entry.created).isoformat()
    for number, note in enumerate(notes):
        inner = line("NoteID", str(number)) + line("Date", day) + line("Note", note)
        written.group("AdditionalNotesRet", inner, since=120)


def _saved(context: Context, element: Element, entry: ListRecord, ignored: list[str]) -> Outcome:
    identity = Identity(
        list_id=entry.list_id, edit_sequence=str(entry.edit_sequence), external_guid=entry.external_guid
    )
    outcome = Outcome(body=ret(context, element, entry), identity=identity)
    if ignored:  # sample 28
        outcome.warn(530, f'The field "{ignored[0]}" is not supported by this implementation.')
    return outcome


def _refused(context: Context, element: Element, refusal: Refused) -> Outcome:
    """A stale edit sequence is answered with the current record (sample 27)."""
    if refusal.current is None:
        raise refusal
    current = customers.existing(context.storage, refusal.current)
    body = ret(context, element, current)
    return Outcome(body=body, code=refusal.code, severity="Error", message=refusal.message)
