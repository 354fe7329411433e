"""List records: names, items, accounts, terms, classes and the small lists; their ids, names and references."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from qbemulator.company_file import locks, refusals
from qbemulator.company_file.storage import Row, Storage

Fields = dict[str, Any]

LEVELS = 5
BELOW = "\x01"  # sorts before every printable character, so that jobs come right behind their parent


class Reference(NamedTuple):
    """How a request names a list record. With both given the ListID decides (protocol.md C.9)."""

    list_id: str | None = None
    full_name: str | None = None

    @property
    def named(self) -> str:
        return self.list_id or self.full_name or ""


class ListShape(NamedTuple):
    """What QuickBooks calls a list in its messages, and how deep it may be."""

    plural: str
    singular: str
    name_field: str
    hierarchical: bool


LISTS = {
    "Name": ListShape("Customers", "Customer", "customer name", True),
    "Item": ListShape("Items", "Item", "item name", True),
    "Class": ListShape("Classes", "Class", "class name", True),
    "Account": ListShape("Accounts", "Account", "account name", True),
    "Terms": ListShape("Terms", "Terms", "terms name", False),
    "SalesTaxCode": ListShape("Sales Tax Codes", "Sales Tax Code", "sales tax code name", False),
    "PaymentMethod": ListShape("Payment Methods", "Payment Method", "payment method name", False),
    "Template": ListShape("Templates", "Template", "template name", False),
    "CustomerType": ListShape("Customer Types", "Customer Type", "customer type name", True),
    "JobType": ListShape("Job Types", "Job Type", "job type name", True),
    "SalesRep": ListShape("Sales Reps", "Sales Rep", "initials", False),
    "ShipMethod": ListShape("Ship Methods", "Ship Method", "ship method name", False),
    "CustomerMsg": ListShape("Customer Messages", "Customer Message", "customer message", False),
}


@dataclass(slots=True)
class ListRecord:
    """One entry of a list. `fields` holds what no rule reads, under QuickBooks' own element names;
    a reference is kept there as the ListID."""

    list: str
    list_id: str
    kind: str
    name: str
    full_name: str
    sort_key: str
    parent_id: str | None
    sublevel: int
    is_active: bool
    created: int
    modified: int
    edit_sequence: int
    balance: int
    total_balance: int
    external_guid: str | None
    fields: Fields


def sort_key(full_name: str) -> str:
    """The name without regard to case; equal keys are equal names for QuickBooks."""
    return full_name.lower().replace(":", BELOW)


def record(row: Row) -> ListRecord:
    values = dict(row)
    values["is_active"] = bool(values["is_active"])
    values["fields"] = json.loads(values["fields"])
    return ListRecord(**values)


def get(storage: Storage, list_name: str, list_id: str) -> ListRecord | None:
    """The record behind an id. Small lists are read once per transaction; names change too often for that."""
    if list_name == "Name":
        return _read(storage, list_name, list_id)
    return storage.remembered((list_name, list_id), lambda: _read(storage, list_name, list_id))


def _read(storage: Storage, list_name: str, list_id: str) -> ListRecord | None:
    row = storage.one("SELECT * FROM list_records WHERE list = ? AND list_id = ?", (list_name, list_id))
    return None if row is None else record(row)


def full_name_of(storage: Storage, list_name: str, list_id: str) -> str:
    """The full name behind an id that is known to exist."""
    if list_name != "Name":
        entry = get(storage, list_name, list_id)
        assert entry is not None, (list_name, list_id)
        return entry.full_name
    row = storage.one("SELECT full_name FROM list_records WHERE list = 'Name' AND list_id = ?", (list_id,))
    assert row is not None, list_id
    return str(row["full_name"])


def find(
    storage: Storage, list_name: str, reference: Reference, kinds: Collection[str] = ()
) -> ListRecord | None:
    """The record a reference names, whatever its state; `kinds` limits which may be meant."""
    if reference.list_id:
        found = get(storage, list_name, reference.list_id)
    else:
        found = _named(storage, list_name, sort_key((reference.full_name or "").strip()))
    return found if found is None or not kinds or found.kind in kinds else None


def _forget(storage: Storage, list_name: str) -> None:
    if list_name != "Name":
        storage.forget()


def _named(storage: Storage, list_name: str, key: str) -> ListRecord | None:
    def read() -> ListRecord | None:
        row = storage.one("SELECT * FROM list_records WHERE list = ? AND sort_key = ?", (list_name, key))
        return None if row is None else record(row)

    return read() if list_name == "Name" else storage.remembered((list_name, "named", key), read)


def resolve(
    storage: Storage,
    list_name: str,
    reference: Reference,
    *,
    where: str,
    inactive: str = "accept",
    kinds: Collection[str] = (),
    what: str | None = None,
) -> ListRecord:
    """The record a request refers to; 3140 when there is none, and `inactive` (a switch value) when it is inactive."""
    what = what or LISTS[list_name].singular
    found = find(storage, list_name, reference, kinds)
    if found is None:
        raise refusals.no_such_reference(what, reference.named, where)
    if not found.is_active and inactive != "accept":
        raise refusals.inactive_reference(what, reference.named, where, code=inactive)
    return found


def add(
    storage: Storage,
    list_name: str,
    kind: str,
    name: str,
    *,
    now: int,
    parent: ListRecord | None = None,
    is_active: bool = True,
    external_guid: str | None = None,
    fields: Fields | None = None,
) -> ListRecord:
    """A new record with the next ListID of its list. Refused with 3090 or 3100 for its name."""
    name = checked_name(list_name, name)
    full_name, level = placed(list_name, name, parent)
    key = sort_key(full_name)
    refuse_taken_name(storage, list_name, key, name)
    number = storage.take_numbers(f"ListID {list_name}")
    _forget(storage, list_name)
    entry = ListRecord(
        list=list_name,
        list_id=f"{0x80000000 | number:X}-{now}",
        kind=kind,
        name=name,
        full_name=full_name,
        sort_key=key,
        parent_id=parent.list_id if parent else None,
        sublevel=level,
        is_active=is_active,
        created=now,
        modified=now,
        edit_sequence=now,
        balance=0,
        total_balance=0,
        external_guid=external_guid,
        fields=fields or {},
    )
    storage.execute(
        "INSERT INTO list_records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.list,
            entry.list_id,
            entry.kind,
            entry.name,
            entry.full_name,
            entry.sort_key,
            entry.parent_id,
            entry.sublevel,
            entry.is_active,
            entry.created,
            entry.modified,
            entry.edit_sequence,
            0,
            0,
            entry.external_guid,
            json.dumps(entry.fields),
        ),
    )
    return entry


def save(storage: Storage, entry: ListRecord, *, now: int) -> None:
    """Store what a person or program changed: the edit sequence moves."""
    entry.modified = entry.edit_sequence = now
    _forget(storage, entry.list)
    storage.execute(
        "UPDATE list_records SET is_active = ?, modified = ?, edit_sequence = ?, fields = ?"
        " WHERE list = ? AND list_id = ?",
        (entry.is_active, now, now, json.dumps(entry.fields), entry.list, entry.list_id),
    )


def rename(
    storage: Storage, entry: ListRecord, name: str, *, parent: ListRecord | None, now: int
) -> ListRecord:
    """A new name or place. The full names of everything below follow; their edit sequences stay (protocol.md E.2)."""
    name = checked_name(entry.list, name)
    full_name, level = placed(entry.list, name, parent)
    key = sort_key(full_name)
    if key != entry.sort_key:
        if parent is not None and (parent.sort_key + BELOW).startswith(entry.sort_key + BELOW):
            raise refusals.cannot_modify(entry.list_id, "An element cannot be its own parent.")
        refuse_taken_name(storage, entry.list, key, name)
    deepest = max((below.sublevel for below in descendants(storage, entry)), default=entry.sublevel)
    if deepest - entry.sublevel + level >= LEVELS:
        raise refusals.cannot_modify(entry.list_id, f"A list has at most {LEVELS} levels.")
    below = list(descendants(storage, entry))
    _forget(storage, entry.list)
    storage.execute(
        "UPDATE list_records SET name = ?, full_name = ?, sort_key = ?, parent_id = ?, sublevel = ?, modified = ?,"
        " edit_sequence = ? WHERE list = ? AND list_id = ?",
        (
            name,
            full_name,
            key,
            parent.list_id if parent else None,
            level,
            now,
            now,
            entry.list,
            entry.list_id,
        ),
    )
    for child in below:
        storage.execute(
            "UPDATE list_records SET full_name = ?, sort_key = ?, sublevel = ?, modified = ?"
            " WHERE list = ? AND list_id = ?",
            (
                full_name + child.full_name[len(entry.full_name) :],
                key + child.sort_key[len(entry.sort_key) :],
                child.sublevel - entry.sublevel + level,
                now,
                child.list,
                child.list_id,
            ),
        )
    renamed = get(storage, entry.list, entry.list_id)
    assert renamed is not None
    return renamed


def delete(storage: Storage, entry: ListRecord, *, delete_type: str, now: int) -> None:
    """Remove a record and remember that it was here. The caller has made sure that nothing uses it."""
    locks.refuse_locked_record(storage, entry.list_id)
    _forget(storage, entry.list)
    storage.execute("DELETE FROM list_records WHERE list = ? AND list_id = ?", (entry.list, entry.list_id))
    storage.execute(
        "INSERT INTO deletions (kind, object_id, name, created, deleted) VALUES (?, ?, ?, ?, ?)",
        (delete_type, entry.list_id, entry.full_name, entry.created, now),
    )


def descendants(storage: Storage, entry: ListRecord) -> Iterator[ListRecord]:
    """Everything below a record, in list order."""
    low, high = entry.sort_key + BELOW, entry.sort_key + chr(ord(BELOW) + 1)
    for row in storage.all(
        "SELECT * FROM list_records WHERE list = ? AND sort_key > ? AND sort_key < ? ORDER BY sort_key",
        (entry.list, low, high),
    ):
        yield record(row)


def ancestors(storage: Storage, entry: ListRecord) -> Iterator[ListRecord]:
    """The parent, its parent, and so on."""
    parent_id = entry.parent_id
    while parent_id is not None:
        parent = get(storage, entry.list, parent_id)
        assert parent is not None
        yield parent
        parent_id = parent.parent_id


def every(storage: Storage, list_name: str, kinds: Iterable[str] = ()) -> Iterator[ListRecord]:
    """A whole list in its own order."""
    wanted = tuple(kinds)
    for row in storage.all("SELECT * FROM list_records WHERE list = ? ORDER BY sort_key", (list_name,)):
        if not wanted or row["kind"] in wanted:
            yield record(row)


def checked_name(list_name: str, name: str) -> str:
    """The name without outer blanks; a colon is 3090, nothing at all 3150."""
    stripped = name.strip()
    if ":" in stripped:
        raise refusals.colon_in_name(stripped, LISTS[list_name].name_field)
    if not stripped:
        raise refusals.required_element("Name")
    return stripped


def placed(list_name: str, name: str, parent: ListRecord | None) -> tuple[str, int]:
    """The full name and level of a name under a parent."""
    if parent is None:
        return name, 0
    if parent.sublevel + 1 >= LEVELS:
        shape = LISTS[list_name]
        raise refusals.cannot_save(shape.singular, f"A list has at most {LEVELS} levels.")
    return f"{parent.full_name}:{name}", parent.sublevel + 1


def refuse_taken_name(storage: Storage, list_name: str, key: str, name: str) -> None:
    if storage.one("SELECT 1 FROM list_records WHERE list = ? AND sort_key = ?", (list_name, key)):
        raise refusals.name_in_use(name)
