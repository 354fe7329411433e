"""How far pairing has come. The page and each decision on it ask, so the statements are compiled once.

They look at pairs and suggestions, and at companies and customers only to count them: how many stand nowhere else follows by
subtraction.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from centerpoint.companies.models import Company
from centerpoint.quickbooks.compiled_query import CompiledQuery, Given
from centerpoint.quickbooks.counted import UpToMany
from centerpoint.quickbooks.models import (
    CompanyFile,
    Pairing,
    Posting,
    RecordKind,
    Suggestion,
)
from centerpoint.quickbooks.pairing.companies import unpaired_customers
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, State

Verdict = Suggestion.Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How far pairing has come. `certain`, `likely`, `name_clash`, `without` and `coming` add up to `unpaired`."""

    paired: int
    unpaired: int
    certain: int
    likely: int
    name_clash: int
    without: int
    customers_left: int  # active customers there that no company is, MANY at most (quickbooks/counted.py)
    coming: int = 0  # being created there

    @property
    def companies(self) -> int:
        return self.paired + self.unpaired


def counts(company_file: CompanyFile) -> Counts:
    """Exact but for the customers left, in eight statements."""
    of = {"company_file": company_file.pk, "contractor": company_file.contractor_id}
    [(paired,)] = _pairs.rows(**of)
    [(companies,)], [(idle,)] = _companies.rows(**of), _idle.rows(**of)
    # Of companies that are paired or idle nothing is to be decided, and hardly anything is suggested: to count theirs and
    # subtract takes half as long as to ask of each suggestion whether it is one of them.
    of_all, of_paired, of_idle = (
        counted.rows(**of)[0] for counted in (_suggested, _suggested_to_paired, _suggested_to_idle)
    )
    certain, matched, suggested = (
        all_of_it - paired_of_it - idle_of_it
        for all_of_it, paired_of_it, idle_of_it in zip(of_all, of_paired, of_idle, strict=True)
    )
    [(coming_there, clashing_too)] = _coming.rows(**of)
    [(customers_left,)] = _customers_left.rows(**of)
    unpaired, name_clash = companies - paired - idle, suggested - matched - clashing_too
    return Counts(
        paired=paired,
        unpaired=unpaired,
        certain=certain,
        likely=matched - certain,
        name_clash=name_clash,
        without=unpaired - matched - coming_there - name_clash,
        coming=coming_there,
        customers_left=customers_left,
    )


def coming(company_file: Any) -> QuerySet[Posting]:
    """Of companies that are being created there, or will be as soon as they can."""
    going = Q(state__in=[State.READY, State.SENT, State.UNKNOWN, State.BUSY])
    asked_for = Q(state__in=sorted(BEFORE_SENDING), approved_at__isnull=False)
    return Posting.objects.filter(
        going | asked_for, company_file=company_file, kind=RecordKind.COMPANY, company__isnull=False
    )


class _Tally(Count):
    """A count over the whole query, which the ORM would group as soon as it saw an aggregate in it."""

    contains_aggregate = False
    default_alias = "tally"


@CompiledQuery
def _pairs() -> QuerySet[Any, Any]:
    return Pairing.objects.filter(company_file=Given("company_file")).values_list(_Tally("*"))


@CompiledQuery
def _customers_left() -> QuerySet[Any, Any]:
    left = unpaired_customers(OuterRef("pk")).filter(is_active=True).values("pk")
    return CompanyFile.objects.filter(pk=Given("company_file")).values_list(UpToMany(left))


@CompiledQuery
def _companies() -> QuerySet[Any, Any]:
    return Company.objects.filter(contractor=Given("contractor")).order_by().values_list(_Tally("*"))


@CompiledQuery
def _idle() -> QuerySet[Any, Any]:
    return _idle_companies().values_list(_Tally("*"))


@CompiledQuery
def _suggested() -> QuerySet[Any, Any]:
    return _suggested_companies()


@CompiledQuery
def _suggested_to_paired() -> QuerySet[Any, Any]:
    paired = Pairing.objects.filter(company_file=Given("company_file"), company=OuterRef("company"))
    return _suggested_companies().filter(Exists(paired))


@CompiledQuery
def _suggested_to_idle() -> QuerySet[Any, Any]:
    return _suggested_companies().filter(company__in=_idle_companies().values("pk"))


def _suggested_companies() -> QuerySet[Any, Any]:
    """Companies that have a certain match, those that have any, and those of which anything is suggested."""
    suggested = Suggestion.objects.filter(company_file=Given("company_file"), not_the_same=False)
    return suggested.order_by().values_list(
        _Tally("company", distinct=True, filter=Q(verdict=Verdict.CERTAIN)),
        _Tally("company", distinct=True, filter=Q(verdict__in=[Verdict.CERTAIN, Verdict.LIKELY])),
        _Tally("company", distinct=True),
    )


@CompiledQuery
def _coming() -> QuerySet[Any, Any]:
    """Unpaired companies that are being created there and match nobody; those among them whose name clashes."""
    of_company = Suggestion.objects.filter(
        company_file=Given("company_file"), company=OuterRef("company"), not_the_same=False
    )
    matches = of_company.filter(verdict__in=[Verdict.CERTAIN, Verdict.LIKELY])
    clashes = Exists(of_company.filter(verdict=Verdict.NAME_CLASH))
    alone = _of_unpaired(coming(Given("company_file"))).filter(~Exists(matches))
    return alone.values_list(
        _Tally("company", distinct=True), _Tally("company", distinct=True, filter=clashes)
    )


def _of_unpaired(found: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """What is of companies to be paired: neither paired nor idle."""
    paired = Pairing.objects.filter(company_file=Given("company_file"), company=OuterRef("company"))
    idle = _idle_companies().values("pk")
    return found.order_by().filter(~Exists(paired), ~Q(company__in=idle), company_file=Given("company_file"))


def _idle_companies() -> QuerySet[Any, Any]:
    """Companies that are neither paired nor to be paired: inactive, and nothing is billed to them."""
    pairings = Pairing.objects.filter(company_file=Given("company_file"), company=OuterRef("pk"))
    billed = Posting.objects.filter(company_file=Given("company_file"), bill_to=OuterRef("pk"))
    idle = Company.objects.filter(
        ~Exists(pairings), ~Exists(billed), contractor=Given("contractor"), is_active=False
    )
    return idle.order_by()
