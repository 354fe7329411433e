"""What the pairing page and the reminders show. Each costs the same number of statements whatever the number of rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from centerpoint.companies.models import Company
from centerpoint.quickbooks.mapping.names import free_name
from centerpoint.quickbooks.models import (
    CompanyFile,
    Conflict,
    ListEntry,
    Pairing,
    Posting,
    QuickBooksCustomer,
    RecordKind,
    Suggestion,
)
from centerpoint.quickbooks.pairing.companies import unpaired_companies, unpaired_customers
from centerpoint.quickbooks.pairing.suggestions import CLASHING_KINDS
from centerpoint.quickbooks.posting_states import State

Verdict = Suggestion.Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A company on the pairing page. `suggestions` are the open ones, the best first."""

    company: Company
    pairing: Pairing | None = None
    suggestions: tuple[Suggestion, ...] = ()
    # Where the name is taken or must be shortened: the name it would get there; else empty.
    proposed_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How far pairing has come. `certain`, `likely`, `name_clash` and `without` add up to `unpaired`."""

    paired: int
    unpaired: int
    certain: int
    likely: int
    name_clash: int
    without: int
    customers_left: int  # active customers there that no company is
    deleted_there: int  # pairings whose customer was deleted in QuickBooks


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpairedBillTo:
    """A company that something is owed for and that no QuickBooks customer is."""

    company: Company
    records: int
    invoice_total: Decimal


def pairings(company_file: CompanyFile, *, search: str = "") -> QuerySet[Pairing]:
    found = Pairing.objects.filter(company_file=company_file)
    if search:
        found = found.filter(Q(company__name__icontains=search) | Q(customer__full_name__icontains=search))
    return found.select_related("company", "customer", "paired_by").order_by("company__name", "pk")


def unpaired(
    company_file: CompanyFile, *, search: str = "", verdict: Suggestion.Verdict | None = None
) -> QuerySet[Company]:
    """Companies to pair, by name; those with an open suggestion of one verdict when it is given."""
    companies = unpaired_companies(company_file)
    if search:
        companies = companies.filter(name__icontains=search)
    if verdict is not None:
        suggestions = Suggestion.objects.filter(
            company_file=company_file, company=OuterRef("pk"), verdict=verdict, not_the_same=False
        )
        companies = companies.filter(Exists(suggestions))
    return companies.order_by("name", "pk")


def rows(company_file: CompanyFile, companies: Sequence[Company]) -> list[Row]:
    """A page of companies, each with what is known of it in QuickBooks."""
    by_company: dict[int, list[Suggestion]] = defaultdict(list)
    for suggestion in (
        Suggestion.objects.filter(company_file=company_file, company__in=companies, not_the_same=False)
        .select_related("customer", "clash")
        .order_by("-score", "pk")
    ):
        by_company[suggestion.company_id].append(suggestion)
    paired = {pairing.company_id: pairing for pairing in pairings(company_file).filter(company__in=companies)}
    names = proposed_names(company_file, [company for company in companies if company.pk not in paired])
    return [
        Row(
            company=company,
            pairing=paired.get(company.pk),
            suggestions=tuple(by_company[company.pk]),
            proposed_name=name if (name := names.get(company.pk, "")) != company.name else "",
        )
        for company in companies
    ]


def customers(company_file: CompanyFile, *, search: str = "") -> QuerySet[QuickBooksCustomer]:
    """Customers there that no company is, to choose from by hand."""
    found = unpaired_customers(company_file)
    if search:
        found = found.filter(Q(full_name__icontains=search) | Q(company_name__icontains=search))
    return found.order_by("full_name", "pk")


def counts(company_file: CompanyFile) -> Counts:
    paired = Pairing.objects.filter(company_file=company_file)
    companies = unpaired_companies(company_file)
    verdicts: dict[int, set[str]] = defaultdict(set)
    for company, verdict in Suggestion.objects.filter(
        company_file=company_file, company__in=companies, not_the_same=False
    ).values_list("company", "verdict"):
        verdicts[company].add(verdict)
    best = [
        next(
            verdict for verdict in (Verdict.CERTAIN, Verdict.LIKELY, Verdict.NAME_CLASH) if verdict in of_one
        )
        for of_one in verdicts.values()
    ]
    total = companies.count()
    return Counts(
        paired=paired.count(),
        unpaired=total,
        certain=best.count(Verdict.CERTAIN),
        likely=best.count(Verdict.LIKELY),
        name_clash=best.count(Verdict.NAME_CLASH),
        without=total - len(best),
        customers_left=unpaired_customers(company_file).filter(is_active=True).count(),
        deleted_there=paired.filter(customer__is_deleted=True).count(),
    )


def unpaired_bill_tos(company_file: CompanyFile) -> list[UnpairedBillTo]:
    """Who must be paired before what is owed can go, the largest sum first."""
    waiting = Posting.objects.filter(company_file=company_file, state=State.NEEDS_PAIRING).exclude(
        kind=RecordKind.COMPANY
    )
    records = {
        row["bill_to"]: row["records"]
        for row in waiting.order_by().values("bill_to").annotate(records=Count("pk"))
    }
    alone = Posting.objects.filter(
        company_file=company_file, state=State.NEEDS_PAIRING, kind=RecordKind.COMPANY
    ).values_list("company", flat=True)
    totals: dict[int, Decimal] = defaultdict(Decimal)
    # Added up here: SQLite would add in binary fractions.
    for company, amount in waiting.filter(amount__isnull=False).values_list("bill_to", "amount"):
        totals[company] += amount or 0
    companies = Company.objects.in_bulk([*records, *(pk for pk in alone if pk is not None)])
    return sorted(
        (
            UnpairedBillTo(company=company, records=records.get(pk, 0), invoice_total=totals[pk])
            for pk, company in companies.items()
        ),
        key=lambda bill_to: (-bill_to.invoice_total, bill_to.company.name, bill_to.company.pk),
    )


def open_conflicts(company_file: CompanyFile) -> QuerySet[Conflict]:
    return (
        Conflict.objects.filter(company_file=company_file, choice=Conflict.Choice.OPEN)
        .select_related("company")
        .order_by("company__name", "field", "pk")
    )


def proposed_names(company_file: CompanyFile, companies: Sequence[Company]) -> dict[int, str]:
    """The name each would get as a new customer there, by company id: free of everybody, and of each other."""
    first = {company.pk: free_name(company.name, lambda candidate: False) for company in companies}
    taken = names_taken(company_file, first.values())
    proposed = {}
    for company in companies:
        name = first[company.pk]
        if name.lower() in taken:
            name = free_name(
                company.name,
                lambda candidate: candidate.lower() in taken or bool(names_taken(company_file, [candidate])),
            )
        proposed[company.pk] = name
        taken.add(name.lower())
    return proposed


def names_taken(company_file: CompanyFile, names: Iterable[str]) -> set[str]:
    """Which of these names, in lower case, customers, vendors, employees or other names bear there."""
    wanted: Collection[str] = {name.lower() for name in names}
    customers_there = QuickBooksCustomer.objects.filter(company_file=company_file, is_deleted=False)
    entries = ListEntry.objects.filter(company_file=company_file, kind__in=CLASHING_KINDS)
    return {
        name
        for bearers in (customers_there, entries)
        for name in bearers.annotate(lower=Lower("full_name"))
        .filter(lower__in=wanted)
        .values_list("lower", flat=True)
    }
