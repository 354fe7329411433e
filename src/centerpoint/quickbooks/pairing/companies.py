"""Companies and QuickBooks customers as the mapping and the suggestions want to see them. Reads only."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from centerpoint.companies.models import Company, Contact
from centerpoint.quickbooks.compiled_query import CompiledQuery, Each
from centerpoint.quickbooks.mapping.facts import AddressFacts, CompanyFacts
from centerpoint.quickbooks.models import CompanyFile, Pairing, Posting, QuickBooksCustomer
from centerpoint.quickbooks.pairing.traits import Party


def company_facts(companies: Iterable[Company]) -> dict[int, CompanyFacts]:
    """By company id, each with the name of its billing contact, else of its latest contact."""
    by_id = {company.pk: company for company in companies}
    # The billing contact comes last and so wins.
    contacts = dict(
        Contact.objects.filter(company__in=by_id)
        .order_by("is_billing_contact", "pk")
        .values_list("company", "name")
    )
    return {pk: _facts(company, contacts.get(pk, "")) for pk, company in by_id.items()}


def facts_of_companies(company_ids: Collection[int]) -> dict[int, CompanyFacts]:
    """The same of these companies as they are now, for a message: without their models."""
    contacts: dict[int, str] = dict(_contacts_of.rows(companies=company_ids))
    return {
        pk: CompanyFacts(
            name=name,
            address=AddressFacts(**dict(zip(_ADDRESS, address, strict=True))),
            phone=phone,
            email=email,
            contact=contacts.get(pk, ""),
            tax_exempt=tax_exempt,
            is_active=is_active,
        )
        for pk, name, phone, email, tax_exempt, is_active, *address in _companies.rows(companies=company_ids)
    }


_ADDRESS = ("street", "street2", "city", "state", "postal_code", "country")


@CompiledQuery
def _companies() -> QuerySet[Any, Any]:
    own = ("pk", "name", "phone", "email", "tax_exempt", "is_active")
    address = [f"billing_{name}" for name in _ADDRESS]
    return Company.objects.filter(pk__in=Each("companies")).values_list(*own, *address)


@CompiledQuery
def _contacts_of() -> QuerySet[Any, Any]:
    # The billing contact comes last and so wins.
    contacts = Contact.objects.filter(company__in=Each("companies")).order_by("is_billing_contact", "pk")
    return contacts.values_list("company", "name")


def _facts(company: Company, contact: str) -> CompanyFacts:
    return CompanyFacts(
        name=company.name,
        address=AddressFacts(
            street=company.billing_street,
            street2=company.billing_street2,
            city=company.billing_city,
            state=company.billing_state,
            postal_code=company.billing_postal_code,
            country=company.billing_country,
        ),
        phone=company.phone,
        email=company.email,
        contact=contact,
        tax_exempt=company.tax_exempt,
        is_active=company.is_active,
    )


def unpaired_companies(company_file: CompanyFile) -> QuerySet[Company]:
    """Companies to be paired: those wanted there that are nobody yet."""
    pairings = Pairing.objects.filter(company_file=company_file, company=OuterRef("pk"))
    return wanted_companies(company_file).filter(~Exists(pairings))


def wanted_companies(company_file: CompanyFile) -> QuerySet[Company]:
    """Companies that should be somebody in QuickBooks: the active ones, and those that something owed is billed to."""
    billed = Posting.objects.filter(company_file=company_file, bill_to=OuterRef("pk"))
    return Company.objects.filter(Q(is_active=True) | Exists(billed), contractor=company_file.contractor_id)


def unpaired_customers(company_file: Any) -> QuerySet[QuickBooksCustomer]:
    """Customers (jobs excluded) that no company is, inactive ones among them."""
    # A customer's pairing is of its own company file; that is not asked, because the index knows only the customer.
    pairings = Pairing.objects.filter(customer=OuterRef("pk"))
    return QuickBooksCustomer.objects.filter(
        ~Exists(pairings), company_file=company_file, sublevel=0, is_deleted=False
    )


def company_parties(companies: QuerySet[Company]) -> list[Party]:
    rows = companies.order_by("pk").values_list(
        "pk",
        "name",
        "billing_street",
        "billing_street2",
        "billing_city",
        "billing_postal_code",
        "phone",
        "email",
    )
    return [
        Party(
            key=pk,
            name=name,
            street=f"{street}\n{street2}",
            city=city,
            postal_code=postal_code,
            phone=phone,
            email=email,
        )
        for pk, name, street, street2, city, postal_code, phone, email in rows.iterator(chunk_size=5000)
    ]


def customer_parties(customers: QuerySet[QuickBooksCustomer]) -> Iterator[Party]:
    """One after the other: there may be more than fit into memory beside each other."""
    rows = customers.order_by("pk").values_list(
        "pk", "name", "company_name", "street", "city", "postal_code", "phone", "email", "is_active"
    )
    for pk, name, company_name, street, city, postal_code, phone, email, is_active in rows.iterator(2000):
        yield Party(
            key=pk,
            name=name,
            company_name=company_name,
            street=street,
            city=city,
            postal_code=postal_code,
            phone=phone,
            email=email,
            is_active=is_active,
        )
