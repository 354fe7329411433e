"""PURE: what a company and its customer agree on, field by field, and what is to be done where they do not.

Values that differ only in their spelling stay as they are on both sides: nobody's is overwritten for a hyphen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from centerpoint.companies.operations import CompanyChanges, NewCompany
from centerpoint.quickbooks.mapping import customers
from centerpoint.quickbooks.mapping.facts import CompanyFacts
from centerpoint.quickbooks.models import QuickBooksCustomer
from centerpoint.quickbooks.pairing.traits import name_of, phone_of, plain, street_of


def _same_name(ours: str, theirs: str) -> bool:
    return name_of(ours).joined == name_of(theirs).joined


def _same_phone(ours: str, theirs: str) -> bool:
    return phone_of(ours) == phone_of(theirs) != ""


def _same_street(ours: str, theirs: str) -> bool:
    return street_of(ours) == street_of(theirs) != ""


_SAME: dict[str, Callable[[str, str], bool]] = {
    "name": _same_name,
    "phone": _same_phone,
    "billing_street": _same_street,
}


def differs_in_spelling_only(field: str, ours: str, theirs: str) -> bool:
    if not ours or not theirs:
        return False
    same = _SAME.get(field)
    return plain(ours).split() == plain(theirs).split() or (same is not None and same(ours, theirs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """By field of Company: values to take over, conflicts (ours, theirs, agreed), and the base of the next comparison."""

    take: dict[str, str]
    conflicts: dict[str, tuple[str, str, str]]
    agreed: dict[str, str]


def compare(
    customer: QuickBooksCustomer, *, agreed: Mapping[str, str], ours: CompanyFacts, takes_changes: bool
) -> Agreement:
    """The three-way comparison; without `takes_changes` nothing is taken over, and a later one finds it still to do."""
    values, theirs = customers.shared_fields(ours), customers.shared_fields_there(customer)
    merge = customers.merge(agreed=agreed, ours=ours, theirs=theirs)
    same = {
        field
        for field in (*merge.take, *merge.conflicts)
        if differs_in_spelling_only(field, values[field], theirs[field])
    }
    take = {field: value for field, value in merge.take.items() if takes_changes and field not in same}
    now_agreed = dict(merge.agreed)
    for field in merge.take.keys() - take.keys():
        now_agreed[field] = agreed[field]
    return Agreement(
        take=take,
        conflicts={field: sides for field, sides in merge.conflicts.items() if field not in same},
        agreed=now_agreed | {field: values[field] for field in same},
    )


def before_pairing(customer: QuickBooksCustomer, ours: CompanyFacts) -> dict[str, str]:
    """The base of the first comparison, when nothing was ever agreed on.

    An empty side is there to be filled from the other. Our name goes into CompanyName; where there is none, the name
    in QuickBooks' list is the customer's own and stays.
    """
    values, theirs = customers.shared_fields(ours), customers.shared_fields_there(customer)
    base = {field: "" for field in values if not values[field] or not theirs[field]}
    if not customer.company_name:
        base["name"] = theirs["name"]
    return base


def as_changes(values: Mapping[str, str]) -> CompanyChanges:
    """Values of shared fields, which are texts of a company under the same names."""
    return cast(CompanyChanges, dict(values))


def new_company(customer: QuickBooksCustomer) -> NewCompany:
    return cast(NewCompany, customers.shared_fields_there(customer))
