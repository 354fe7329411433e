"""Reads of companies, contacts and properties; each costs the same number of queries whatever the number of rows."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Prefetch, Q, QuerySet

from centerpoint.companies.models import Company, Contact, Property
from centerpoint.contractors.models import Contractor

FEW = 500  # names told to the database one by one


@dataclass(frozen=True, slots=True)
class Named:
    """Whose name holds a text, where several kinds of record are searched by it."""

    companies: QuerySet[Company, Company]
    properties: QuerySet[Property, Property]

    @classmethod
    def unread(cls, contractor: Contractor, text: str) -> Self:
        """Each query that asks for them goes through all names."""
        return cls(companies_named(contractor, text), properties_named(contractor, text))

    @classmethod
    def read(cls, contractor: Contractor, text: str) -> Self:
        """Two queries; where few have such a name, those that ask for them go through no names any more."""
        unread = cls.unread(contractor, text)
        companies, properties = (
            list(found.values_list("pk", flat=True)[: FEW + 1])
            for found in (unread.companies, unread.properties)
        )
        return cls(
            unread.companies if len(companies) > FEW else Company.objects.filter(pk__in=companies),
            unread.properties if len(properties) > FEW else Property.objects.filter(pk__in=properties),
        )


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
            Q(name__icontains=search)
            | Q(external_identifier__iexact=search)
            | Q(email__icontains=search)
            | Q(phone__icontains=search)
            | Q(billing_city__istartswith=search)
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
        found = found.filter(
            Q(name__icontains=search)
            | Q(street__icontains=search)
            | Q(city__istartswith=search)
            | Q(company__in=named.companies)
        )
    return found.order_by("name", "pk").select_related("company")


def companies_named(contractor: Contractor, text: str) -> QuerySet[Company, Company]:
    """Those whose name holds the text: to look for among what is billed to them.

    A set found once, from an index of names, costs a fraction of a join that reads the company of every row.
    """
    return Company.objects.filter(contractor=contractor, name__icontains=text)


def properties_named(contractor: Contractor, text: str) -> QuerySet[Property, Property]:
    """As `companies_named`: to look for among what is done there."""
    return Property.objects.filter(contractor=contractor, name__icontains=text)


def billing_contact(company: Company) -> Contact | None:
    return company.contacts.filter(is_billing_contact=True).order_by("pk").first()
