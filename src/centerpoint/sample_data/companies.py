"""Sample companies with their contacts and properties."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from centerpoint.companies.models import Company, Contact, Property
from centerpoint.contractors.models import Contractor
from centerpoint.sample_data.vocabulary import (
    CITIES,
    DIFFICULT_NAMES,
    EXEMPT_REASONS,
    FAMILIAR_NAMES,
    FIRST_NAMES,
    NAME_PATTERNS,
    PLACES,
    POSITIONS,
    STREETS,
    SURNAMES,
)

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Clientele:
    """The companies that get work, and all their properties."""

    companies: list[Company]
    properties: list[Property]


def load_companies(contractor: Contractor, count: int, *, rng: Random, now: dt.datetime) -> Clientele:
    taken = {
        name.lower() for name in Company.objects.filter(contractor=contractor).values_list("name", flat=True)
    }
    numbers = itertools.count(len(taken) + 1)
    named = itertools.islice(_names(rng, taken), count)
    companies = [
        _company(contractor, name, type_, number=next(numbers), rng=rng, now=now) for name, type_, _ in named
    ]
    Company.objects.bulk_create(companies, batch_size=BATCH)
    contacts = [contact for company in companies for contact in _contacts(company, rng)]
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    properties = [place for company in companies for place in _properties(company, rng, now)]
    Property.objects.bulk_create(properties, batch_size=BATCH)
    active = [company for company in companies if company.is_active]
    return Clientele(active, [place for place in properties if place.company.is_active])


def _names(rng: Random, taken: set[str]) -> Iterator[tuple[str, str, str]]:
    """Name, type and what a property of such a company is called; never the same name twice."""
    usual = {type_: building for type_, _, _, building in NAME_PATTERNS}
    for name, type_ in (*DIFFICULT_NAMES, *FAMILIAR_NAMES):
        if name.lower() not in taken:
            taken.add(name.lower())
            yield name, type_, usual[type_]
    while True:
        type_, pattern, _, building = rng.choice(NAME_PATTERNS)
        surname, other = rng.sample(SURNAMES, 2)
        name = pattern.format(
            place=rng.choice(PLACES), surname=surname, other=other, first=rng.choice(FIRST_NAMES)
        )
        if name.lower() in taken:
            # In a town large enough there are several of them.
            name = f"{name} {rng.choice(CITIES)[0]} {rng.randint(2, 9999)}"
        if name.lower() not in taken:
            taken.add(name.lower())
            yield name, type_, building


def _company(
    contractor: Contractor, name: str, type_: str, *, number: int, rng: Random, now: dt.datetime
) -> Company:
    city, postal_code, area = rng.choice(CITIES)
    domain = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:30]
    reason = EXEMPT_REASONS.get(type_, "")
    return Company(
        contractor=contractor,
        name=name,
        external_identifier=f"CP-{number:05}" if rng.random() < 0.6 else "",
        type=type_,
        billing_street=f"{rng.randint(100, 19999)} {rng.choice(STREETS)}",
        billing_street2=f"Suite {rng.randint(100, 990)}" if rng.random() < 0.3 else "",
        billing_city=city,
        billing_state="TX",
        billing_postal_code=postal_code,
        billing_country="USA" if rng.random() < 0.1 else "",
        phone=f"({area}) 555-{rng.randint(0, 9999):04}",
        email=f"ap@{domain}.example",
        website=f"https://{domain}.example" if rng.random() < 0.4 else "",
        tax_exempt=bool(reason),
        tax_exempt_reason=reason,
        credit_hold=rng.random() < 0.02,
        needs_purchase_order=rng.random() < 0.12,
        billing_instructions="E-mail the invoice with photos" if rng.random() < 0.1 else "",
        is_active=number % 60 != 0,
        changed_at=now,
        created_at=now,
    )


def _contacts(company: Company, rng: Random) -> Iterator[Contact]:
    for place in range(rng.choice((1, 1, 2))):
        first, last = rng.choice(FIRST_NAMES), rng.choice(SURNAMES)
        yield Contact(
            company=company,
            name=f"{first} {last}",
            position=rng.choice(POSITIONS),
            email=f"{first[0].lower()}.{last.lower()}@{company.email.partition('@')[2]}",
            phone=company.phone,
            mobile=f"(512) 555-{rng.randint(0, 9999):04}" if rng.random() < 0.5 else "",
            is_billing_contact=place == 0,
        )


def _properties(company: Company, rng: Random, now: dt.datetime) -> Iterator[Property]:
    buildings = [building for type_, _, _, building in NAME_PATTERNS if type_ == company.type]
    several = company.type in ("Property management", "HOA", "School")
    for place in range(rng.randint(1, 4) if several else 1):
        city, postal_code, _ = rng.choice(CITIES)
        street = rng.choice(STREETS)
        building = rng.choice(buildings).format(
            place=rng.choice(PLACES), street_name=street.rpartition(" ")[0]
        )
        yield Property(
            contractor=company.contractor,
            company=company,
            name=f"{building} {place + 1}" if several and place else building,
            street=f"{rng.randint(100, 19999)} {street}",
            city=city,
            state="TX",
            postal_code=postal_code,
            building_number=str(place + 1) if several else "",
            tax_exempt=company.tax_exempt,
            changed_at=now,
            created_at=now,
        )
