"""Customers and jobs, and the other three kinds that share their name space: vendors, employees, other names."""

from __future__ import annotations

from typing import Any

from qbemulator.company_file import identity, lists, locks, refusals
from qbemulator.company_file.lists import Fields, ListRecord, Reference
from qbemulator.company_file.preferences import Preferences
from qbemulator.company_file.storage import Storage
from qbemulator.company_file.switches import Switches
from qbemulator.company_file.taxes import TAX_ITEM_KINDS

CUSTOMER = "Customer"
KINDS = (CUSTOMER, "Vendor", "Employee", "OtherName")

# Element of the message -> the list it points into.
REFERENCES = {
    "ClassRef": "Class",
    "CustomerTypeRef": "CustomerType",
    "TermsRef": "Terms",
    "SalesRepRef": "SalesRep",
    "SalesTaxCodeRef": "SalesTaxCode",
    "ItemSalesTaxRef": "Item",
    "PreferredPaymentMethodRef": "PaymentMethod",
    "JobTypeRef": "JobType",
}

# Accepted and not kept; the answer says so with 530, as recorded for IsStatementWithParent (sample 28).
NOT_KEPT = ("OpenBalance", "OpenBalanceDate", "CreditCardInfo", "PriceLevelRef", "AdditionalContactRef")

# A job starts as a copy of its parent in these (protocol.md E.3, 82 recorded jobs).
INHERITED = (
    "CompanyName", "Salutation", "FirstName", "MiddleName", "LastName", "BillAddress", "ShipAddress", "Phone",
    "AltPhone", "Fax", "Email", "Cc", "Contact", "AltContact", "CustomerTypeRef", "TermsRef", "ItemSalesTaxRef",
    "SalesRepRef", "PreferredDeliveryMethod",
)  # fmt: skip


def find(storage: Storage, reference: Reference) -> ListRecord | None:
    return lists.find(storage, "Name", reference, (CUSTOMER,))


def resolve(storage: Storage, reference: Reference, *, where: str, any_state: bool = False) -> ListRecord:
    """The customer or job a transaction names: 3140 without one; the switch decides about inactive ones."""
    inactive = "accept" if any_state else Switches(storage).inactive_reference
    return lists.resolve(storage, "Name", reference, where=where, inactive=inactive, kinds=(CUSTOMER,))


def add(storage: Storage, fields: Fields, *, now: int) -> tuple[ListRecord, list[str]]:
    """A new customer, or a job when ParentRef is given; also the names of the fields that were not kept.

    `fields` is keyed by element name: text, nested dictionaries for addresses, Reference for references.
    """
    fields = dict(fields)
    name: str = fields.pop("Name")
    is_active: bool = fields.pop("IsActive", True)
    external_guid: str | None = fields.pop("ExternalGUID", None)
    parent = _parent(storage, fields.pop("ParentRef", None))
    ignored = _drop_not_kept(fields)
    identity.refuse_used_guid(storage, "list_records", external_guid)
    if parent is not None:
        fields = {tag: parent.fields[tag] for tag in INHERITED if tag in parent.fields} | fields
    resolve_references(storage, fields, REFERENCES, where="Customer")
    fields["Contacts"] = _contacts(storage, fields, now=now)
    entry = lists.add(
        storage,
        "Name",
        CUSTOMER,
        name,
        now=now,
        parent=parent,
        is_active=is_active,
        external_guid=external_guid,
        fields=fields,
    )
    return entry, ignored


def modify(
    storage: Storage, list_id: str, edit_sequence: str, changes: Fields, *, now: int
) -> tuple[ListRecord, list[str]]:
    """Change what `changes` names; a value of None clears. Refused with 3120, 3175, 3200 and as `add`."""
    entry = existing(storage, list_id)
    locks.refuse_locked_record(storage, list_id)
    if edit_sequence != str(entry.edit_sequence):
        raise refusals.edit_sequence_out_of_date(edit_sequence, current=list_id)
    return change(storage, entry, changes, now=now)


def change(storage: Storage, entry: ListRecord, changes: Fields, *, now: int) -> tuple[ListRecord, list[str]]:
    """The change itself, as a person at the screen makes it: no edit sequence is asked for."""
    changes = dict(changes)
    ignored = _drop_not_kept(changes)
    name = changes.pop("Name", entry.name)
    if name is None:
        raise refusals.cannot_clear("Name")
    is_active = changes.pop("IsActive", entry.is_active)
    parent = lists.get(storage, "Name", entry.parent_id) if entry.parent_id else None
    if "ParentRef" in changes:
        parent = _parent(storage, changes.pop("ParentRef"))
    resolve_references(storage, changes, REFERENCES, where="Customer")
    if name != entry.name or (parent.list_id if parent else None) != entry.parent_id:
        _shift_ancestors(storage, entry, -entry.total_balance)
        entry = lists.rename(storage, entry, name, parent=parent, now=now)
        _shift_ancestors(storage, entry, entry.total_balance)
    merge(entry.fields, changes)
    entry.is_active = entry.is_active if is_active is None else is_active
    lists.save(storage, entry, now=now)
    return entry, ignored


def existing(storage: Storage, list_id: str) -> ListRecord:
    """The customer behind an id, 3120 if there is none."""
    entry = find(storage, Reference(list_id=list_id))
    if entry is None:
        raise refusals.not_found(list_id)
    return entry


def delete(storage: Storage, list_id: str, *, now: int) -> ListRecord:
    """Remove an unused customer; one with jobs or transactions is 3160.

    With the switch `list_delete` at "inactivate" it only becomes inactive, as seen in multi-user QuickBooks.
    """
    entry = existing(storage, list_id)
    if is_used(storage, entry):
        raise refusals.in_use(list_id)
    if Switches(storage).list_delete == "inactivate":
        locks.refuse_locked_record(storage, list_id)
        entry.is_active = False
        lists.save(storage, entry, now=now)
    else:
        lists.delete(storage, entry, delete_type=CUSTOMER, now=now)
    return entry


def is_used(storage: Storage, entry: ListRecord) -> bool:
    return (
        storage.one("SELECT 1 FROM transactions WHERE customer_id = ?", (entry.list_id,)) is not None
        or next(lists.descendants(storage, entry), None) is not None
    )


def merge_into(storage: Storage, source: ListRecord, target: ListRecord, *, now: int) -> ListRecord:
    """A person merges two customers: transactions and jobs move, the source disappears as a deleted record."""
    if (target.sort_key + lists.BELOW).startswith(source.sort_key + lists.BELOW):
        raise refusals.cannot_modify(
            source.list_id, "A customer cannot be merged into itself or its own job."
        )
    for job in list(lists.descendants(storage, source)):
        if job.parent_id == source.list_id:
            change(storage, job, {"ParentRef": Reference(target.list_id)}, now=now)
    storage.execute(
        "UPDATE transactions SET customer_id = ?, modified = ? WHERE customer_id = ?",
        (target.list_id, now, source.list_id),
    )
    emptied = existing(storage, source.list_id)
    shift_balance(storage, source.list_id, -emptied.balance, now=now)
    shift_balance(storage, target.list_id, emptied.balance, now=now)
    lists.delete(storage, emptied, delete_type=CUSTOMER, now=now)
    return existing(storage, target.list_id)


def shift_balance(storage: Storage, list_id: str, delta: int, *, now: int) -> None:
    """A transaction was saved for this customer: the balance moves, and the time stamp, but not the edit sequence
    (protocol.md C.7). TotalBalance of everything above moves with it."""
    storage.execute(
        "UPDATE list_records SET balance = balance + ?, total_balance = total_balance + ?, modified = ?"
        " WHERE list = 'Name' AND list_id = ?",
        (delta, delta, now, list_id),
    )
    if delta:
        _shift_ancestors(storage, existing(storage, list_id), delta)


def resolve_references(storage: Storage, fields: Fields, references: dict[str, str], *, where: str) -> None:
    """Replace each Reference by the ListID it means; a feature that is off is 3250, an unknown name 3140."""
    preferences = Preferences(storage)
    if fields.get("CurrencyRef") is not None and not preferences.is_multi_currency_on:
        raise refusals.feature_off()
    for tag, list_name in references.items():
        reference = fields.get(tag)
        if not isinstance(reference, Reference):
            continue
        if list_name == "Class" and not preferences.uses_classes:
            raise refusals.feature_off()
        if tag == "ItemSalesTaxRef" and not preferences.uses_sales_tax:
            raise refusals.feature_off()
        fields[tag] = lists.resolve(
            storage,
            list_name,
            reference,
            where=where,
            kinds=TAX_ITEM_KINDS if tag == "ItemSalesTaxRef" else (),
            what="Sales Tax Item" if tag == "ItemSalesTaxRef" else None,
        ).list_id


def merge(fields: Fields, changes: Fields) -> None:
    """What is named changes, None clears; an address changes line by line."""
    for tag, value in changes.items():
        if value is None:
            fields.pop(tag, None)
        elif isinstance(value, dict):
            address = {**fields.get(tag, {}), **value}
            fields[tag] = {line: text for line, text in address.items() if text is not None}
        else:
            fields[tag] = value


def _parent(storage: Storage, reference: Reference | None) -> ListRecord | None:
    if reference is None:
        return None
    parent = find(storage, reference)
    if parent is None:
        raise refusals.no_such_parent(reference.named, lists.LISTS["Name"].plural)
    return parent


def _drop_not_kept(fields: Fields) -> list[str]:
    return [tag for tag in NOT_KEPT if fields.pop(tag, None) is not None]


def _shift_ancestors(storage: Storage, entry: ListRecord, delta: int) -> None:
    for above in lists.ancestors(storage, entry):
        storage.execute(
            "UPDATE list_records SET total_balance = total_balance + ? WHERE list = 'Name' AND list_id = ?",
            (delta, above.list_id),
        )


def _contacts(storage: Storage, fields: Fields, *, now: int) -> list[dict[str, Any]]:
    """The people of the request, then one for Contact and AltContact, as QuickBooks 2012 and later keep them."""
    people: list[dict[str, Any]] = list(fields.pop("Contacts", ()))
    people += [{"FirstName": fields[tag][:25]} for tag in ("Contact", "AltContact") if fields.get(tag)]
    return [
        {"ListID": identity.contact_id(storage), "Created": now, "EditSequence": str(now), **person}
        for person in people
    ]
