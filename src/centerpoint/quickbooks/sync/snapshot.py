"""Reads, set-wise, what the planner and the mapping need to know. Writes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from centerpoint.billing.models import Invoice, InvoiceKind, InvoiceLine, InvoiceStatus, InvoiceTax
from centerpoint.companies.models import Company, Property
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
from centerpoint.quickbooks.pairing.companies import company_facts
from centerpoint.quickbooks.posting_states import IN_DOUBT, State
from centerpoint.quickbooks.sync import reading
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
        ready=_next_batch(company_file, now=now),
    )


def _doubt(company_file: CompanyFile) -> Doubt | None:
    exchange = (
        Exchange.objects.filter(company_file=company_file, writes=True, status=Exchange.Status.UNKNOWN)
        .order_by("pk")
        .first()
    )
    if exchange is None:
        return None
    voided = Posting.objects.filter(
        exchange=exchange, action=Posting.Action.ADD, invoice__status=InvoiceStatus.VOID
    )
    return Doubt(exchange=exchange.pk, must_not_run=not company_file.answers_are_stored or voided.exists())


def _in_doubt(company_file: CompanyFile, *, now: dt.datetime) -> tuple[int, ...]:
    """Postings whose message set was settled without telling what became of them."""
    postings = (
        Posting.objects.filter(waits_no_longer(now), company_file=company_file, state__in=sorted(IN_DOUBT))
        .exclude(exchange__status__in=[Exchange.Status.HANDED_OUT, Exchange.Status.UNKNOWN])
        .order_by("rank", "pk")
    )
    return _travelling_together(postings.values_list("pk", "batch_limit")[:MOST_IN_DOUBT])


def waits_no_longer(now: dt.datetime) -> Q:
    return Q(try_after__isnull=True) | Q(try_after__lte=now)


def _next_batch(company_file: CompanyFile, *, now: dt.datetime) -> tuple[int, ...]:
    """The next message full of postings, parents first."""
    queue = Posting.objects.filter(company_file=company_file, state=State.READY).order_by("rank", "pk")
    return _travelling_together(queue.values_list("pk", "batch_limit")[: company_file.batch_size])


def _travelling_together(queue: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """The first of a queue of (posting, batch limit).

    Postings of a set QuickBooks could not parse travel only with each other, fewer each time, until the culprit
    stands alone.
    """
    rows = list(queue)
    if not rows:
        return ()
    limit = rows[0][1]
    return tuple(pk for pk, its_limit in rows if its_limit == limit)[:limit]


def ready_count(company_file: CompanyFile) -> int:
    return Posting.objects.filter(company_file=company_file, state=State.READY).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A posting and what goes out for it, or why it cannot."""

    posting: Posting
    message: Message | None = None
    blocked: Blocked | None = None
    quickbooks_id: str = ""
    name: str = ""


def prepare(company_file: CompanyFile, posting_ids: Collection[int]) -> list[Prepared]:
    """The message of each posting, in the order given, from the records as they are now."""
    found = Posting.objects.filter(pk__in=posting_ids).in_bulk()
    postings = [found[pk] for pk in posting_ids if pk in found]
    books = books_facts(company_file)
    by_kind: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        by_kind[posting.kind].append(posting)
    prepared: dict[int, Prepared] = {}
    for kind, of_this_kind in by_kind.items():
        for one in _PREPARERS[kind](company_file, of_this_kind, books):
            prepared[one.posting.pk] = one
    return [prepared[posting.pk] for posting in postings]


def _prepared(
    posting: Posting, existing: Existing | None, name: str, write: Callable[[], Message]
) -> Prepared:
    known_id = existing.quickbooks_id if existing else ""
    try:
        return Prepared(posting=posting, message=write(), quickbooks_id=known_id, name=name)
    except Blocked as blocked:
        return Prepared(posting=posting, blocked=blocked, quickbooks_id=known_id, name=name)


# -- companies ---------------------------------------------------------------------------------------------------


def _companies(company_file: CompanyFile, postings: Sequence[Posting], books: BooksFacts) -> list[Prepared]:
    ids = [_id(posting.company_id) for posting in postings]
    facts = company_facts(Company.objects.filter(pk__in=ids))
    pairings = {
        pairing.company_id: pairing
        for pairing in Pairing.objects.filter(company_file=company_file, company__in=ids).select_related(
            "customer"
        )
    }
    disputed = _disputed(company_file, ids)
    new = [posting for posting in postings if posting.company_id not in pairings]
    free = _free_names(
        company_file,
        {posting.pk: Wanted(facts[_id(posting.company_id)].name) for posting in new},
        clashing=True,
    )
    prepared = []
    for posting in postings:
        company, pairing = facts[_id(posting.company_id)], pairings.get(_id(posting.company_id))
        existing = _existing_customer(pairing) if pairing else None
        name = pairing.customer.name if pairing else free[posting.pk]

        def write(
            posting: Posting = posting,
            company: CompanyFacts = company,
            existing: Existing | None = existing,
            name: str = name,
        ) -> Message:
            if fields := disputed[_id(posting.company_id)]:
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
    lower = [name.lower() for name in full_names]
    customers_there = QuickBooksCustomer.objects.filter(company_file=company_file, is_deleted=False)
    taken = set(
        customers_there.annotate(lower=Lower("full_name"))
        .filter(lower__in=lower)
        .values_list("lower", flat=True)
    )
    if clashing:
        entries = ListEntry.objects.filter(company_file=company_file, kind__in=CLASHING_KINDS)
        taken |= set(
            entries.annotate(lower=Lower("full_name")).filter(lower__in=lower).values_list("lower", flat=True)
        )
    return taken


# -- jobs --------------------------------------------------------------------------------------------------------


def _jobs(company_file: CompanyFile, postings: Sequence[Posting], books: BooksFacts) -> list[Prepared]:
    kind = RecordKind(postings[0].kind)
    ids = [getattr(posting, f"{kind}_id") for posting in postings]
    facts = _WORK_FACTS[kind](ids)
    parents = _customers_of(company_file, {posting.bill_to_id for posting in postings})
    counterparts = _counterparts(company_file, kind, ids)
    new = [posting for posting in postings if getattr(posting, f"{kind}_id") not in counterparts]
    free = _free_names(
        company_file,
        {
            posting.pk: Wanted(
                jobs.wanted_name(facts[getattr(posting, f"{kind}_id")]), parents[posting.bill_to_id].full_name
            )
            for posting in new
        },
        clashing=False,
    )
    prepared = []
    for posting in postings:
        record_id = getattr(posting, f"{kind}_id")
        work, parent = facts[record_id], parents[posting.bill_to_id]
        existing = _existing(counterparts.get(record_id))
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


def _customers_of(company_file: CompanyFile, company_ids: Collection[int]) -> dict[int, QuickBooksCustomer]:
    pairings = Pairing.objects.filter(company_file=company_file, company__in=company_ids).select_related(
        "customer"
    )
    return {pairing.company_id: pairing.customer for pairing in pairings}


def _counterparts(
    company_file: CompanyFile, kind: str, record_ids: Collection[Any]
) -> dict[int, Counterpart]:
    found = Counterpart.objects.filter(**{"company_file": company_file, f"{kind}__in": record_ids})
    return {getattr(counterpart, f"{kind}_id"): counterpart for counterpart in found}


def _existing(counterpart: Counterpart | None) -> Existing | None:
    if counterpart is None:
        return None
    return Existing(
        quickbooks_id=counterpart.quickbooks_id,
        edit_sequence=counterpart.edit_sequence,
        agreed=counterpart.agreed,
        line_ids=tuple(counterpart.line_ids),
    )


def _address_of_property(record: Property) -> AddressFacts:
    return AddressFacts(
        street=record.street,
        street2=record.street2,
        city=record.city,
        state=record.state,
        postal_code=record.postal_code,
        country=record.country,
    )


def _ticket_facts(ids: Collection[Any]) -> dict[int, WorkFacts]:
    return {
        ticket.pk: WorkFacts(
            kind=RecordKind.TICKET,
            number=ticket.number,
            title=ticket.description,
            description=ticket.description,
            property_name=ticket.property.name,
            property_address=_address_of_property(ticket.property),
            progress=(
                ProjectStage.Progress.CLOSED
                if ticket.stage in WORK_IS_DONE
                else ProjectStage.Progress.UNDER_WAY
            ),
            starts_on=ticket.scheduled_for or ticket.opened_on,
            finished_on=ticket.completed_on,
        )
        for ticket in ServiceTicket.objects.filter(pk__in=ids).select_related("property")
    }


def _project_facts(ids: Collection[Any]) -> dict[int, WorkFacts]:
    return {
        project.pk: WorkFacts(
            kind=RecordKind.PROJECT,
            number=project.number,
            title=project.name,
            description=project.description,
            property_name=project.property.name,
            property_address=_address_of_property(project.property),
            progress=project.stage.progress,
            starts_on=project.starts_on,
            ends_on=project.ends_on,
            finished_on=project.finished_on,
        )
        for project in Project.objects.filter(pk__in=ids).select_related("property", "stage")
    }


def _property_facts(ids: Collection[Any]) -> dict[int, WorkFacts]:
    return {
        record.pk: WorkFacts(
            kind=RecordKind.PROPERTY,
            number="",
            title=record.name,
            property_name=record.name,
            property_address=_address_of_property(record),
            progress=ProjectStage.Progress.UNDER_WAY,
        )
        for record in Property.objects.filter(pk__in=ids)
    }


_WORK_FACTS: dict[str, Callable[[Collection[Any]], dict[int, WorkFacts]]] = {
    RecordKind.TICKET: _ticket_facts,
    RecordKind.PROJECT: _project_facts,
    RecordKind.PROPERTY: _property_facts,
}


# -- invoices ----------------------------------------------------------------------------------------------------


def _invoices(company_file: CompanyFile, postings: Sequence[Posting], books: BooksFacts) -> list[Prepared]:
    ids = [_id(posting.invoice_id) for posting in postings]
    options = Options.objects.get(company_file=company_file)
    records = Invoice.objects.select_related("property", "ticket", "project").in_bulk(ids)
    facts = invoice_facts(records)
    places = _places(company_file, options, list(records.values()))
    counterparts = _counterparts(company_file, RecordKind.INVOICE, ids)
    prepared = []
    for posting in postings:
        invoice_id = _id(posting.invoice_id)
        invoice, existing, place = (
            facts[invoice_id],
            _existing(counterparts.get(invoice_id)),
            places[invoice_id],
        )
        prepared.append(
            _prepared(
                posting,
                existing,
                invoice.number,
                partial(
                    invoices.message,
                    invoice,
                    customer_list_id=place,
                    books=books,
                    mark=posting.mark,
                    existing=existing,
                ),
            )
        )
    return prepared


def _places(company_file: CompanyFile, options: Options, records: Sequence[Invoice]) -> dict[int, str]:
    """The ListID of the job, or else of the customer, that each invoice goes on."""
    paired = _customers_of(company_file, {invoice.bill_to_id for invoice in records})
    present = Counterpart.objects.filter(company_file=company_file, there=Counterpart.There.PRESENT)
    per_property = options.job_policy == JobPolicy.PER_PROPERTY
    tickets = dict(
        present.filter(ticket__in=[i.ticket_id for i in records if i.ticket_id]).values_list(
            "ticket", "quickbooks_id"
        )
    )
    projects = dict(
        present.filter(project__in=[i.project_id for i in records if i.project_id]).values_list(
            "project", "quickbooks_id"
        )
    )
    properties = (
        dict(
            present.filter(property__in=[i.property_id for i in records]).values_list(
                "property", "quickbooks_id"
            )
        )
        if per_property
        else {}
    )
    places = {}
    for invoice in records:
        place = None
        if options.work_goes != WorkGoes.NEVER:
            if invoice.project_id:
                place = projects.get(invoice.project_id)
            elif options.job_policy == JobPolicy.PER_TICKET:
                place = tickets.get(_id(invoice.ticket_id))
            elif per_property and invoice.bill_to_id == invoice.property.company_id:
                place = properties.get(invoice.property_id)
        places[invoice.pk] = place or paired[invoice.bill_to_id].list_id
    return places


def invoice_facts(records: Mapping[int, Invoice]) -> dict[int, InvoiceFacts]:
    bill_to = company_facts(
        Company.objects.filter(pk__in={invoice.bill_to_id for invoice in records.values()})
    )
    lines: dict[int, list[LineFacts]] = defaultdict(list)
    for line in InvoiceLine.objects.filter(invoice__in=list(records)).order_by("invoice", "position"):
        lines[line.invoice_id].append(
            LineFacts(
                kind=line.kind,
                description=line.description,
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price,
                amount=line.amount,
                taxable=line.taxable,
                visible=line.visible,
            )
        )
    taxes: dict[int, list[tuple[str, Any, Any]]] = defaultdict(list)
    for tax in InvoiceTax.objects.filter(invoice__in=list(records)).select_related("tax_code").order_by("pk"):
        taxes[tax.invoice_id].append((tax.tax_code.title, tax.percent, tax.amount))
    return {
        pk: InvoiceFacts(
            kind=invoice.kind,
            number=invoice.number,
            issued_on=_date(invoice),
            due_on=invoice.due_on,
            purchase_order=invoice.purchase_order,
            terms=invoice.terms,
            note=invoice.note,
            bill_to=bill_to[invoice.bill_to_id],
            property_name=invoice.property.name,
            property_address=_address_of_property(invoice.property),
            work_title=_work_title(invoice),
            lines=tuple(lines[pk]),
            subtotal=invoice.subtotal,
            tax=invoice.tax,
            total=invoice.total,
            taxes=tuple(taxes[pk]),
            is_void=invoice.status == InvoiceStatus.VOID,
        )
        for pk, invoice in records.items()
    }


def _date(invoice: Invoice) -> dt.date:
    assert invoice.issued_on is not None, f"{invoice} has a posting and was never issued"
    return invoice.issued_on


def _work_title(invoice: Invoice) -> str:
    if invoice.project is not None:
        return f"Project {invoice.project.number}: {invoice.project.name}"
    assert invoice.ticket is not None
    return f"Service ticket {invoice.ticket.number}: {invoice.ticket.description}"


def _id(value: int | None) -> int:
    assert value is not None, "the database lets no posting be without its record"
    return value


_PREPARERS: dict[str, Callable[[CompanyFile, Sequence[Posting], BooksFacts], list[Prepared]]] = {
    RecordKind.COMPANY: _companies,
    RecordKind.PROPERTY: _jobs,
    RecordKind.TICKET: _jobs,
    RecordKind.PROJECT: _jobs,
    RecordKind.INVOICE: _invoices,
}


# -- the books ---------------------------------------------------------------------------------------------------


def books_facts(company_file: CompanyFile) -> BooksFacts:
    """The bookkeeper's choices, looked up in the mirrors of QuickBooks' lists."""
    options = Options.objects.get(company_file=company_file)
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
        terms={
            name.lower(): name
            for name in ListEntry.objects.filter(
                company_file=company_file, kind=ListEntry.Kind.TERMS, is_active=True
            ).values_list("name", flat=True)
        },
        closing_date=dt.date.fromisoformat(closing_date) if closing_date else None,
        line_mode=options.line_mode,
        tax_mode=options.tax_mode,
        job_policy=options.job_policy,
    )


def _entries_by_name(company_file: CompanyFile, names_wanted: Collection[str]) -> dict[str, list[ListEntry]]:
    lower = [name.lower() for name in names_wanted if name]
    found = (
        ListEntry.objects.filter(company_file=company_file)
        .annotate(lower=Lower("full_name"))
        .filter(lower__in=lower)
    )
    entries: dict[str, list[ListEntry]] = defaultdict(list)
    for entry in found:
        entries[entry.full_name.lower()].append(entry)
    return entries


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
