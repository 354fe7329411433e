"""What would be sent if the Web Connector ran now: by the session's own planning and mapping, with nothing of it kept.

Everything is done in a transaction that is rolled back. What would be created there stands in by a customer or job whose
ListID starts with STAND_IN, so that what waits for it goes in the same run, as it really does.

Not foreseen: what QuickBooks tells at the start of a run before anything is sent, what it refuses, and how slowly it
answers, which decides how many requests go in one message. Postings in doubt are asked about and not shown.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, Sum
from lxml import etree

from centerpoint.billing.models import Invoice, InvoiceStatus
from centerpoint.billing.money import stored_sum
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
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync import company, session, snapshot
from centerpoint.quickbooks.sync.planner import next_batch_size
from centerpoint.quickbooks.sync.snapshot import Prepared
from qbxml import codec, errors
from qbxml.parsing import parse_small

SHOWN = 200
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
    """`records` in order of sending, at most as many as asked for.

    Counts and sum are of everything, but when `is_cut` they count what would be taken up, not looking for what would be
    refused before it leaves.
    """

    records: tuple[DryRecord, ...]
    is_cut: bool
    by_kind: Mapping[RecordKind, int]
    amount: Decimal  # of the invoices, void ones left out
    refused: int  # among `records`

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())


def dry_run(
    company_file: CompanyFile, *, now: dt.datetime, including_held: bool = False, limit: int = SHOWN
) -> DryRun:
    """What would go out by `now`; `including_held`, if everything that may be approved were approved.

    Takes the write lock of a database that has only one, for about as long as preparing `limit` records takes.
    """
    with transaction.atomic():
        own = CompanyFile.objects.select_related("options").get(pk=company_file.pk)
        session.look_for_work(own, now)
        if including_held:
            outbox.approve(company_file=own, now=now)
        foreseen = _foresee(own, now=now, limit=limit)
        transaction.set_rollback(True)
    return foreseen


def _foresee(company_file: CompanyFile, *, now: dt.datetime, limit: int) -> DryRun:
    with transaction.atomic():
        prepared, is_cut = _prepare(company_file, now=now, limit=limit)
        records = _records(company_file, prepared)
        transaction.set_rollback(True)
    by_kind, amount = _count_all(company_file, now=now) if is_cut else _counted(records)
    return DryRun(
        records=tuple(records),
        is_cut=is_cut,
        by_kind=by_kind,
        amount=amount,
        refused=sum(record.refusal is not None for record in records),
    )


# -- planning to the end -------------------------------------------------------------------------------------------


def _prepare(company_file: CompanyFile, *, now: dt.datetime, limit: int) -> tuple[list["_Planned"], bool]:
    """Message by message what would be sent, as if QuickBooks took all of it at once; and whether more would follow."""
    planned: list[_Planned] = []
    while (ready := snapshot.next_batch(company_file)) and len(planned) <= limit:
        written = [_write(company_file, one) for one in snapshot.prepare(company_file, ready)]
        going = [each for each in written if each.request]
        planned += [each for each in written if each.request or each.prepared.blocked]
        _pretend(company_file, written, now=now)
        company_file.batch_size = next_batch_size(company_file.batch_size, sent=len(going), seconds=0)
    return planned[:limit], len(planned) > limit


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


def _counted(records: Sequence[DryRecord]) -> tuple[dict[RecordKind, int], Decimal]:
    going = [record for record in records if record.refusal is None]
    counts = Counter(record.kind for record in going)
    amount = sum((record.theirs.total for record in going if record.theirs), Decimal("0.00"))
    return {kind: counts[kind] for kind in RecordKind if counts[kind]}, amount


def _count_all(company_file: CompanyFile, *, now: dt.datetime) -> tuple[dict[RecordKind, int], Decimal]:
    """Of everything, however much: generation by generation what is ready or set free, without its messages."""
    ready = Posting.objects.filter(company_file=company_file, state=State.READY)
    for rank in sorted(set(SENDING_RANK.values()))[:-1]:
        new = ready.filter(rank=rank).exclude(_is_there(company_file))
        names = {pk: f"{STAND_IN}{pk}" for pk in new.values_list("pk", flat=True)}
        _stand_in(company_file, names, now=now)
        place(company_file, Posting.objects.filter(company_file=company_file, rank__gt=rank), now=now)
    rows = (
        ready.order_by()
        .values_list("kind")
        .annotate(count=Count("pk"), sum=Sum("amount", filter=~Q(action=Posting.Action.VOID)))
    )
    counted = {kind: (count, amount or Decimal()) for kind, count, amount in rows}
    return (
        {kind: counted[kind][0] for kind in RecordKind if kind in counted},
        stored_sum(sum((amount for _, amount in counted.values()), Decimal())),
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
        action=Posting.Action(message.action if message else one.posting.action),
        request=_indented(planned.request),
        refusal=cures.cure(blocked.code, {"name": title(posting), **blocked.facts}) if blocked else None,
        code=blocked.code if blocked else "",
        name_there=one.name,
        ours=ours.get(one.posting.record) if is_invoice else None,
        theirs=_theirs(message.content, names) if is_invoice and message and message.content else None,
    )


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
