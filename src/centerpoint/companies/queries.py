"""Reads of companies, contacts and properties; each costs the same number of queries whatever the number of rows."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Prefetch, Q, QuerySet

from centerpoint.companies.models import Company, Contact, Property
from centerpoint.contractors.models import Contractor
from centerpoint.searching import any_of, contains

FEW = 500  # names told to the database one by one


@dataclass(frozen=True, slots=True)
class Named:
    """Whose name holds a text, where several kinds of record are searched by it."""

    companies: QuerySet[Company, Company] | list[int]
    properties: QuerySet[Property, Property] | list[int]
    are_many: bool = False

    @classmethod
    def unread(cls, contractor: Contractor, text: str) -> Self:
        """Each query that asks for them goes through all names."""
        return cls(companies_named(contractor, text), properties_named(contractor, text))

    @classmethod
    def read(cls, contractor: Contractor, text: str) -> Self:
        """For the first few of each kind of record. Two queries; where few have such a name, those that ask for them go through
        no names any more."""
        companies, properties = (
            list(found.values_list("pk", flat=True)[: FEW + 1])
            for found in (companies_named(contractor, text), properties_named(contractor, text))
        )
        if len(companies) <= FEW and len(properties) <= FEW:
            return cls(companies, properties)
        return cls(companies_named(contractor, text), properties_named(contractor, text), are_many=True)


def companies(
    contractor: Contractor,
    *,
    search: str = "",
    only_active: bool = False,
    only_on_credit_hold: bool = False,
) -> QuerySet[Company, Company]:
    """By name, each with its contacts, the billing contact first."""
    found = Company.objects.filter(contractor=contractor)
    if only_active:
        found = found.filter(is_active=True)
    if only_on_credit_hold:
        found = found.filter(credit_hold=True)
    if search:
        found = found.filter(
            contains(Company, search, "name", "external_identifier", "email", "phone", "billing_city")
        )
    contacts = Contact.objects.order_by("-is_billing_contact", "name", "pk")
    return found.order_by("name", "pk").prefetch_related(Prefetch("contacts", queryset=contacts))


def properties(
    contractor: Contractor,
    *,
    search: str = "",
    named: Named | None = None,
    company: Company | None = None,
    only_active: bool = False,
) -> QuerySet[Property, Property]:
    """By name, each with its company. `named`: what `search` names, where it was read already."""
    found = Property.objects.filter(contractor=contractor)
    if company is not None:
        found = found.filter(company=company)
    if only_active:
        found = found.filter(is_active=True)
    if search:
        named = named or Named.unread(contractor, search)
        own = Q(contractor=contractor) & contains(Property, search, "name", "street", "city")
        found = found.filter(any_of(Property, own, company=named.companies, row_by_row=named.are_many))
    return found.order_by("name", "pk").select_related("company")


def companies_named(contractor: Contractor, text: str) -> QuerySet[Company, Company]:
    """Those whose name holds the text: to look for among what is billed to them.

    A set found once, from an index of names, costs a fraction of a join that reads the company of every row.
    """
    return Company.objects.filter(contains(Company, text, "name"), contractor=contractor)


def properties_named(contractor: Contractor, text: str) -> QuerySet[Property, Property]:
    """As `companies_named`: to look for among what is done there."""
    return Property.objects.filter(contains(Property, text, "name"), contractor=contractor)


def billing_contact(company: Company) -> Contact | None:
    return company.contacts.filter(is_billing_contact=True).order_by("pk").first()
