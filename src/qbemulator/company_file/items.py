"""Adding items. Their other life is that of any list record."""

from __future__ import annotations

from qbemulator.company_file import customers, identity, lists
from qbemulator.company_file.lists import Fields, ListRecord
from qbemulator.company_file.storage import Storage

REFERENCES = {
    "ClassRef": "Class",
    "SalesTaxCodeRef": "SalesTaxCode",
    "AccountRef": "Account",
    "IncomeAccountRef": "Account",
    "ExpenseAccountRef": "Account",
}


def add_service(storage: Storage, fields: Fields, *, now: int) -> ListRecord:
    """A new service item; `fields` is flat: those of SalesOrPurchase or SalesAndPurchase stand beside the others."""
    fields = dict(fields)
    name: str = fields.pop("Name")
    is_active: bool = fields.pop("IsActive", True)
    external_guid: str | None = fields.pop("ExternalGUID", None)
    identity.refuse_used_guid(storage, "list_records", external_guid)
    reference = fields.pop("ParentRef", None)
    parent = lists.resolve(storage, "Item", reference, where="Item") if reference else None
    customers.resolve_references(storage, fields, REFERENCES, where="ItemService")
    return lists.add(
        storage,
        "Item",
        "ItemService",
        name,
        now=now,
        parent=parent,
        is_active=is_active,
        external_guid=external_guid,
        fields=fields,
    )
