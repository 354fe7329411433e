"""Reads, set-wise, what the planner and the mapping need to know. Writes nothing."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any, NamedTuple

from django.db.models import Count, DateTimeField, Q, QuerySet
from django.db.models.functions import Lower

from centerpoint.billing.models import Invoice, InvoiceKind, InvoiceLine, InvoiceStatus, InvoiceTax
from centerpoint.companies.models import Property
from centerpoint.quickbooks.compiled_query import CompiledQuery, Each, Given
from centerpoint.quickbooks.mapping import customers, invoices, jobs, names
from centerpoint.quickbooks.mapping.facts import (
    AddressFacts,
    Blocked,
    BooksFacts,
    CompanyFacts,
    Content,
    Existing,
    InvoiceFacts,
    ItemFacts,
    LineFacts,
    Message,
    TaxItemFacts,
    WorkFacts,
)
from centerpoint.quickbooks.models import (
    CompanyFile,
    Conflict,
    ConnectorSession,
    Counterpart,
    Exchange,
    JobPolicy,
    ListEntry,
    Options,
    Pairing,
    Posting,
    QuickBooksCustomer,
    RecordKind,
    WorkGoes,
)
from centerpoint.quickbooks.outbox.positions import options_of
from centerpoint.quickbooks.pairing.companies import facts_of_companies
from centerpoint.quickbooks.posting_states import IN_DOUBT, State
from centerpoint.quickbooks.sync import postings, reading
from centerpoint.quickbooks.sync.planner import LARGEST
from centerpoint.quickbooks.sync.postings import PostingRow
from centerpoint.quickbooks.sync.steps import Doubt, Situation
from centerpoint.work.models import Project, ProjectStage, ServiceTicket, Stage

ITEM_KINDS = (
    ListEntry.Kind.SERVICE_ITEM,
    ListEntry.Kind.NON_INVENTORY_ITEM,
    ListEntry.Kind.OTHER_CHARGE_ITEM,
)
CLASHING_KINDS = (ListEntry.Kind.VENDOR, ListEntry.Kind.EMPLOYEE, ListEntry.Kind.OTHER_NAME)
MOST_IN_DOUBT = 50  # looked for in one message
WORK_IS_DONE = (Stage.COMPLETED, Stage.AUTHORIZED, Stage.INVOICED, Stage.CLOSED)


def situation(session: ConnectorSession, company_file: CompanyFile, *, now: dt.datetime) -> Situation:
    """Where a connector session stands, as the planner wants to know it."""
    open_readings = tuple(
        name for name, progress in session.readings.items() if progress["state"] in ("due", "paging")
    )
    if (
        not open_readings
        and not reading.touched_given_up(session.readings)
        and reading.touched_invoices(company_file)
    ):
        open_readings = (reading.TOUCHED,)
    return Situation(
        company_is_checked=session.company_checked,
        doubt=_doubt(company_file),
        in_doubt=_in_doubt(company_file, now=now),
        readings=open_readings,
        ready=next_batch(company_file),
    )


def _doubt(company_file: CompanyFile) -> Doubt | None:
    oldest = _unknown_sets.rows(company_file=company_file.pk)
    if not oldest:
        return None
    [(exchange,)] = oldest
    voided = Posting.objects.filter(
        exchange=exchange, action=Posting.Action.ADD, invoice__status=InvoiceStatus.VOID
    )
    return Doubt(exchange=exchange, must_not_run=not company_file.answers_are_stored or voided.exists())


@CompiledQuery
def _unknown_sets() -> QuerySet[Any, Any]:
    unknown = Exchange.objects.filter(
        company_file=Given("company_file"), writes=True, status=Exchange.Status.UNKNOWN
    )
    return unknown.order_by("pk").values_list("pk")[:1]


def _in_doubt(company_file: CompanyFile, *, now: dt.datetime) -> tuple[int, ...]:
    """Postings whose message set was settled without telling what became of them."""
    return _travelling_together(_postings_in_doubt.rows(company_file=company_file.pk, now=now))


@CompiledQuery
def _postings_in_doubt() -> QuerySet[Any, Any]:
    now = Given("now", DateTimeField())
    postings = (
        Posting.objects.filter(
            waits_no_longer(now), company_file=Given("company_file"), state__in=sorted(IN_DOUBT)
        )
        .exclude(exchange__status__in=[Exchange.Status.HANDED_OUT, Exchange.Status.UNKNOWN])
        .order_by("rank", "pk")
    )
    return postings.values_list("pk", "batch_limit")[:MOST_IN_DOUBT]


def waits_no_longer(now: dt.datetime | Given) -> Q:
    return Q(try_after__isnull=True) | Q(try_after__lte=now)


def next_batch(company_file: CompanyFile) -> tuple[int, ...]:
    """The next message full of postings, parents first."""
    return _travelling_together(_queue.rows(company_file=company_file.pk)[: company_file.batch_size])


@CompiledQuery
def _queue() -> QuerySet[Any, Any]:
    ready = Posting.objects.filter(company_file=Given("company_file"), state=State.READY)
    return ready.order_by("rank", "pk").values_list("pk", "batch_limit")[:LARGEST]


def _travelling_together(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The first of a queue of (posting, batch limit).

    Postings of a set QuickBooks could not parse travel only with each other, fewer each time, until the culprit
    stands alone.
    """
    if not rows:
        return ()
    limit = rows[0][1]
    return tuple(pk for pk, its_limit in rows if its_limit == limit)[:limit]


def ready_count(company_file: CompanyFile) -> int:
    return sum(count for (count,) in _ready_counts.rows(company_file=company_file.pk))


@CompiledQuery
def _ready_counts() -> QuerySet[Any, Any]:
    ready = Posting.objects.filter(company_file=Given("company_file"), state=State.READY)
    return ready.order_by().values("company_file").annotate(count=Count("*")).values_list("count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A posting and what goes out for it, or why it cannot."""

    posting: PostingRow
    message: Message | None = None
    blocked: Blocked | None = None
    quickbooks_id: str = ""
    name: str = ""


def prepare(company_file: CompanyFile, posting_ids: Collection[int]) -> list[Prepared]:
    """The message of each posting, in the order given, from the records as they are now."""
    found = postings.read(posting_ids)
    queue = [found[pk] for pk in posting_ids if pk in found]
    books = books_facts(company_file)
    by_kind: dict[str, list[PostingRow]] = defaultdict(list)
    for posting in queue:
        by_kind[posting.kind].append(posting)
    prepared: dict[int, Prepared] = {}
    for kind, of_this_kind in by_kind.items():
        for one in _PREPARERS[kind](company_file, of_this_kind, books):
            prepared[one.posting.pk] = one
    return [prepared[posting.pk] for posting in queue]


def _prepared(
    posting: PostingRow, existing: Existing | None, name: str, write: Callable[[], Message]
) -> Prepared:
    known_id = existing.quickbooks_id if existing else ""
    try:
        return Prepared(posting=posting, message=write(), quickbooks_id=known_id, name=name)
    except Blocked as blocked:
        return Prepared(posting=posting, blocked=blocked, quickbooks_id=known_id, name=name)


# -- companies ---------------------------------------------------------------------------------------------------


def _companies(
    company_file: CompanyFile, postings: Sequence[PostingRow], books: BooksFacts
) -> list[Prepared]:
    ids = [posting.record for posting in postings]
    facts = facts_of_companies(ids)
    pairings = {
        pairing.company_id: pairing
        for pairing in Pairing.objects.filter(company_file=company_file, company__in=ids).select_related(
            "customer"
        )
    }
    disputed = _disputed(company_file, ids)
    new = [posting for posting in postings if posting.record not in pairings]
    free = _free_names(
        company_file,
        {posting.pk: Wanted(facts[posting.record].name) for posting in new},
        clashing=True,
    )
    prepared = []
    for posting in postings:
        company, pairing = facts[posting.record], pairings.get(posting.record)
        existing = _existing_customer(pairing) if pairing else None
        name = pairing.customer.name if pairing else free[posting.pk]

        def write(
            posting: PostingRow = posting,
            company: CompanyFacts = company,
            existing: Existing | None = existing,
            name: str = name,
        ) -> Message:
            if fields := disputed[posting.record]:
                raise Blocked("conflict-open", fields=", ".join(fields))
            return customers.message(company, name=name, mark=posting.mark, existing=existing, tax=books)

        prepared.append(_prepared(posting, existing, name, write))
    return prepared


def _disputed(company_file: CompanyFile, company_ids: Collection[Any]) -> dict[int, list[str]]:
    """The fields of each company that both sides changed and nobody has decided on."""
    disputed: dict[int, list[str]] = defaultdict(list)
    conflicts = Conflict.objects.filter(
        company_file=company_file, company__in=company_ids, choice=Conflict.Choice.OPEN
    )
    for company, field in conflicts.order_by("field").values_list("company", "field"):
        disputed[company].append(field.removeprefix("billing_").replace("_", " "))
    return disputed


def _existing_customer(pairing: Pairing) -> Existing:
    return Existing(
        quickbooks_id=pairing.customer.list_id,
        edit_sequence=pairing.customer.edit_sequence,
        agreed=pairing.agreed,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name somebody would like to bear below `parent` (a FullName; empty for a customer)."""

    name: str
    parent: str = ""

    def full(self, name: str) -> str:
        return f"{self.parent}:{name}".lower() if self.parent else name.lower()


def _free_names(company_file: CompanyFile, wanted: Mapping[int, Wanted], *, clashing: bool) -> dict[int, str]:
    """A name for each that no one in the company file bears, nor another one of this batch."""
    first = {key: names.free_name(one.name, lambda candidate: False) for key, one in wanted.items()}
    known = _taken(company_file, [wanted[key].full(name) for key, name in first.items()], clashing=clashing)
    chosen: set[str] = set()

    def is_taken(full_name: str) -> bool:
        return (
            full_name in chosen
            or full_name in known
            or bool(_taken(company_file, [full_name], clashing=clashing))
        )

    result = {}
    for key, one in wanted.items():
        name = first[key]
        if one.full(name) in chosen | known:
            name = names.free_name(one.name, partial(_is_taken_below, one, is_taken))
        result[key] = name
        chosen.add(one.full(name))
    return result


def _is_taken_below(wanted: Wanted, is_taken: Callable[[str], bool], candidate: str) -> bool:
    return is_taken(wanted.full(candidate))


def _taken(company_file: CompanyFile, full_names: Iterable[str], *, clashing: bool) -> set[str]:
    """Which of these names are borne in the company file, in lower case: customers, and names of other lists."""
    given = {"company_file": company_file.pk, "names": [name.lower() for name in full_names]}
    taken = {name for (name,) in _customers_named.rows(**given)}
    if clashing:
        taken |= {name for (name,) in _clashes_named.rows(**given)}
    return taken


def _named(records: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = records.annotate(lower=Lower("full_name"))
    return named.filter(company_file=Given("company_file"), lower__in=Each("names", texts=True))


@CompiledQuery
def _customers_named() -> QuerySet[Any, Any]:
    return _named(QuickBooksCustomer.objects.filter(is_deleted=False)).values_list("lower")


@CompiledQuery
def _clashes_named() -> QuerySet[Any, Any]:
    return _named(ListEntry.objects.filter(kind__in=CLASHING_KINDS)).values_list("lower")


# -- jobs --------------------------------------------------------------------------------------------------------


def _jobs(company_file: CompanyFile, postings: Sequence[PostingRow], books: BooksFacts) -> list[Prepared]:
    kind = postings[0].kind
    ids = [posting.record for posting in postings]
    facts = _WORK_FACTS[kind](ids)
    parents = _customers_of(company_file, {posting.bill_to for posting in postings})
    counterparts = _counterparts(company_file, kind, ids)
    free = _free_names(
        company_file,
        {
            posting.pk: Wanted(jobs.wanted_name(facts[posting.record]), parents[posting.bill_to].full_name)
            for posting in postings
            if posting.record not in counterparts
        },
        clashing=False,
    )
    prepared = []
    for posting in postings:
        work, parent = facts[posting.record], parents[posting.bill_to]
        existing = counterparts.get(posting.record)
        name = free.get(posting.pk) or jobs.wanted_name(work)
        prepared.append(
            _prepared(
                posting,
                existing,
                f"{parent.full_name}:{name}",
                partial(
                    jobs.message,
                    work,
                    parent_list_id=parent.list_id,
                    name=name,
                    mark=posting.mark,
                    existing=existing,
                ),
            )
        )
    return prepared


class Customer(NamedTuple):
    """The customer in the company file that a company is paired with."""

    list_id: str
    full_name: str


def _customers_of(company_file: CompanyFile, company_ids: Collection[int]) -> dict[int, Customer]:
    rows = _paired_customers.rows(company_file=company_file.pk, companies=company_ids)
    return {company: Customer(list_id, full_name) for company, list_id, full_name in rows}


@CompiledQuery
def _paired_customers() -> QuerySet[Any, Any]:
    pairings = Pairing.objects.filter(company_file=Given("company_file"), company__in=Each("companies"))
    return pairings.values_list("company", "customer__list_id", "customer__full_name")


def _counterparts(company_file: CompanyFile, kind: str, record_ids: Collection[int]) -> dict[int, Existing]:
    """What stands in the company file for these records of one kind."""
    rows = _counterparts_of(kind).rows(company_file=company_file.pk, records=record_ids)
    return {
        record: Existing(
            quickbooks_id=quickbooks_id,
            edit_sequence=edit_sequence,
            agreed=agreed,
            line_ids=tuple(line_ids),
        )
        for record, quickbooks_id, edit_sequence, agreed, line_ids in rows
    }


@cache
def _counterparts_of(kind: str) -> CompiledQuery:
    def build() -> QuerySet[Any, Any]:
        of_kind = {"company_file": Given("company_file"), f"{kind}__in": Each("records")}
        found = Counterpart.objects.filter(**of_kind)
        return found.values_list(kind, "quickbooks_id", "edit_sequence", "agreed", "line_ids")

    return CompiledQuery(build)


def _columns_of_property(path: str = "property__") -> list[str]:
    columns = ("name", "street", "street2", "city", "state", "postal_code", "country")
    return [f"{path}{column}" for column in columns]


def _address(
    street: str, street2: str, city: str, state: str, postal_code: str, country: str
) -> AddressFacts:
    return AddressFacts(
        street=street, street2=street2, city=city, state=state, postal_code=postal_code, country=country
    )


def _ticket_facts(ids: Collection[int]) -> dict[int, WorkFacts]:
    return {
        pk: WorkFacts(
            kind=RecordKind.TICKET,
            number=number,
            title=description,
            description=description,
            property_name=place,
            property_address=_address(*address),
            progress=(
                ProjectStage.Progress.CLOSED if stage in WORK_IS_DONE else ProjectStage.Progress.UNDER_WAY
            ),
            starts_on=scheduled_for or opened_on,
            finished_on=completed_on,
        )
        for pk, number, description, stage, scheduled_for, opened_on, completed_on, place, *address in (
            _tickets.rows(ids=ids)
        )
    }


@CompiledQuery
def _tickets() -> QuerySet[Any, Any]:
    own = ("pk", "number", "description", "stage", "scheduled_for", "opened_on", "completed_on")
    return ServiceTicket.objects.filter(pk__in=Each("ids")).values_list(*own, *_columns_of_property())


def _project_facts(ids: Collection[int]) -> dict[int, WorkFacts]:
    return {
        pk: WorkFacts(
            kind=RecordKind.PROJECT,
            number=number,
            title=name,
            description=description,
            property_name=place,
            property_address=_address(*address),
            progress=progress,
            starts_on=starts_on,
            ends_on=ends_on,
            finished_on=finished_on,
        )
        for pk, number, name, description, progress, starts_on, ends_on, finished_on, place, *address in (
            _projects.rows(ids=ids)
        )
    }


@CompiledQuery
def _projects() -> QuerySet[Any, Any]:
    own = ("pk", "number", "name", "description", "stage__progress", "starts_on", "ends_on", "finished_on")
    return Project.objects.filter(pk__in=Each("ids")).values_list(*own, *_columns_of_property())


def _property_facts(ids: Collection[int]) -> dict[int, WorkFacts]:
    return {
        pk: WorkFacts(
            kind=RecordKind.PROPERTY,
            number="",
            title=name,
            property_name=name,
            property_address=_address(*address),
            progress=ProjectStage.Progress.UNDER_WAY,
        )
        for pk, name, *address in _properties.rows(ids=ids)
    }


@CompiledQuery
def _properties() -> QuerySet[Any, Any]:
    return Property.objects.filter(pk__in=Each("ids")).values_list("pk", *_columns_of_property(""))


_WORK_FACTS: dict[str, Callable[[Collection[int]], dict[int, WorkFacts]]] = {
    RecordKind.TICKET: _ticket_facts,
    RecordKind.PROJECT: _project_facts,
    RecordKind.PROPERTY: _property_facts,
}


# -- invoices ----------------------------------------------------------------------------------------------------


class InvoiceRow(NamedTuple):
    """What an invoice, its property and its work say, in the order of `_invoices_with_work`."""

    pk: int
    kind: str
    number: str
    status: str
    issued_on: dt.date | None
    due_on: dt.date | None
    purchase_order: str
    terms: str
    note: str
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    bill_to: int
    ticket: int | None
    ticket_number: str | None
    ticket_description: str | None
    project: int | None
    project_number: str | None
    project_name: str | None
    property: int
    property_company: int
    property_name: str
    street: str
    street2: str
    city: str
    state: str
    postal_code: str
    country: str

    def property_address(self) -> AddressFacts:
        return _address(self.street, self.street2, self.city, self.state, self.postal_code, self.country)

    def work_title(self) -> str:
        if self.project is not None:
            return f"Project {self.project_number}: {self.project_name}"
        return f"Service ticket {self.ticket_number}: {self.ticket_description}"


@CompiledQuery
def _invoices_with_work() -> QuerySet[Any, Any]:
    own = ("pk", "kind", "number", "status", "issued_on", "due_on", "purchase_order", "terms", "note")
    return Invoice.objects.filter(pk__in=Each("ids")).values_list(
        *own,
        *("subtotal", "tax", "total", "bill_to"),
        *("ticket", "ticket__number", "ticket__description", "project", "project__number", "project__name"),
        *("property", "property__company", *_columns_of_property()),
    )


def _invoices(company_file: CompanyFile, postings: Sequence[PostingRow], books: BooksFacts) -> list[Prepared]:
    ids = [posting.record for posting in postings]
    records = list(itertools.starmap(InvoiceRow, _invoices_with_work.rows(ids=ids)))
    facts = _invoice_facts(records)
    places = _places(company_file, records)
    counterparts = _counterparts(company_file, RecordKind.INVOICE, ids)
    prepared = []
    for posting in postings:
        invoice, existing = facts[posting.record], counterparts.get(posting.record)
        prepared.append(
            _prepared(
                posting,
                existing,
                invoice.number,
                partial(
                    invoices.message,
                    invoice,
                    customer_list_id=places[posting.record],
                    books=books,
                    mark=posting.mark,
                    existing=existing,
                ),
            )
        )
    return prepared


def _places(company_file: CompanyFile, records: Sequence[InvoiceRow]) -> dict[int, str]:
    """The ListID of the job, or else of the customer, that each invoice goes on."""
    options = options_of(company_file)
    paired = _customers_of(company_file, {invoice.bill_to for invoice in records})
    job_of = {invoice.pk: _job(invoice, options) for invoice in records}
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, record in filter(None, job_of.values()):
        ids[kind].add(record)
    there = {
        (kind, record): list_id
        for kind, of_kind in ids.items()
        for record, list_id in _present(kind).rows(company_file=company_file.pk, records=of_kind)
    }
    return {
        invoice.pk: (there.get(job) if (job := job_of[invoice.pk]) else None)
        or paired[invoice.bill_to].list_id
        for invoice in records
    }


def _job(invoice: InvoiceRow, options: Options) -> tuple[str, int] | None:
    """Kind and id of the record whose job the invoice goes on; None when it goes straight on the customer."""
    if options.work_goes == WorkGoes.NEVER:
        return None
    if invoice.project is not None:
        return RecordKind.PROJECT, invoice.project
    if options.job_policy == JobPolicy.PER_TICKET and invoice.ticket is not None:
        return RecordKind.TICKET, invoice.ticket
    if options.job_policy == JobPolicy.PER_PROPERTY and invoice.bill_to == invoice.property_company:
        return RecordKind.PROPERTY, invoice.property
    return None


@cache
def _present(kind: str) -> CompiledQuery:
    """By record of this kind: the ListID of its job."""

    def build() -> QuerySet[Any, Any]:
        of_kind = {"company_file": Given("company_file"), f"{kind}__in": Each("records")}
        present = Counterpart.objects.filter(there=Counterpart.There.PRESENT, **of_kind)
        return present.values_list(kind, "quickbooks_id")

    return CompiledQuery(build)


def _invoice_facts(records: Sequence[InvoiceRow]) -> dict[int, InvoiceFacts]:
    ids = [invoice.pk for invoice in records]
    bill_to = facts_of_companies({invoice.bill_to for invoice in records})
    lines: dict[int, list[LineFacts]] = defaultdict(list)
    for invoice_id, *values in _invoice_lines.rows(invoices=ids):
        lines[invoice_id].append(LineFacts(**dict(zip(_LINE, values, strict=True))))
    taxes: dict[int, list[tuple[str, Decimal, Decimal]]] = defaultdict(list)
    for invoice_id, title, percent, amount in _invoice_taxes.rows(invoices=ids):
        taxes[invoice_id].append((title, percent, amount))
    return {
        invoice.pk: InvoiceFacts(
            kind=invoice.kind,
            number=invoice.number,
            issued_on=_date(invoice),
            due_on=invoice.due_on,
            purchase_order=invoice.purchase_order,
            terms=invoice.terms,
            note=invoice.note,
            bill_to=bill_to[invoice.bill_to],
            property_name=invoice.property_name,
            property_address=invoice.property_address(),
            work_title=invoice.work_title(),
            lines=tuple(lines[invoice.pk]),
            subtotal=invoice.subtotal,
            tax=invoice.tax,
            total=invoice.total,
            taxes=tuple(taxes[invoice.pk]),
            is_void=invoice.status == InvoiceStatus.VOID,
        )
        for invoice in records
    }


_LINE = ("kind", "description", "quantity", "unit", "unit_price", "amount", "taxable", "visible")


@CompiledQuery
def _invoice_lines() -> QuerySet[Any, Any]:
    lines = InvoiceLine.objects.filter(invoice__in=Each("invoices")).order_by("invoice", "position")
    return lines.values_list("invoice", *_LINE)


@CompiledQuery
def _invoice_taxes() -> QuerySet[Any, Any]:
    taxes = InvoiceTax.objects.filter(invoice__in=Each("invoices")).order_by("pk")
    return taxes.values_list("invoice", "tax_code__title", "percent", "amount")


def _date(invoice: InvoiceRow) -> dt.date:
    assert invoice.issued_on is not None, f"{invoice.number} has a posting and was never issued"
    return invoice.issued_on


_PREPARERS: dict[str, Callable[[CompanyFile, Sequence[PostingRow], BooksFacts], list[Prepared]]] = {
    RecordKind.COMPANY: _companies,
    RecordKind.PROPERTY: _jobs,
    RecordKind.TICKET: _jobs,
    RecordKind.PROJECT: _jobs,
    RecordKind.INVOICE: _invoices,
}


# -- the books ---------------------------------------------------------------------------------------------------


def books_facts(company_file: CompanyFile) -> BooksFacts:
    """The bookkeeper's choices, looked up in the mirrors of QuickBooks' lists."""
    options = options_of(company_file)
    item_names: dict[str, str] = {
        InvoiceKind.SERVICE: options.service_item_name,
        InvoiceKind.PROJECT: options.project_item_name,
    }
    tax_names: dict[str, str] = {
        InvoiceKind.SERVICE: options.service_tax_item_name,
        InvoiceKind.PROJECT: options.project_tax_item_name,
    }
    wanted = {*item_names.values(), *tax_names.values(), options.tax_line_item_name}
    entries = _entries_by_name(company_file, wanted)
    preferences: Content = company_file.preferences
    closing_date = preferences.get("closing_date")
    return BooksFacts(
        item_names=item_names,
        items={kind: _item(entries, name) for kind, name in item_names.items()},
        tax_item_names=tax_names,
        tax_items={kind: _tax_item(company_file, entries, name) for kind, name in tax_names.items()},
        tax_line_item_name=options.tax_line_item_name,
        tax_line_item=_item(entries, options.tax_line_item_name),
        sales_tax_is_on=bool(preferences.get("sales_tax_is_on", True)),
        taxable_code=preferences.get("taxable_code"),
        non_taxable_code=preferences.get("non_taxable_code"),
        terms={name.lower(): name for (name,) in _active_terms.rows(company_file=company_file.pk)},
        closing_date=dt.date.fromisoformat(closing_date) if closing_date else None,
        line_mode=options.line_mode,
        tax_mode=options.tax_mode,
        job_policy=options.job_policy,
    )


@CompiledQuery
def _active_terms() -> QuerySet[Any, Any]:
    terms = ListEntry.objects.filter(kind=ListEntry.Kind.TERMS, is_active=True)
    return terms.filter(company_file=Given("company_file")).values_list("name")


def _entries_by_name(company_file: CompanyFile, names_wanted: Collection[str]) -> dict[str, list[ListEntry]]:
    lower = [name.lower() for name in names_wanted if name]
    entries: dict[str, list[ListEntry]] = defaultdict(list)
    for entry in _entries_named.records(company_file=company_file.pk, names=lower):
        entries[entry.full_name.lower()].append(entry)
    return entries


@CompiledQuery
def _entries_named() -> QuerySet[Any, Any]:
    return _named(ListEntry.objects.all())


def _item(entries: Mapping[str, list[ListEntry]], name: str) -> ItemFacts | None:
    for entry in entries.get(name.lower(), ()):
        if entry.kind in ITEM_KINDS:
            return ItemFacts(
                list_id=entry.list_id, full_name=entry.full_name, type=entry.kind, is_active=entry.is_active
            )
    return None


def _tax_item(
    company_file: CompanyFile, entries: Mapping[str, list[ListEntry]], name: str
) -> TaxItemFacts | None:
    for entry in entries.get(name.lower(), ()):
        if entry.kind == ListEntry.Kind.SALES_TAX_ITEM and entry.percent is not None:
            rates = [entry.percent]
        elif entry.kind == ListEntry.Kind.SALES_TAX_GROUP:
            members = ListEntry.objects.filter(
                company_file=company_file,
                kind=ListEntry.Kind.SALES_TAX_ITEM,
                list_id__in=entry.facts.get("members", []),
            )
            rates = [member.percent for member in members if member.percent is not None]
        else:
            continue
        return TaxItemFacts(
            list_id=entry.list_id, name=entry.name, rates=tuple(rates), is_active=entry.is_active
        )
    return None
