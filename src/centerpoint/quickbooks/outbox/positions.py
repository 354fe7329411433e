"""Where a posting that has not left yet stands: what it waits for, decided anew whenever that may have changed."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any, NamedTuple, cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from centerpoint.billing.models import InvoiceStatus
from centerpoint.quickbooks.compiled_query import CompiledQuery, Each, Given
from centerpoint.quickbooks.models import (
    RECORD_FIELDS,
    CompaniesGo,
    CompanyFile,
    Counterpart,
    InvoicesGo,
    JobPolicy,
    Options,
    Pairing,
    Posting,
    ReadMark,
    RecordKind,
    Suggestion,
    WorkGoes,
)
from centerpoint.quickbooks.outbox.moves import move
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, IN_DOUBT, State

# Refusals that hang on the bookkeeper's choices or on QuickBooks' lists, not on the record: looked at anew with them.
CURED_BY_SETTINGS = (
    "item-missing",
    "tax-item-missing",
    "tax-differs",
    "tax-line-item-missing",
    "tax-codes-unknown",
    "sales-tax-off",
    "closed-period",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What `position` needs to know of one posting."""

    kind: str
    approved: bool
    is_paired: bool  # its bill-to (for a company: itself) is a customer in the company file
    customer_is_coming: bool  # the bill-to's own posting is on its way, so nobody needs to pair it
    job_is_needed: bool
    job_is_there: bool
    is_there: bool  # the record itself has a counterpart
    is_deleted_there: bool
    is_void: bool
    has_open_suggestion: bool
    customers_were_read: bool
    earlier_is_in_doubt: bool  # an older revision was sent and never answered


def position(posting: Waiting, options: Options) -> State:
    """The state of a posting that has not left yet. Pure; the order of the questions is the order of the cures."""
    if posting.earlier_is_in_doubt:
        return State.WAITING
    if posting.is_deleted_there:
        return State.DELETED_THERE
    if posting.is_void and not posting.is_there:
        return State.VOIDED
    if not posting.is_paired:
        if posting.kind == RecordKind.COMPANY:
            return _position_of_new_company(posting, options)
        return State.WAITING if posting.customer_is_coming else State.NEEDS_PAIRING
    if posting.job_is_needed and not posting.job_is_there:
        return State.WAITING
    return _held_or_ready(posting, options)


def _position_of_new_company(posting: Waiting, options: Options) -> State:
    if not posting.customers_were_read:
        return State.WAITING
    if posting.approved:
        return State.READY
    if posting.has_open_suggestion or options.companies_go == CompaniesGo.NEVER:
        return State.NEEDS_PAIRING
    return _held_or_ready(posting, options)


def _held_or_ready(posting: Waiting, options: Options) -> State:
    by_hand = options.hold_for_approval or (
        posting.kind == RecordKind.INVOICE and options.invoices_go == InvoicesGo.WHEN_APPROVED
    )
    return State.HELD if by_hand and not posting.approved else State.READY


def reconsider(
    company_file: CompanyFile, *, now: dt.datetime, company_ids: Iterable[int] | None = None
) -> int:
    """Place anew every posting that has not left (of the companies billed, when named); how many moved.

    Call it after a pairing, a reading, an answer or a change of the options.
    """
    postings = Posting.objects.filter(company_file=company_file)
    if company_ids is not None:
        postings = postings.filter(bill_to__in=list(company_ids))
    else:
        curable = postings.filter(state=State.REFUSED, refusal__in=CURED_BY_SETTINGS).values_list(
            "pk", flat=True
        )
        move(
            list(curable),
            State.REFUSED,
            State.WAITING,
            now=now,
            refusal="",
            refusal_text="",
            refusal_facts={},
        )
    return place(company_file, postings, now=now)


def place(company_file: CompanyFile, postings: QuerySet[Posting], *, now: dt.datetime) -> int:
    """Move each of `postings` that has not left to its position; how many moved."""
    options = options_of(company_file)
    waiting = postings.filter(state__in=sorted(BEFORE_SENDING))
    rows = _facts(company_file.pk, waiting, options.work_goes, options.job_policy)
    return _place(company_file, options, rows.iterator(chunk_size=5000), now=now)


def place_some(company_file: CompanyFile, posting_ids: Collection[int], *, now: dt.datetime) -> int:
    """The same for a few that are known by id, as an answer sets them free."""
    options = options_of(company_file)
    rows = _facts_of_some(options.work_goes, options.job_policy)
    return _place(company_file, options, rows.rows(company_file=company_file.pk, ids=posting_ids), now=now)


def _place(
    company_file: CompanyFile, options: Options, rows: Iterable[tuple[Any, ...]], *, now: dt.datetime
) -> int:
    customers_were_read = bool(_marks_of_customers.rows(company_file=company_file.pk))
    moves: dict[tuple[State, State], list[int]] = defaultdict(list)
    for row in itertools.starmap(_Row, rows):
        old = State(row.state)
        new = position(_waiting(row, customers_were_read), options)
        if new != old:
            moves[old, new].append(row.pk)
    return sum(len(move(ids, old, new, now=now)) for (old, new), ids in moves.items())


def options_of(company_file: CompanyFile) -> Options:
    """The bookkeeper's choices as they are now."""
    [options] = _options.records(company_file=company_file.pk)
    return cast(Options, options)


@CompiledQuery
def _options() -> QuerySet[Any, Any]:
    return Options.objects.filter(company_file=Given("company_file"))


@CompiledQuery
def _marks_of_customers() -> QuerySet[Any, Any]:
    marks = ReadMark.objects.filter(company_file=Given("company_file"), reading="customers")
    return marks.values_list("pk")


class _Row(NamedTuple):
    """What the database says of one posting; SQLite's truths are numbers."""

    pk: int
    kind: str
    state: str
    approved_at: dt.datetime | None
    is_paired: bool
    customer_is_deleted: bool
    customer_is_coming: bool
    has_open_suggestion: bool
    job_is_needed: bool
    job_is_there: bool
    there: str | None
    earlier_is_in_doubt: bool
    invoice__status: str | None


def _waiting(row: _Row, customers_were_read: bool) -> Waiting:
    return Waiting(
        kind=row.kind,
        approved=row.approved_at is not None,
        is_paired=bool(row.is_paired),
        customer_is_coming=bool(row.customer_is_coming),
        job_is_needed=bool(row.job_is_needed),
        job_is_there=bool(row.job_is_there),
        is_there=row.there is not None,
        # Only the company itself is deleted with its customer; what is billed to it waits for another pairing.
        is_deleted_there=row.there == Counterpart.There.DELETED
        or (row.kind == RecordKind.COMPANY and bool(row.customer_is_deleted)),
        is_void=row.invoice__status == InvoiceStatus.VOID,
        has_open_suggestion=bool(row.has_open_suggestion),
        customers_were_read=customers_were_read,
        earlier_is_in_doubt=bool(row.earlier_is_in_doubt),
    )


def job_is_needed(work_goes: str, job_policy: str) -> Q:
    """The invoices (as seen from a posting) that go on a job rather than straight on the customer."""
    if work_goes == WorkGoes.NEVER:
        return Q(pk__in=[])
    needed = Q(invoice__project__isnull=False)
    if job_policy == JobPolicy.PER_TICKET:
        needed |= Q(invoice__ticket__isnull=False)
    elif job_policy == JobPolicy.PER_PROPERTY:
        # A property's job stands under the property's own company; a bill to somebody else goes straight to him.
        needed |= Q(invoice__ticket__isnull=False, invoice__bill_to=F("invoice__property__company"))
    return needed


def _same_record(rows: QuerySet[Any, Any], *fields: str) -> list[QuerySet[Any, Any]]:
    """As seen from a posting: those of `rows` that stand for the same record, one query for each kind of record.

    One query with OR would read all rows for every posting; each of these has its index.
    """
    return [rows.filter(**{field: OuterRef(field)}) for field in fields]


@cache
def _facts_of_some(work_goes: str, job_policy: str) -> CompiledQuery:
    def build() -> QuerySet[Any, Any]:
        unsent = Posting.objects.filter(pk__in=Each("ids"), state__in=sorted(BEFORE_SENDING))
        return _facts(Given("company_file"), unsent, work_goes, job_policy)

    return CompiledQuery(build)


def _facts(
    company_file: int | Given, postings: QuerySet[Posting], work_goes: str, job_policy: str
) -> QuerySet[Any, Any]:
    """Rows as _Row names them."""
    counterparts = Counterpart.objects.filter(company_file=company_file)
    present = counterparts.filter(there=Counterpart.There.PRESENT)
    pairings = Pairing.objects.filter(company_file=company_file, company=OuterRef("bill_to"))
    coming = Posting.objects.filter(
        company_file=company_file,
        company=OuterRef("bill_to"),
        state__in=[State.WAITING, State.HELD, State.READY, State.SENT, State.UNKNOWN, State.BUSY],
    )
    suggestions = Suggestion.objects.filter(
        company_file=company_file, company=OuterRef("bill_to"), not_the_same=False
    )
    own = _same_record(counterparts.values("there"), *RECORD_FIELDS[1:])
    in_doubt = Posting.objects.filter(company_file=company_file, state__in=sorted(IN_DOUBT))
    doubtful = _same_record(in_doubt, *RECORD_FIELDS)
    if job_policy == JobPolicy.PER_PROPERTY:
        ticket_job = Exists(present.filter(property=OuterRef("invoice__property")))
    else:
        ticket_job = Exists(present.filter(ticket=OuterRef("invoice__ticket")))
    return postings.annotate(
        is_paired=Exists(pairings.filter(customer__is_deleted=False)),
        customer_is_deleted=Exists(pairings.filter(customer__is_deleted=True)),
        customer_is_coming=Exists(coming),
        has_open_suggestion=Exists(suggestions),
        job_is_needed=Exists(Posting.objects.filter(job_is_needed(work_goes, job_policy), pk=OuterRef("pk"))),
        job_is_there=ticket_job | Exists(present.filter(project=OuterRef("invoice__project"))),
        there=Coalesce(*(Subquery(rows[:1]) for rows in own)),
        earlier_is_in_doubt=reduce(or_, (Exists(rows) for rows in doubtful)),
    ).values_list(*_Row._fields)
