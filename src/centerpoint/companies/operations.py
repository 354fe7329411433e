"""Writes on companies, their contacts and their properties."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.db.models import F

from centerpoint.companies.models import Company, Contact, Property
from centerpoint.contractors import history
from centerpoint.contractors.fields import cleaned
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.refusals import Refusal
from centerpoint.contractors.revisions import lock, refuse_stale, revise


class CompanyFields(TypedDict, total=False):
    external_identifier: str
    type: str
    billing_street: str
    billing_street2: str
    billing_city: str
    billing_state: str
    billing_postal_code: str
    billing_country: str
    phone: str
    email: str
    website: str
    tax_exempt: bool
    tax_exempt_reason: str
    credit_hold: bool
    needs_purchase_order: bool
    billing_instructions: str
    is_active: bool


class CompanyChanges(CompanyFields, total=False):
    name: str


class NewCompany(CompanyFields):
    name: str


class ContactFields(TypedDict, total=False):
    position: str
    email: str
    phone: str
    mobile: str
    is_billing_contact: bool


class ContactChanges(ContactFields, total=False):
    name: str


class PropertyFields(TypedDict, total=False):
    street: str
    street2: str
    city: str
    state: str
    postal_code: str
    country: str
    building_number: str
    tax_exempt: bool
    billing_instructions: str
    is_active: bool


class PropertyChanges(PropertyFields, total=False):
    name: str
    company: NotRequired[Company]


class ExternalIdentifierTaken(Refusal):
    def __init__(self, identifier: str, company: str) -> None:
        super().__init__(f"The external identifier {identifier} already belongs to {company}.")


class OfAnotherContractor(Refusal):
    """Records of two contractors never meet; the sentence does not say whose the other one is."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what} here.")


def create_company(
    *, contractor: Contractor, name: str, now: dt.datetime, **fields: Unpack[CompanyFields]
) -> Company:
    return create_companies(contractor=contractor, companies=[{"name": name, **fields}], now=now)[0]


@transaction.atomic
def create_companies(
    *, contractor: Contractor, companies: Iterable[NewCompany], now: dt.datetime
) -> list[Company]:
    """Many at once, all or none, in a fixed number of statements."""
    new = [
        Company(contractor=contractor, changed_at=now, created_at=now, **cleaned(Company, company))
        for company in companies
    ]
    _check_external_identifiers(contractor.pk, new)
    created = Company.objects.bulk_create(new, batch_size=500)
    history.record_many(created, "Created", now=now)
    return created


def _check_external_identifiers(contractor: int, new: Sequence[Company]) -> None:
    owners: dict[str, str] = {}
    for company in new:
        identifier = company.external_identifier
        if identifier in owners:
            raise ExternalIdentifierTaken(identifier, owners[identifier])
        if identifier:
            owners[identifier] = company.name
    taken = Company.objects.filter(contractor=contractor, external_identifier__in=owners).first()
    if taken is not None:
        raise ExternalIdentifierTaken(taken.external_identifier, taken.name)


@transaction.atomic
def change_company(
    *, company: Company, now: dt.datetime, expected: int | None = None, **changes: Unpack[CompanyChanges]
) -> Company:
    values = cleaned(Company, changes)
    identifier = values.get("external_identifier")
    if identifier:
        others = Company.objects.filter(contractor=company.contractor_id, external_identifier=identifier)
        other = others.exclude(pk=company.pk).first()
        if other is not None:
            raise ExternalIdentifierTaken(identifier, other.name)
    revise(company, now=now, expected=expected, **values)
    return company


def deactivate_company(*, company: Company, now: dt.datetime, expected: int | None = None) -> Company:
    """No new work for it from now on; what was done stays."""
    return change_company(company=company, now=now, expected=expected, is_active=False)


def reactivate_company(*, company: Company, now: dt.datetime, expected: int | None = None) -> Company:
    return change_company(company=company, now=now, expected=expected, is_active=True)


@transaction.atomic
def add_contact(*, company: Company, name: str, now: dt.datetime, **fields: Unpack[ContactFields]) -> Contact:
    lock(company)
    contact = Contact(company=company, **cleaned(Contact, {"name": name, **fields}))
    if contact.is_billing_contact:
        _make_room_for_the_billing_contact(contact)
    contact.save()
    if contact.is_billing_contact:
        revise(company, now=now, beside=True, did=f"Billing contact {contact.name} added")
    else:
        history.record(company, f"Contact {contact.name} added", now=now)
    return contact


@transaction.atomic
def change_contact(
    *, contact: Contact, now: dt.datetime, expected: int | None = None, **changes: Unpack[ContactChanges]
) -> Contact:
    """Raises StaleRevision when `expected` is not the contact's revision any more."""
    lock(contact.company)
    lock(contact)
    refuse_stale(contact, expected)
    differing = {
        name: value for name, value in cleaned(Contact, changes).items() if getattr(contact, name) != value
    }
    if not differing:
        return contact
    bills = contact.is_billing_contact or differing.get("is_billing_contact", False)
    for name, value in differing.items():
        setattr(contact, name, value)
    if contact.is_billing_contact:
        _make_room_for_the_billing_contact(contact)
    contact.revision += 1
    contact.save(update_fields=[*differing, "revision"])
    did = f"Contact {contact.name} changed"
    if bills:
        revise(contact.company, now=now, beside=True, did=did)
    else:
        history.record(contact.company, did, now=now)
    return contact


@transaction.atomic
def remove_contact(*, contact: Contact, now: dt.datetime, expected: int | None = None) -> None:
    """Raises StaleRevision when `expected` is not the contact's revision any more."""
    company = contact.company
    lock(company)
    lock(contact)
    refuse_stale(contact, expected)
    contact.delete()
    did = f"Contact {contact.name} removed"
    if contact.is_billing_contact:
        revise(company, now=now, beside=True, did=did)
    else:
        history.record(company, did, now=now)


def _make_room_for_the_billing_contact(contact: Contact) -> None:
    """A company has one billing contact: the name that stands on its bills."""
    others = Contact.objects.filter(company=contact.company_id, is_billing_contact=True)
    others.exclude(pk=contact.pk).update(is_billing_contact=False, revision=F("revision") + 1)


@transaction.atomic
def create_property(
    *, company: Company, name: str, now: dt.datetime, **fields: Unpack[PropertyFields]
) -> Property:
    property = Property.objects.create(
        contractor_id=company.contractor_id,
        company=company,
        changed_at=now,
        created_at=now,
        **cleaned(Property, {"name": name, **fields}),
    )
    history.record(property, "Created", now=now)
    return property


@transaction.atomic
def change_property(
    *, property: Property, now: dt.datetime, expected: int | None = None, **changes: Unpack[PropertyChanges]
) -> Property:
    values: dict[str, Any] = cleaned(Property, changes)
    company = values.get("company")
    if company is not None and company.contractor_id != property.contractor_id:
        raise OfAnotherContractor("company")
    revise(property, now=now, expected=expected, **values)
    return property


def deactivate_property(*, property: Property, now: dt.datetime, expected: int | None = None) -> Property:
    """It is offered for no new work; what was done there stays."""
    return change_property(property=property, now=now, expected=expected, is_active=False)


def reactivate_property(*, property: Property, now: dt.datetime, expected: int | None = None) -> Property:
    return change_property(property=property, now=now, expected=expected, is_active=True)
