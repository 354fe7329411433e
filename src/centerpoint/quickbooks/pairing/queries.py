"""What the pairing page and the reminders show. Each costs the same number of statements whatever the number of rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from centerpoint.companies.models import Company
from centerpoint.companies.queries import companies_named
from centerpoint.contractors.history import kind_of
from centerpoint.contractors.models import Change
from centerpoint.quickbooks.mapping.names import free_name
from centerpoint.quickbooks.models import (
    CompanyFile,
    Conflict,
    ListEntry,
    Pairing,
    Posting,
    QuickBooksCustomer,
    ReadMark,
    RecordKind,
    Suggestion,
)
from centerpoint.quickbooks.pairing.companies import (
    unpaired_companies,
    unpaired_customers,
    wanted_companies,
)
from centerpoint.quickbooks.pairing.counting import coming
from centerpoint.quickbooks.pairing.suggestions import CLASHING_KINDS
from centerpoint.quickbooks.posting_states import State
from centerpoint.searching import among, any_of, contains

Verdict = Suggestion.Verdict
LEVELS = range(5)  # of customers and jobs in QuickBooks
# Enough free names for all but a company file made to annoy; beyond them each is asked for by itself.
NUMBERED_AT_ONCE = 9


class Bucket(models.TextChoices):
    """Where an unpaired company stands; each stands in exactly one, the first that fits."""

    CERTAIN = "certain", "Certain"
    LIKELY = "likely", "Likely"
    COMING = "coming", "Being created"
    NAME_CLASH = "name_clash", "Name clash"
    WITHOUT = "without", "No match"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A company on the pairing page. `suggestions` are the open ones, the best first."""

    company: Company
    pairing: Pairing | None = None
    suggestions: tuple[Suggestion, ...] = ()
    # Of a company that nobody there is like, where its name is taken or must be shortened: the name it would get; else empty.
    proposed_name: str = ""
    bucket: Bucket | None = None  # None once it is paired
    waits: "Waits | None" = None  # what it holds up

    @property
    def matches(self) -> tuple[Suggestion, ...]:
        return tuple(filter(_is_match, self.suggestions))

    @property
    def clash(self) -> Suggestion | None:
        return next((each for each in self.suggestions if each.verdict == Verdict.NAME_CLASH), None)


def _is_match(suggestion: Suggestion) -> bool:
    return suggestion.verdict != Verdict.NAME_CLASH


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What cannot go to QuickBooks before the company billed is somebody there."""

    records: int
    invoices: int
    invoice_total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpairedBillTo:
    """A company that something is owed for and that no QuickBooks customer is."""

    company: Company
    records: int
    invoice_total: Decimal


def pairings(company_file: CompanyFile, *, search: str = "") -> QuerySet[Pairing]:
    found = Pairing.objects.filter(company_file=company_file)
    if search:
        # Of each level: so that SQLite reads the index, which the level begins. A customer may have become a job since.
        named_there = QuickBooksCustomer.objects.filter(
            sublevel__in=LEVELS, company_file=company_file, full_name__icontains=search
        )
        named_here = companies_named(company_file.contractor, search)
        found = found.filter(
            any_of(Pairing, Q(company_file=company_file) & among("customer", named_there), company=named_here)
        )
    return found.select_related("company", "customer", "paired_by").order_by("company__name", "pk")


def unpaired(
    company_file: CompanyFile, *, search: str = "", bucket: Bucket | None = None
) -> QuerySet[Company]:
    """Companies to pair, those that hold something up first, then by name; of one bucket when it is given."""
    holding_up = Case(When(_holds_something_up(company_file), then=Value(0)), default=Value(1))
    found = _unpaired(company_file, search, bucket, all_of_them=True)
    in_order: QuerySet[Company] = found.order_by(holding_up, "name", "pk")
    return in_order


def unpaired_in_parts(
    company_file: CompanyFile, *, bucket: Bucket
) -> tuple[QuerySet[Company], QuerySet[Company]]:
    """The same, those that hold something up and the others, to page through: as one list all of them would be sorted
    for every page; so each part is in the order of an index."""
    holding_up, found = (
        _holds_something_up(company_file),
        _unpaired(company_file, "", bucket, all_of_them=False),
    )
    return found.filter(holding_up).order_by("name", "pk"), found.filter(~holding_up).order_by("name", "pk")


def _unpaired(
    company_file: CompanyFile, search: str, bucket: Bucket | None, *, all_of_them: bool
) -> QuerySet[Company]:
    """`all_of_them`: they are put in an order that is no index's, so all must be read; else the first few in an index's."""
    if bucket is None:
        companies = unpaired_companies(company_file)
    elif bucket == Bucket.WITHOUT:
        companies = wanted_companies(company_file).filter(~Q(pk__in=_known_of(company_file)))
    else:
        companies = unpaired_companies(company_file).filter(
            _is_in(company_file, bucket, all_of_them=all_of_them)
        )
    return companies.filter(contains(Company, search, "name")) if search else companies


def _known_of(company_file: CompanyFile) -> QuerySet[Any, Any]:
    """Companies that are paired or in a bucket of their own, as one set: asked one by one they take twice as long."""
    paired = Pairing.objects.filter(company_file=company_file).order_by().values("company")
    in_buckets = (companies.order_by() for _, companies in _buckets_in_order(company_file))
    return paired.union(*in_buckets, all=True)


def _holds_something_up(company_file: CompanyFile) -> Q:
    waiting = Posting.objects.filter(
        company_file=company_file, state__in=[State.NEEDS_PAIRING, State.WAITING]
    ).exclude(kind=RecordKind.COMPANY)
    return Q(pk__in=waiting.values("bill_to"))


def _bucketed(company_file: CompanyFile) -> Any:
    """Every unpaired company with its bucket."""
    return unpaired_companies(company_file).annotate(
        bucket=Case(
            *(
                When(pk__in=companies, then=Value(bucket))
                for bucket, companies in _buckets_in_order(company_file)
            ),
            default=Value(Bucket.WITHOUT),
            output_field=models.CharField(),
        )
    )


def _is_in(company_file: CompanyFile, wanted: Bucket, *, all_of_them: bool) -> Q:
    """What `_bucketed` says, for one bucket alone: in its set and in none of those before it."""
    condition = Q()
    for bucket, companies in _buckets_in_order(company_file):
        if bucket == wanted:
            return condition & (among("pk", companies) if all_of_them else Q(pk__in=companies))
        condition &= ~Q(pk__in=companies)
    raise ValueError(f"Nothing is known of companies in {wanted}: they are in none of the others")


def _buckets_in_order(company_file: CompanyFile) -> list[tuple[Bucket, QuerySet[Any, Any]]]:
    """Where a company stands that is in several: the first. Sets of ids and not a look per company: there may be 50,000."""
    suggested = Suggestion.objects.filter(company_file=company_file, not_the_same=False)
    return [
        (Bucket.CERTAIN, suggested.filter(verdict=Verdict.CERTAIN).values("company")),
        (Bucket.LIKELY, suggested.filter(verdict=Verdict.LIKELY).values("company")),
        (Bucket.COMING, coming(company_file).values("company")),
        (Bucket.NAME_CLASH, suggested.filter(verdict=Verdict.NAME_CLASH).values("company")),
    ]


def rows(
    company_file: CompanyFile, companies: Sequence[Company], *, bucket: Bucket | None = None
) -> list[Row]:
    """A page of companies, each with what is known of it in QuickBooks; `bucket` where all are known to stand in it."""
    by_company: dict[int, list[Suggestion]] = defaultdict(list)
    for suggestion in (
        Suggestion.objects.filter(company_file=company_file, company__in=companies, not_the_same=False)
        .select_related("customer", "clash")
        .order_by("-score", "pk")
    ):
        by_company[suggestion.company_id].append(suggestion)
    paired: dict[int, Pairing] = {}
    if bucket is None:
        of_them = pairings(company_file).filter(company__in=companies)
        paired = {pairing.company_id: pairing for pairing in of_them}
    names = proposed_names(
        company_file,
        [
            company
            for company in companies
            if company.pk not in paired and not any(map(_is_match, by_company[company.pk]))
        ],
    )
    buckets = (
        dict.fromkeys((company.pk for company in companies), bucket)
        if bucket is not None
        else _buckets(company_file, companies)
    )
    waiting = _waits(company_file, companies)
    return [
        Row(
            company=company,
            pairing=paired.get(company.pk),
            suggestions=tuple(by_company[company.pk]),
            proposed_name=name if (name := names.get(company.pk, "")) != company.name else "",
            bucket=buckets.get(company.pk),
            waits=waiting.get(company.pk) if company.pk not in paired else None,
        )
        for company in companies
    ]


def _buckets(company_file: CompanyFile, companies: Sequence[Company]) -> dict[int, Bucket]:
    found = _bucketed(company_file).filter(pk__in=[company.pk for company in companies])
    return {pk: Bucket(bucket) for pk, bucket in found.values_list("pk", "bucket")}


def _waits(company_file: CompanyFile, companies: Sequence[Company]) -> dict[int, Waits]:
    # Added up here: SQLite would add in binary fractions.
    amounts: dict[int, list[tuple[str, Decimal | None]]] = defaultdict(list)
    for bill_to, kind, amount in (
        Posting.objects.filter(
            company_file=company_file,
            bill_to__in=companies,
            state__in=[State.NEEDS_PAIRING, State.WAITING],
        )
        .exclude(kind=RecordKind.COMPANY)
        .values_list("bill_to", "kind", "amount")
    ):
        amounts[bill_to].append((kind, amount))
    return {
        bill_to: Waits(
            records=len(records),
            invoices=sum(kind == RecordKind.INVOICE for kind, _ in records),
            invoice_total=sum((amount or Decimal() for _, amount in records), Decimal()),
        )
        for bill_to, records in amounts.items()
    }


def customers(company_file: CompanyFile, *, search: str = "") -> QuerySet[QuickBooksCustomer]:
    """Customers there that no company is, to choose from by hand."""
    found = unpaired_customers(company_file)
    if search:
        found = found.filter(Q(full_name__icontains=search) | Q(company_name__icontains=search))
    return found.order_by("full_name", "pk")


def customers_were_read(company_file: CompanyFile) -> bool:
    return ReadMark.objects.filter(company_file=company_file, reading="customers").exists()


def must_be_paired(company: Company) -> bool:
    """Whether the contractor is connected, and this company is nobody in QuickBooks and not on its way there: one query."""
    pairings_of = Pairing.objects.filter(company_file=OuterRef("pk"), company=company)
    coming = Posting.objects.filter(
        company_file=OuterRef("pk"),
        company=company,
        state__in=[State.READY, State.SENT, State.UNKNOWN, State.BUSY],
    )
    connected = CompanyFile.objects.filter(contractor=company.contractor_id).exclude(
        status=CompanyFile.Status.DEACTIVATED
    )
    return connected.filter(~Exists(pairings_of), ~Exists(coming)).exists()


def unpaired_bill_tos(company_file: CompanyFile) -> list[UnpairedBillTo]:
    """Who must be paired before what is owed can go, the largest sum first."""
    waiting = Posting.objects.filter(company_file=company_file, state=State.NEEDS_PAIRING).exclude(
        kind=RecordKind.COMPANY
    )
    records = {
        row["bill_to"]: row["records"]
        for row in waiting.order_by().values("bill_to").annotate(records=Count("*"))
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


def open_conflicts(company_file: CompanyFile, *, search: str = "") -> QuerySet[Conflict]:
    found = Conflict.objects.filter(company_file=company_file, choice=Conflict.Choice.OPEN)
    if search:
        found = found.filter(among("company", companies_named(company_file.contractor, search)))
    return found.select_related("company").order_by("company__name", "company", "field", "pk")


def last_changes_here(conflicts: Sequence[Conflict]) -> dict[int, Change]:
    """Who last changed the value here, by conflict id; nothing where that was before history began. One query.

    `conflicts` are of one contractor, each with its company.
    """
    if not conflicts:
        return {}
    changes = Change.objects.filter(
        contractor=conflicts[0].company.contractor_id,
        kind=kind_of(Company),
        record__in={conflict.company_id for conflict in conflicts},
    )
    found: dict[tuple[int, str], Change] = {}
    # Put in order here: SQLite would read all changes in their order instead of those of the few companies.
    for change in sorted(changes.select_related("by"), key=lambda change: (change.at, change.pk)):
        for label, _, _ in change.differences:
            found[change.record, label] = change
    return {
        conflict.pk: found[conflict.company_id, conflict.label]
        for conflict in conflicts
        if (conflict.company_id, conflict.label) in found
    }


def proposed_names(company_file: CompanyFile, companies: Sequence[Company]) -> dict[int, str]:
    """The name each would get as a new customer there, by company id: free of everybody, and of each other."""
    if not companies:
        return {}
    first = {company.pk: free_name(company.name, lambda candidate: False) for company in companies}
    taken = names_taken(company_file, first.values())
    known = set(taken) | {name.lower() for name in first.values()}
    numbered = {
        candidate
        for company in companies
        if first[company.pk].lower() in taken
        for candidate in _first_candidates(company.name)
    }
    if numbered:
        taken |= names_taken(company_file, numbered)
        known |= {name.lower() for name in numbered}

    def is_taken(candidate: str) -> bool:
        name = candidate.lower()
        return name in taken or (name not in known and bool(names_taken(company_file, [name])))

    proposed = {}
    for company in companies:
        name = first[company.pk]
        if name.lower() in taken:
            name = free_name(company.name, is_taken)
        proposed[company.pk] = name
        taken.add(name.lower())
    return proposed


def _first_candidates(name: str) -> list[str]:
    """The names that `free_name` would try one after the other."""
    tried: list[str] = []

    def is_taken(candidate: str) -> bool:
        tried.append(candidate)
        return len(tried) < NUMBERED_AT_ONCE

    free_name(name, is_taken)
    return tried


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
