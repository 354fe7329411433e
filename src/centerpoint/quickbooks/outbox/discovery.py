"""Which revisions of which records are owed to the company file and have no posting yet.

Nothing signals a change: each record counts its revisions and dates them, and we look at what was dated since we last
looked. The unique constraint per record and revision makes looking twice harmless.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from centerpoint.billing.models import Invoice, InvoiceStatus
from centerpoint.companies.models import Company, Property
from centerpoint.quickbooks.compiled_query import CompiledQuery, Each, Given
from centerpoint.quickbooks.models import (
    RECORD_FIELDS,
    SENDING_RANK,
    CompaniesGo,
    CompanyFile,
    Counterpart,
    JobPolicy,
    Options,
    Pairing,
    Posting,
    RecordKind,
    WorkGoes,
)
from centerpoint.quickbooks.outbox.moves import move
from centerpoint.quickbooks.outbox.positions import place
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, State
from centerpoint.work.models import Project, ProjectStage, ServiceTicket, Stage

# A change is dated before it is committed: looking back this far finds one that was still open when we last looked.
OVERLAP = dt.timedelta(minutes=2)
# Once a day everything is looked at, whatever its date: options change what is owed without touching a record.
SWEEP_EVERY = dt.timedelta(days=1)

SCHEDULED_OR_LATER = (
    Stage.SCHEDULED,
    Stage.EN_ROUTE,
    Stage.IN_PROGRESS,
    Stage.COMPLETED,
    Stage.AUTHORIZED,
    Stage.INVOICED,
    Stage.CLOSED,
)
CHUNK = 5000  # ids in one statement

Record = TypeVar("Record", bound=Model)
Work = TypeVar("Work", ServiceTicket, Project)

# An older posting in one of these is overtaken by a new revision. One in doubt is not: it is asked about first.
OVERTAKEN = BEFORE_SENDING | {
    State.BUSY,
    State.REFUSED,
    State.IN_QUICKBOOKS,
    State.BYPASSED,
    State.VOIDED,
    State.DELETED_THERE,
}


@transaction.atomic
def discover(company_file: CompanyFile, *, now: dt.datetime, sweep: bool = False) -> int:
    """Make a posting for every revision owed and place it; how many were found.

    `sweep` looks at every record instead of those changed since the last look; it happens by itself once a day and
    after a change of the options.
    """
    options = Options.objects.get(company_file=company_file)
    sweep = sweep or _sweep_is_due(company_file, options, now)
    since = None if sweep else company_file.discovered_to
    invoices = list(_invoices(company_file, options, since))
    made = _insert(company_file, [*invoices, *_work(company_file, options, since, invoices)], now)
    made += _insert(company_file, list(_companies(company_file, options, since)), now)
    for some in _chunks(made):
        place(company_file, Posting.objects.filter(pk__in=some), now=now)
    company_file.discovered_to = now - OVERLAP
    if sweep:
        company_file.swept_at = now
    company_file.save(update_fields=["discovered_to", "swept_at"])
    return len(made)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _sweep_is_due(company_file: CompanyFile, options: Options, now: dt.datetime) -> bool:
    swept_at = company_file.swept_at
    return swept_at is None or now - swept_at >= SWEEP_EVERY or options.changed_at >= swept_at


def _insert(company_file: CompanyFile, found: Sequence[Posting], now: dt.datetime) -> list[int]:
    """Ids of the postings that were really made: two sessions may find the same."""
    for posting in found:
        posting.company_file = company_file
        posting.rank = SENDING_RANK[RecordKind(posting.kind)]
        posting.state = State.WAITING
        posting.state_since = posting.created_at = now
        posting.mark = f"{{{uuid.uuid4()}}}"
    Posting.objects.bulk_create(found, ignore_conflicts=True, batch_size=500)
    made: list[int] = []
    for field in RECORD_FIELDS:
        for ids in _chunks([pk for posting in found if (pk := getattr(posting, f"{field}_id")) is not None]):
            overtake(company_file, field, ids, now=now)
            postings = Posting.objects.filter(
                **{"company_file": company_file, f"{field}__in": ids}, created_at=now
            )
            made += postings.values_list("pk", flat=True)
    return made


def overtake(company_file: CompanyFile, field: str, ids: Sequence[int], *, now: dt.datetime) -> None:
    """Older revisions of these records (of the kind `field`) make way, so that one record is never sent twice."""
    older: dict[str, list[int]] = defaultdict(list)
    for pk, state in _older_revisions(field).rows(company_file=company_file.pk, records=ids):
        older[state].append(pk)
    for state, overtaken in older.items():
        move(overtaken, State(state), State.SUPERSEDED, now=now)


@cache
def _older_revisions(field: str) -> CompiledQuery:
    def build() -> QuerySet[Any, Any]:
        of_file = {"company_file": Given("company_file")}
        newer = Posting.objects.filter(
            **of_file, **{field: OuterRef(field)}, revision__gt=OuterRef("revision")
        )
        older = Posting.objects.filter(Exists(newer), **of_file, **{f"{field}__in": Each("records")})
        return older.filter(state__in=sorted(OVERTAKEN)).values_list("pk", "state")

    return CompiledQuery(build)


def _unposted(records: QuerySet[Record], company_file: CompanyFile, field: str) -> QuerySet[Record]:
    postings = Posting.objects.filter(
        **{"company_file": company_file, field: OuterRef("pk"), "revision": OuterRef("revision")}
    )
    return records.filter(~Exists(postings), **{"contractor": company_file.contractor_id})


def eligible_invoices(options: Options) -> Q:
    """Issued invoices from the start date on. Void ones are owed only when they were sent (see `_invoices`)."""
    condition = Q(status__in=[InvoiceStatus.ISSUED, InvoiceStatus.VOID])
    if options.start_date:
        condition &= Q(issued_on__gte=options.start_date)
    return condition


def _invoices(company_file: CompanyFile, options: Options, since: dt.datetime | None) -> Iterator[Posting]:
    earlier = Posting.objects.filter(company_file=company_file, invoice=OuterRef("pk"))
    counterpart = Counterpart.objects.filter(company_file=company_file, invoice=OuterRef("pk"))
    wanted = (
        Q(eligible_invoices(options)) & ~Q(status=InvoiceStatus.VOID) | Exists(earlier) | Exists(counterpart)
    )
    invoices = _unposted(Invoice.objects.filter(wanted), company_file, "invoice")
    if since is not None:
        invoices = invoices.filter(changed_at__gte=since)
    rows = invoices.order_by("pk").values_list("pk", "revision", "bill_to", "total", "status")
    for pk, revision, bill_to, total, status in rows:
        action = Posting.Action.VOID if status == InvoiceStatus.VOID else Posting.Action.ADD
        yield Posting(
            kind=RecordKind.INVOICE,
            invoice_id=pk,
            revision=revision,
            bill_to_id=bill_to,
            amount=total,
            action=action,
        )


def _work(
    company_file: CompanyFile, options: Options, since: dt.datetime | None, invoices: Sequence[Posting]
) -> Iterator[Posting]:
    """Tickets (or their properties) and projects. `invoices` were found before: an invoice brings its job along."""
    if options.work_goes == WorkGoes.NEVER:
        return
    tickets, projects = eligible_tickets(company_file, options), eligible_projects(company_file, options)
    if options.job_policy == JobPolicy.PER_TICKET:
        yield from _postings(
            (_unposted(each, company_file, "ticket") for each in _due(tickets, since, invoices, "ticket")),
            RecordKind.TICKET,
            "bill_to",
        )
    elif options.job_policy == JobPolicy.PER_PROPERTY:
        properties = Property.objects.filter(
            Exists(tickets.filter(property=OuterRef("pk"), bill_to=OuterRef("company")))
        )
        yield from _postings(
            [_unposted(properties, company_file, "property")], RecordKind.PROPERTY, "company"
        )
    yield from _postings(
        (_unposted(each, company_file, "project") for each in _due(projects, since, invoices, "project")),
        RecordKind.PROJECT,
        "bill_to",
    )


def _due(
    work: QuerySet[Work], since: dt.datetime | None, invoices: Sequence[Posting], field: str
) -> Iterator[QuerySet[Work]]:
    """Work that changed, and `field` of the invoices. Apart, because an OR of both is answered by reading all work."""
    if since is None:
        yield work
        return
    yield work.filter(changed_at__gte=since)
    for ids in _chunks([_id(posting.invoice_id) for posting in invoices]):
        yield work.filter(pk__in=Invoice.objects.filter(pk__in=ids).values(field))


def _invoiced(options: Options, field: str) -> Exists:
    # Not of the contractor's invoices: for each record SQLite would go through all of them.
    return Exists(Invoice.objects.filter(eligible_invoices(options), **{field: OuterRef("pk")}))


def _since_start(options: Options) -> Q:
    # Without a start date everything: an empty Q would vanish from an OR instead of being true.
    return Q(opened_on__gte=options.start_date) if options.start_date else Q(pk__isnull=False)


def eligible_tickets(company_file: CompanyFile, options: Options) -> QuerySet[ServiceTicket]:
    tickets = ServiceTicket.objects.filter(contractor=company_file.contractor_id)
    invoiced = _invoiced(options, "ticket")
    if options.work_goes == WorkGoes.WHEN_INVOICED:
        return tickets.filter(invoiced)
    started = _since_start(options)
    if options.work_goes == WorkGoes.WHEN_SCHEDULED:
        started &= Q(stage__in=SCHEDULED_OR_LATER)
    return tickets.filter(started | Q(invoiced))


def eligible_projects(company_file: CompanyFile, options: Options) -> QuerySet[Project]:
    projects = Project.objects.filter(contractor=company_file.contractor_id)
    invoiced = _invoiced(options, "project")
    if options.work_goes == WorkGoes.WHEN_INVOICED:
        return projects.filter(invoiced)
    started = _since_start(options)
    if options.work_goes == WorkGoes.WHEN_SCHEDULED:
        begun = [ProjectStage.Progress.UNDER_WAY, ProjectStage.Progress.CLOSED]
        started &= Q(starts_on__isnull=False) | Q(stage__progress__in=begun)
    return projects.filter(started | Q(invoiced))


def _companies(company_file: CompanyFile, options: Options, since: dt.datetime | None) -> Iterator[Posting]:
    """Companies to create or change there; and whoever is billed by something owed, so that he is paired in time."""
    pairing = Pairing.objects.filter(company_file=company_file, company=OuterRef("pk"))
    changed_since_pairing = Exists(pairing.filter(paired_at__lt=OuterRef("changed_at")))
    posted = Exists(Posting.objects.filter(company_file=company_file, company=OuterRef("pk")))
    owing = Exists(
        Posting.objects.filter(
            company_file=company_file, bill_to=OuterRef("pk"), state__in=sorted(BEFORE_SENDING)
        )
    )
    unpaired = ~Exists(pairing)
    wanted = Q(changed_since_pairing) | Q(unpaired, posted)
    if options.companies_go == CompaniesGo.WHEN_CREATED:
        wanted |= Q(unpaired, is_active=True)
    if since is not None:
        wanted &= Q(changed_at__gte=since)
    companies = _unposted(
        Company.objects.filter(wanted | Q(unpaired, ~Q(posted), owing)), company_file, "company"
    )
    for pk, revision in companies.order_by("pk").values_list("pk", "revision"):
        yield Posting(kind=RecordKind.COMPANY, company_id=pk, revision=revision, bill_to_id=pk)


def _postings(found: Iterable[QuerySet[Any]], kind: RecordKind, bill_to: str) -> Iterable[Posting]:
    """One for each record, however many of the queries find it."""
    rows = {row[0]: row for records in found for row in records.values_list("pk", "revision", F(bill_to))}
    return [
        Posting(**{f"{kind}_id": pk}, kind=kind, revision=revision, bill_to_id=company)
        for pk, revision, company in sorted(rows.values())
    ]


def _id(value: int | None) -> int:
    assert value is not None, "the posting of an invoice names it"
    return value
