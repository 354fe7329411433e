"""What would be sent if the Web Connector ran now: by the session's own planning and mapping. Nothing is sent.

What is owed is found out for good, as a log-in of the Web Connector does it, so that what is shown can be opened. All else is
done in a transaction that is rolled back. What would be created there stands in by a customer or job whose
ListID starts with STAND_IN, so that what waits for it goes in the same run, as it really does.

Up to WALKED records are gone through one by one, as a run does it. Of more, those of the page alone with what they wait for:
then it is not foreseen that something before them is refused, nor that another new job gets the name first.

Not foreseen: what QuickBooks tells at the start of a run before anything is sent, what it refuses, and how slowly it
answers, which decides how many requests go in one message. Postings in doubt are asked about and not shown.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Lower
from lxml import etree

from centerpoint.billing.models import Invoice, InvoiceStatus
from centerpoint.billing.money import stored_sum
from centerpoint.companies.models import Company
from centerpoint.quickbooks import cures, outbox
from centerpoint.quickbooks.mapping.facts import Blocked, Content
from centerpoint.quickbooks.models import (
    RECORD_FIELDS,
    SENDING_RANK,
    CompanyFile,
    Counterpart,
    ListEntry,
    Pairing,
    Posting,
    QuickBooksCustomer,
    RecordKind,
)
from centerpoint.quickbooks.outbox.positions import place
from centerpoint.quickbooks.outbox.queries import title
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, State
from centerpoint.quickbooks.sync import company, session, snapshot
from centerpoint.quickbooks.sync.planner import LARGEST, next_batch_size
from centerpoint.quickbooks.sync.snapshot import Prepared
from qbxml import codec, errors
from qbxml.parsing import parse_small

SHOWN = 100
WALKED = 1_000
STAND_IN = "new-"


@dataclass(frozen=True, slots=True, kw_only=True)
class DryLine:
    """A line of an invoice. `item` is QuickBooks' item; empty on our side."""

    item: str
    description: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DryInvoice:
    """An invoice as it is here, or as QuickBooks will hold it."""

    number: str
    customer: str  # the bill-to here; "Customer:Job" there
    lines: tuple[DryLine, ...]
    tax_item: str  # of QuickBooks; empty on our side, and where QuickBooks computes no tax
    tax: Decimal  # there 0.00 where our tax goes as a line
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRecord:
    """What would go out for one posting, or the refusal it would meet before it leaves."""

    posting_id: int
    kind: RecordKind
    record_id: int
    title: str
    bill_to: str
    action: Posting.Action
    request: str  # the qbXML of this record alone; empty when it is refused
    refusal: cures.Cure | None = None
    code: str = ""  # of the refusal
    name_there: str = ""  # FullName of a customer or job, RefNumber of an invoice
    ours: DryInvoice | None = None  # of an invoice
    theirs: DryInvoice | None = None  # of an invoice that goes out and is not a void


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """One page of `of` records in order of sending.

    Counts and sum are of everything, of whatever kind. When the run `is_long` they count what would be taken up, not looking
    for what would be refused before it leaves, and `refused` is that of the page alone.
    """

    records: tuple[DryRecord, ...]
    of: int
    is_long: bool
    by_kind: Mapping[RecordKind, int]
    amount: Decimal  # of the invoices, void ones left out
    refused: int

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())


def dry_run(
    company_file: CompanyFile,
    *,
    now: dt.datetime,
    including_held: bool = False,
    kinds: Collection[RecordKind] = tuple(RecordKind),
    skip: int = 0,
    limit: int = SHOWN,
    walked: int = WALKED,
) -> DryRun:
    """What would go out by `now`; `including_held`, if everything that may be approved were approved.

    Of the records of these `kinds`, so many are skipped and at most `limit` shown. Takes the write lock of a database that
    has only one, for about as long as preparing `walked` records takes.
    """
    with transaction.atomic():
        # Not beside a log-in, which would find and write the same.
        CompanyFile.objects.select_for_update().get(pk=company_file.pk)
        session.look_for_work(_as_it_is(company_file), now)
    with _undone():
        own = _as_it_is(company_file)
        if including_held:
            outbox.approve(company_file=own, now=now)
        page = slice(skip, skip + limit)
        return _of_all(own, kinds, page, walked, now=now) or _of_many(own, kinds, page, now=now)


def dry_run_of(posting: Posting, *, now: dt.datetime) -> DryRecord | None:
    """The same of one posting, if it and what it waits for were approved; None when even then it would not go."""
    with _undone():
        own = _as_it_is(posting.company_file)
        needed = _with_what_they_wait_for(own, [posting.pk])
        outbox.move([posting.pk], State.BUSY, State.WAITING, now=now)
        outbox.approve(company_file=own, now=now, posting_ids=needed)
        place(own, Posting.objects.filter(pk__in=needed), now=now)
        planned, _ = _prepare(own, now=now, among=needed)
        return next(
            iter(_records(own, [each for each in planned if each.prepared.posting.pk == posting.pk])), None
        )


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _as_it_is(company_file: CompanyFile) -> CompanyFile:
    """An instance of its own, which may be changed."""
    return CompanyFile.objects.select_related("options").get(pk=company_file.pk)


def _of_all(
    company_file: CompanyFile, kinds: Collection[RecordKind], page: slice, walked: int, *, now: dt.datetime
) -> DryRun | None:
    """Gone through to the end; None when that is too far."""
    with _undone():
        planned, is_cut = _prepare(company_file, now=now, limit=walked)
        if is_cut:
            return None
        asked = [each for each in planned if each.prepared.posting.kind in kinds]
        records = _records(company_file, asked[page])
    by_kind, amount = _counted(planned)
    return DryRun(
        records=tuple(records),
        of=len(asked),
        is_long=False,
        by_kind=by_kind,
        amount=amount,
        refused=sum(each.prepared.blocked is not None for each in planned),
    )


def _of_many(
    company_file: CompanyFile, kinds: Collection[RecordKind], page: slice, *, now: dt.datetime
) -> DryRun:
    with _undone():
        by_kind, amount, on_page = _taken_up(company_file, kinds, page, now=now)
    with _undone():
        planned, _ = _prepare(company_file, now=now, among=_with_what_they_wait_for(company_file, on_page))
        shown = {each.prepared.posting.pk: each for each in planned}
        records = _records(company_file, [shown[pk] for pk in on_page if pk in shown])
    return DryRun(
        records=tuple(records),
        of=sum(by_kind.get(kind, 0) for kind in kinds),
        is_long=True,
        by_kind=by_kind,
        amount=amount,
        refused=sum(record.refusal is not None for record in records),
    )


# -- planning to the end -------------------------------------------------------------------------------------------


def _prepare(
    company_file: CompanyFile,
    *,
    now: dt.datetime,
    limit: int | None = None,
    among: Collection[int] | None = None,
) -> tuple[list["_Planned"], bool]:
    """Message by message what would be sent, as if QuickBooks took all of it at once; and whether more would follow."""
    planned: list[_Planned] = []
    while (ready := _next(company_file, among)) and (limit is None or len(planned) <= limit):
        written = [_write(company_file, one) for one in snapshot.prepare(company_file, ready)]
        going = [each for each in written if each.request]
        planned += [each for each in written if each.request or each.prepared.blocked]
        _pretend(company_file, written, now=now)
        company_file.batch_size = next_batch_size(company_file.batch_size, sent=len(going), seconds=0)
    return planned[:limit], limit is not None and len(planned) > limit


def _next(company_file: CompanyFile, among: Collection[int] | None) -> Sequence[int]:
    if among is None:
        return snapshot.next_batch(company_file)
    ready = Posting.objects.filter(pk__in=among, state=State.READY)
    return list(ready.order_by("rank", "pk").values_list("pk", flat=True)[:LARGEST])


def _with_what_they_wait_for(company_file: CompanyFile, posting_ids: Collection[int]) -> set[int]:
    """These postings with those that have not left of the companies, properties, tickets and projects they need.

    And those of other companies of the same names, which decide between them which is called what.
    """
    unsent = Posting.objects.filter(company_file=company_file, state__in=sorted(BEFORE_SENDING))
    these = Posting.objects.filter(pk__in=posting_ids)
    needed = set(posting_ids)
    billed = set(these.values_list("bill_to", flat=True))
    names = Company.objects.filter(pk__in=billed).annotate(lower=Lower("name")).values("lower")
    alike = unsent.annotate(lower=Lower("company__name")).filter(kind=RecordKind.COMPANY, lower__in=names)
    for found in (
        unsent.filter(company__in=billed),
        alike,
        *(
            unsent.filter(**{f"{kind}__in": set(these.values_list(f"invoice__{kind}", flat=True)) - {None}})
            for kind in (RecordKind.PROPERTY, RecordKind.TICKET, RecordKind.PROJECT)
        ),
    ):
        needed.update(found.values_list("pk", flat=True))
    return needed


@dataclass(frozen=True, slots=True)
class _Planned:
    prepared: Prepared
    request: str  # empty when it is refused, or says nothing new to QuickBooks


def _write(company_file: CompanyFile, one: Prepared) -> _Planned:
    if one.message is None or one.message.body is None:
        return _Planned(one, "")
    version = company_file.qbxml_version or company.SPOKEN[-1]
    try:
        return _Planned(one, codec.write(one.message.body, version=version))
    except errors.NotWritable as problem:
        blocked = Blocked("not-writable", problem=str(problem))
        return _Planned(replace(one, message=None, blocked=blocked), "")


def _pretend(company_file: CompanyFile, planned: Iterable[_Planned], *, now: dt.datetime) -> None:
    """QuickBooks did it: what waits for these goes next."""
    refused, done, created = [], [], {}
    for each in planned:
        one = each.prepared
        if one.message is None:
            refused.append(one.posting.pk)
            continue
        done.append(one.posting.pk)
        if one.message.action == Posting.Action.ADD and one.posting.kind != RecordKind.INVOICE:
            created[one.posting.pk] = one.name
    outbox.move(refused, State.READY, State.REFUSED, now=now)
    outbox.move(done, State.READY, State.IN_QUICKBOOKS, now=now)
    if created:
        _stand_in(company_file, created, now=now)
        billed = Posting.objects.filter(pk__in=done).values_list("bill_to", flat=True)
        waiting = Posting.objects.filter(company_file=company_file, bill_to__in=list(billed))
        place(company_file, waiting, now=now)


def _stand_in(company_file: CompanyFile, names: Mapping[int, str], *, now: dt.datetime) -> None:
    """Customers and jobs for these postings of companies and work, under their FullNames."""
    customers = {
        pk: QuickBooksCustomer(
            company_file=company_file,
            list_id=f"{STAND_IN}{pk}",
            sublevel=name.count(":"),
            name=name.rpartition(":")[2],
            full_name=name,
            edit_sequence="0",
            time_modified="",
            read_at=now,
        )
        for pk, name in names.items()
    }
    QuickBooksCustomer.objects.bulk_create(customers.values(), batch_size=500)
    pairings, counterparts = [], []
    for posting in Posting.objects.filter(company_file=company_file, pk__in=names).iterator():
        customer = customers[posting.pk]
        if posting.kind == RecordKind.COMPANY:
            pairings.append(
                Pairing(
                    company_file=company_file,
                    company_id=posting.bill_to_id,
                    customer=customer,
                    how=Pairing.How.CREATED_THERE,
                    paired_at=now,
                )
            )
            continue
        counterparts.append(
            Counterpart(
                company_file=company_file,
                kind=posting.kind,
                quickbooks_id=customer.list_id,
                edit_sequence="0",
                name=customer.full_name,
                read_at=now,
                **{f"{posting.kind}_id": getattr(posting, f"{posting.kind}_id")},
            )
        )
    Pairing.objects.bulk_create(pairings, batch_size=500)
    Counterpart.objects.bulk_create(counterparts, batch_size=500)


# -- counts --------------------------------------------------------------------------------------------------------


def _counted(planned: Sequence[_Planned]) -> tuple[dict[RecordKind, int], Decimal]:
    going = [each.prepared for each in planned if each.prepared.message]
    counts = Counter(one.posting.kind for one in going)
    amount = sum((_total(one) for one in going), Decimal("0.00"))
    return {kind: counts[kind] for kind in RecordKind if counts[kind]}, amount


def _total(one: Prepared) -> Decimal:
    """Of an invoice that is no void."""
    content = one.message.content if one.message and one.posting.kind == RecordKind.INVOICE else None
    return Decimal(content["Total"]) if content else Decimal()


def _taken_up(
    company_file: CompanyFile, kinds: Collection[RecordKind], page: slice, *, now: dt.datetime
) -> tuple[dict[RecordKind, int], Decimal, list[int]]:
    """Of everything, however much: generation by generation what is ready or set free, without its messages.

    How many of each kind, the amount of the invoices, and the postings of the page.
    """
    ready = Posting.objects.filter(company_file=company_file, state=State.READY)
    for rank in sorted(set(SENDING_RANK.values()))[:-1]:
        children = Posting.objects.filter(company_file=company_file, rank__gt=rank, state=State.WAITING)
        new = ready.filter(rank=rank, bill_to__in=children.values("bill_to")).exclude(_is_there(company_file))
        names = {pk: f"{STAND_IN}{pk}" for pk in new.values_list("pk", flat=True)}
        _stand_in(company_file, names, now=now)
        place(company_file, Posting.objects.filter(company_file=company_file, rank__gt=rank), now=now)
    rows = (
        ready.order_by()
        .values_list("kind")
        .annotate(count=Count("*"), sum=Sum("amount", filter=~Q(action=Posting.Action.VOID)))
    )
    counted = {kind: (count, amount or Decimal()) for kind, count, amount in rows}
    return (
        {kind: counted[kind][0] for kind in RecordKind if kind in counted},
        stored_sum(sum((amount for _, amount in counted.values()), Decimal())),
        list(ready.filter(kind__in=kinds).order_by("rank", "pk").values_list("pk", flat=True)[page]),
    )


def _is_there(company_file: CompanyFile) -> Q:
    pairings = Pairing.objects.filter(company_file=company_file).values("company")
    there = Q(kind=RecordKind.COMPANY, company__in=pairings)
    for field in RECORD_FIELDS[1:]:
        of_kind = Counterpart.objects.filter(company_file=company_file, **{f"{field}__isnull": False})
        there |= Q(**{"kind": field, f"{field}__in": of_kind.values(field)})
    return there


# -- for the eye ---------------------------------------------------------------------------------------------------


def _records(company_file: CompanyFile, planned: Sequence[_Planned]) -> list[DryRecord]:
    ids = [each.prepared.posting.pk for each in planned]
    postings = Posting.objects.select_related("bill_to", *RECORD_FIELDS).in_bulk(ids)
    ours = _ours([each.prepared for each in planned])
    names = _names(company_file, [each.prepared for each in planned])
    return [_record(each, postings[each.prepared.posting.pk], ours, names) for each in planned]


def _record(
    planned: _Planned, posting: Posting, ours: Mapping[int, DryInvoice], names: Mapping[str, str]
) -> DryRecord:
    one = planned.prepared
    message, blocked = one.message, one.blocked
    is_invoice = posting.kind == RecordKind.INVOICE
    return DryRecord(
        posting_id=posting.pk,
        kind=RecordKind(posting.kind),
        record_id=one.posting.record,
        title=title(posting),
        bill_to=posting.bill_to.name,
        action=_action(one),
        request=_indented(planned.request),
        refusal=cures.cure(blocked.code, {"name": title(posting), **blocked.facts}) if blocked else None,
        code=blocked.code if blocked else "",
        name_there=one.name,
        ours=ours.get(one.posting.record) if is_invoice else None,
        theirs=_theirs(message.content, names) if is_invoice and message and message.content else None,
    )


def _action(one: Prepared) -> Posting.Action:
    """Which it is shows when the message is written; of a record that is there and is stopped it would be a change."""
    if one.message is not None:
        return Posting.Action(one.message.action)
    if one.posting.action == Posting.Action.ADD and one.quickbooks_id:
        return Posting.Action.MODIFY
    return Posting.Action(one.posting.action)


def _ours(prepared: Iterable[Prepared]) -> dict[int, DryInvoice]:
    ids = [one.posting.record for one in prepared if one.posting.kind == RecordKind.INVOICE]
    invoices = Invoice.objects.filter(pk__in=ids).select_related("bill_to").prefetch_related("lines")
    return {
        invoice.pk: DryInvoice(
            number=invoice.number,
            customer=invoice.bill_to.name,
            lines=tuple(
                DryLine(item="", description=line.description, amount=line.amount)
                for line in sorted(invoice.lines.all(), key=lambda line: line.position)
            ),
            tax_item="",
            tax=invoice.tax,
            total=Decimal("0.00") if invoice.status == InvoiceStatus.VOID else invoice.total,
        )
        for invoice in invoices
    }


def _theirs(content: Content, names: Mapping[str, str]) -> DryInvoice:
    """`content` is what the mapping says QuickBooks holds afterwards; tax is what its total has above the lines."""
    lines = tuple(
        DryLine(
            item=names.get(content[f"Line.{number}.ItemRef.ListID"], ""),
            description=content.get(f"Line.{number}.Desc", ""),
            amount=Decimal(content[f"Line.{number}.Amount"]),
        )
        for number in range(int(content["Lines"]))
    )
    total = Decimal(content["Total"])
    return DryInvoice(
        number=content["RefNumber"],
        customer=names.get(content["CustomerRef.ListID"], ""),
        lines=lines,
        tax_item=names.get(content.get("ItemSalesTaxRef.ListID", ""), ""),
        tax=total - sum((line.amount for line in lines), Decimal("0.00")),
        total=total,
    )


def _names(company_file: CompanyFile, prepared: Iterable[Prepared]) -> dict[str, str]:
    """FullNames of the customers, jobs, items and tax items in these messages, by ListID."""
    contents = [one.message.content for one in prepared if one.message]
    list_ids = {value for content in contents for path, value in content.items() if path.endswith("ListID")}
    names: dict[str, str] = {}
    for records in (QuickBooksCustomer.objects.all(), ListEntry.objects.all()):
        found = records.filter(company_file=company_file, list_id__in=list_ids)
        names |= dict(found.values_list("list_id", "full_name"))
    return names


def _indented(request: str) -> str:
    if not request:
        return ""
    element = parse_small(request)
    etree.indent(element)
    return etree.tostring(element, encoding="unicode")
