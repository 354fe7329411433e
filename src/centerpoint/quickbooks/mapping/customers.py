"""PURE: a company and its QuickBooks customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from centerpoint.quickbooks.mapping.facts import (
    BooksFacts,
    CompanyFacts,
    Content,
    Difference,
    Existing,
    Message,
    Settled,
)
from centerpoint.quickbooks.mapping.names import cut
from centerpoint.quickbooks.models import Posting, QuickBooksCustomer
from qbxml import CLEAR, messages

# The fields both sides own: Company's field -> the element it is written in, and how much that holds.
SHARED: dict[str, tuple[str, int]] = {
    "name": ("CompanyName", 41),
    "billing_street": ("BillAddress.Addr1", 41),
    "billing_street2": ("BillAddress.Addr2", 41),
    "billing_city": ("BillAddress.City", 31),
    "billing_state": ("BillAddress.State", 21),
    "billing_postal_code": ("BillAddress.PostalCode", 13),
    "billing_country": ("BillAddress.Country", 31),
    "phone": ("Phone", 21),
    "email": ("Email", 254),
}
_ADDRESS = {
    "Addr1": "addr1",
    "Addr2": "addr2",
    "City": "city",
    "State": "state",
    "PostalCode": "postal_code",
    "Country": "country",
}


def shared_fields(company: CompanyFacts) -> dict[str, str]:
    """The company's values as QuickBooks can hold them, by field of Company."""
    address = company.address
    values = {
        "name": company.name,
        "billing_street": address.street,
        "billing_street2": address.street2,
        "billing_city": address.city,
        "billing_state": address.state,
        "billing_postal_code": address.postal_code,
        "billing_country": address.country,
        "phone": company.phone,
        "email": company.email,
    }
    return {name: cut(value, SHARED[name][1]) for name, value in values.items()}


def shared_fields_there(customer: QuickBooksCustomer) -> dict[str, str]:
    """The customer's values, by field of Company."""
    lines = customer.street.split("\n")
    # QuickBooks' own forms put the name into the first line of the address.
    if lines[0].lower() in (customer.name.lower(), customer.company_name.lower()):
        lines = lines[1:]
    lines += ["", ""]
    return {
        "name": customer.company_name or customer.name,
        "billing_street": lines[0],
        "billing_street2": lines[1],
        "billing_city": customer.city,
        "billing_state": customer.state,
        "billing_postal_code": customer.postal_code,
        "billing_country": customer.country,
        "phone": customer.phone,
        "email": customer.email[: SHARED["email"][1]],
    }


def message(
    company: CompanyFacts, *, name: str, mark: str, existing: Existing | None, tax: BooksFacts
) -> Message:
    """CustomerAdd for a new one; for one that is there a CustomerMod of what changed since both sides agreed.

    `existing.agreed` holds the shared fields by their names in Company, as Pairing.agreed does.
    """
    if existing is None:
        return _add(company, name, mark)
    ours = shared_fields(company)
    changed = {field for field, value in ours.items() if existing.agreed.get(field, "") != value}
    if not changed:
        return Message(action=Posting.Action.MODIFY, body=None, content={})
    address = {field for field in changed if SHARED[field][0].startswith("BillAddress")}
    content = {
        SHARED[field][0]: ours[field]
        for field in ours
        if field in changed or (address and "billing" in field)
    }
    body = messages.CustomerModRq(
        customer_mod=messages.CustomerMod(
            list_id=existing.quickbooks_id,
            edit_sequence=existing.edit_sequence,
            company_name=_set("CompanyName", content),
            bill_address=_address(content, clear=True) if address else None,
            phone=_set("Phone", content),
            email=_set("Email", content),
        )
    )
    return Message(action=Posting.Action.MODIFY, body=body, content=content)


def _add(company: CompanyFacts, name: str, mark: str) -> Message:
    content: Content = {"Name": name}
    content |= {SHARED[field][0]: value for field, value in shared_fields(company).items() if value}
    if contact := cut(company.contact, 41):
        content["Contact"] = contact
    body = messages.CustomerAddRq(
        customer_add=messages.CustomerAdd(
            name=name,
            company_name=content.get("CompanyName"),
            bill_address=_address(content, clear=False),
            phone=content.get("Phone"),
            email=content.get("Email"),
            contact=content.get("Contact"),
            external_guid=mark,
        )
    )
    return Message(action=Posting.Action.ADD, body=body, content=content)


def _set(element: str, content: Content) -> Any:
    """The value to write in a Mod: nothing when unchanged, an empty element to clear."""
    if element not in content:
        return None
    return content[element] or CLEAR


def _address(content: Content, *, clear: bool) -> Any:
    values = {name: content.get(f"BillAddress.{tag}", "") for tag, name in _ADDRESS.items()}
    if not any(values.values()):
        return CLEAR if clear else None
    if clear:  # a line that is not written stays as it is
        return messages.Address(**{name: value or CLEAR for name, value in values.items()})
    return messages.Address(**{name: value for name, value in values.items() if value})


def there(ret: Any) -> Content:
    """What the customer holds, in the elements we write; absent ones as empty text."""
    address = ret.bill_address
    content = {
        "Name": ret.name,
        "CompanyName": ret.company_name or "",
        "Phone": ret.phone or "",
        "Email": ret.email or "",
        "Contact": ret.contact or "",
    }
    for tag, name in _ADDRESS.items():
        content[f"BillAddress.{tag}"] = (getattr(address, name) if address else None) or ""
    return content


def settle(content: Content, ret: Any) -> Settled:
    """Compare what was sent with what QuickBooks holds now."""
    holds = there(ret)
    return Settled(
        quickbooks_id=ret.list_id,
        edit_sequence=ret.edit_sequence,
        name=ret.full_name,
        external_guid=ret.external_guid or "",
        content=holds,
        differences=tuple(
            Difference(field=element, ours=value, theirs=holds.get(element, ""))
            for element, value in content.items()
            if holds.get(element, "") != value
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A three-way comparison of the shared fields, by field of Company."""

    take: dict[str, str] = field(default_factory=dict)
    send: frozenset[str] = frozenset()
    conflicts: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # ours, theirs, agreed
    agreed: dict[str, str] = field(default_factory=dict)


def merge(*, agreed: Mapping[str, str], ours: CompanyFacts, theirs: Mapping[str, str]) -> Merge:
    """What changed on which side since both agreed. A field changed on both sides is a conflict, unless equal."""
    take, send, conflicts, now_agreed = {}, set(), {}, dict(agreed)
    for name, our_value in shared_fields(ours).items():
        their_value, last = theirs.get(name, ""), agreed.get(name)
        if our_value == their_value:
            now_agreed[name] = our_value
        elif last is not None and our_value == last:
            take[name] = their_value
            now_agreed[name] = their_value
        elif last is not None and their_value == last:
            send.add(name)
        else:
            conflicts[name] = (our_value, their_value, last or "")
    return Merge(take=take, send=frozenset(send), conflicts=conflicts, agreed=now_agreed)
