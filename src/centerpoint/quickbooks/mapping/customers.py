"""PURE: a company and its QuickBooks customer."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from centerpoint.quickbooks.mapping import addresses
from centerpoint.quickbooks.mapping.comparison import differences
from centerpoint.quickbooks.mapping.facts import (
    Blocked,
    BooksFacts,
    CompanyFacts,
    Content,
    Existing,
    Message,
    Settled,
)
from centerpoint.quickbooks.mapping.names import cut
from centerpoint.quickbooks.models import Posting, QuickBooksCustomer
from qbxml import CLEAR, messages

COMPANY_NAME, PHONE, CONTACT = 41, 21, 41
EMAIL = 254  # Company's own limit; QuickBooks holds 1023

# The fields both sides own, by their names in Company. Those of the address are written together.
_ELEMENTS = {"name": "CompanyName", "phone": "Phone", "email": "Email"}
_ADDRESS = (
    "billing_street",
    "billing_street2",
    "billing_city",
    "billing_state",
    "billing_postal_code",
    "billing_country",
)
_STREET_BEGINS = re.compile(r"\d|p\W*o\W*box\b", re.IGNORECASE)


def shared_fields(company: CompanyFacts) -> dict[str, str]:
    """The company's values as QuickBooks can hold them, by field of Company."""
    address = addresses.fitted(company.address)
    return {
        "name": cut(company.name, COMPANY_NAME),
        "billing_street": address.street,
        "billing_street2": address.street2,
        "billing_city": address.city,
        "billing_state": address.state,
        "billing_postal_code": address.postal_code,
        "billing_country": address.country,
        "phone": cut(company.phone, PHONE),
        "email": cut(company.email, EMAIL),
    }


def shared_fields_there(customer: QuickBooksCustomer) -> dict[str, str]:
    """The customer's values, by field of Company."""
    street = _street_lines(customer)
    return {
        "name": customer.company_name or customer.name,
        "billing_street": street[0] if street else "",
        "billing_street2": cut(", ".join(street[1:]), addresses.PRINTED_LINE),
        "billing_city": customer.city,
        "billing_state": customer.state,
        "billing_postal_code": customer.postal_code,
        "billing_country": customer.country,
        "phone": customer.phone,
        "email": cut(customer.email, EMAIL),
    }


def _street_lines(customer: QuickBooksCustomer) -> list[str]:
    """The address without the names that QuickBooks prints above it.

    Those are the customer's own, or whatever stands above a line that begins as streets do: the name an address was
    typed with stays when the customer is renamed.
    """
    lines = customer.street.split("\n") if customer.street else []
    if lines and _same(lines[0], customer.company_name, customer.name):
        lines = lines[1:]
        return lines[1:] if len(lines) > 1 and _same(lines[0], customer.contact) else lines
    first = next((number for number, line in enumerate(lines) if _STREET_BEGINS.match(line)), 0)
    return lines[first:]


def _same(line: str, *names: str) -> bool:
    return line.lower() in [name.lower() for name in names]


def message(
    company: CompanyFacts, *, name: str, mark: str, existing: Existing | None, tax: BooksFacts
) -> Message:
    """CustomerAdd for a new one; for one that is there a CustomerMod of what changed since both sides agreed.

    `existing.agreed` holds the shared fields by their names in Company, as Pairing.agreed does. Raises Blocked when
    nothing of the name can be written.
    """
    if not name:
        raise Blocked("name-empty", name=company.name)
    if existing is None:
        return _add(company, name, mark, tax)
    ours = shared_fields(company)
    changed = {field for field, value in ours.items() if existing.agreed.get(field, "") != value}
    if not changed:
        return Message(action=Posting.Action.MODIFY, body=None, content={})
    content = _changed_content(company, ours, changed)
    body = messages.CustomerModRq(
        customer_mod=messages.CustomerMod(
            list_id=existing.quickbooks_id,
            edit_sequence=existing.edit_sequence,
            company_name=_to_change(content, "CompanyName"),
            bill_address=(
                addresses.to_change("BillAddress", content) if "BillAddress.Addr1" in content else None
            ),
            phone=_to_change(content, "Phone"),
            email=_to_change(content, "Email"),
        )
    )
    return Message(action=Posting.Action.MODIFY, body=body, content=content)


def _changed_content(company: CompanyFacts, ours: Mapping[str, str], changed: Set[str]) -> Content:
    """The elements to write. The address bears the name, so it follows a new one."""
    content = {element: ours[field] for field, element in _ELEMENTS.items() if field in changed}
    address = addresses.content("BillAddress", company.name, company.address)
    if not changed.isdisjoint(_ADDRESS):
        content |= address or addresses.emptied("BillAddress")
    elif "name" in changed:
        content |= address
    return content


def _add(company: CompanyFacts, name: str, mark: str, tax: BooksFacts) -> Message:
    ours = shared_fields(company)
    content: Content = {"Name": name}
    content |= {element: ours[field] for field, element in _ELEMENTS.items() if ours[field]}
    content |= addresses.content("BillAddress", company.name, company.address)
    if contact := cut(company.contact, CONTACT):
        content["Contact"] = contact
    if company.tax_exempt and tax.sales_tax_is_on and tax.non_taxable_code:
        content["SalesTaxCodeRef.FullName"] = tax.non_taxable_code
    code = content.get("SalesTaxCodeRef.FullName")
    body = messages.CustomerAddRq(
        customer_add=messages.CustomerAdd(
            name=name,
            company_name=content.get("CompanyName"),
            bill_address=addresses.to_add("BillAddress", content),
            phone=content.get("Phone"),
            email=content.get("Email"),
            contact=content.get("Contact"),
            sales_tax_code_ref=messages.Ref(full_name=code) if code else None,
            external_guid=mark,
        )
    )
    return Message(action=Posting.Action.ADD, body=body, content=content)


def _to_change(content: Content, element: str) -> Any:
    """The value to write in a Mod: nothing when unchanged, an empty element to clear."""
    return content[element] or CLEAR if element in content else None


def there(ret: messages.CustomerRet) -> Content:
    """What the customer holds, in the elements we write; absent ones as empty text."""
    code = ret.sales_tax_code_ref
    return {
        "Name": ret.name,
        "CompanyName": ret.company_name or "",
        **addresses.there("BillAddress", ret.bill_address),
        "Phone": ret.phone or "",
        "Email": ret.email or "",
        "Contact": ret.contact or "",
        "SalesTaxCodeRef.FullName": (code.full_name or "") if code else "",
    }


def there_as_read(customer: QuickBooksCustomer) -> Content:
    """What the customer held when it was read last, in the elements we change."""
    street = dict(zip(addresses.PRINTED_LINES, customer.street.split("\n"), strict=False))
    return {
        "CompanyName": customer.company_name,
        "BillAddress.City": customer.city,
        "BillAddress.State": customer.state,
        "BillAddress.PostalCode": customer.postal_code,
        "BillAddress.Country": customer.country,
        **{f"BillAddress.{line}": street.get(line, "") for line in addresses.PRINTED_LINES},
        "Phone": customer.phone,
        "Email": customer.email,
    }


def shared_fields_of(content: Content) -> frozenset[str]:
    """The fields of Company that a message with this content wrote."""
    written = {field for field, element in _ELEMENTS.items() if element in content}
    return frozenset(written | set(_ADDRESS) if "BillAddress.Addr1" in content else written)


def settle(content: Content, ret: messages.CustomerRet) -> Settled:
    """Compare what was sent with what QuickBooks holds now."""
    holds = there(ret)
    return Settled(
        quickbooks_id=ret.list_id,
        edit_sequence=ret.edit_sequence,
        name=ret.full_name or ret.name,
        external_guid=ret.external_guid or "",
        content=holds,
        differences=differences(content, holds),
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
