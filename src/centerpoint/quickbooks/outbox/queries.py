"""The outbox as a list: what is still open, and in a sentence where each of it stands."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from centerpoint.billing.models import Invoice
from centerpoint.billing.money import stored_sum
from centerpoint.companies.queries import companies_named, properties_named
from centerpoint.quickbooks import cures
from centerpoint.quickbooks.models import (
    CompanyFile,
    Pairing,
    Posting,
    ReadMark,
    RecordKind,
)
from centerpoint.quickbooks.posting_states import IN_DOUBT, OPEN, State
from centerpoint.searching import among, any_of, contains
from centerpoint.work.models import Project, ServiceTicket

_SENTENCES: Mapping[State, str] = {
    State.NEEDS_PAIRING: "Waits until {company} is paired.",
    State.HELD: "Waits for your approval.",
    State.READY: "Goes out when the Web Connector next runs.",
    State.SENT: "Sent; QuickBooks has not answered yet.",
    State.UNKNOWN: "The answer was lost; QuickBooks is asked before anything is sent again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPosting:
    """A line of the outbox. `amount` is the total of an invoice, None of everything else."""

    posting_id: int
    kind: RecordKind
    record_id: int
    title: str  # "5431", "5431: Leak at the east wall", "Oak Hills"
    bill_to_id: int
    bill_to: str
    amount: Decimal | None
    action: Posting.Action
    state: State
    sentence: str
    since: dt.datetime
    code: str  # of the refusal, for the fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Exact counts, and the sum of the invoices, whatever page is shown."""

    count: int
    amount: Decimal
    by_state: Mapping[State, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRun:
    """What is ready for the next connector session; what waits for these follows in the same one."""

    by_kind: Mapping[RecordKind, int]  # in order of sending, kinds with nothing left out
    amount: Decimal  # of the invoices

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())


def next_run(company_file: CompanyFile, *, now: dt.datetime) -> NextRun:
    """One query."""
    due = Q(state__in=[State.READY, State.BUSY]) & (Q(state=State.READY) | Q(try_after__lte=now))
    rows = Posting.objects.filter(due, company_file=company_file).order_by()
    counted = {
        kind: (count, amount)
        for kind, count, amount in rows.values_list("kind").annotate(count=Count("*"), sum=Sum("amount"))
    }
    return NextRun(
        by_kind={kind: counted[kind][0] for kind in RecordKind if kind in counted},
        amount=stored_sum(sum((amount or Decimal() for _, amount in counted.values()), Decimal())),
    )


def open_postings(
    company_file: CompanyFile,
    *,
    kinds: Collection[str] = (),
    states: Collection[str] = (),
    company_id: int | None = None,
    search: str = "",
) -> QuerySet[Posting]:
    """Postings that still want something, in order of sending; nothing named means all. Slice it to page.

    `search` looks in names, numbers and descriptions.
    """
    wanted = OPEN & set(states) if states else OPEN
    found = Posting.objects.filter(company_file=company_file, state__in=sorted(wanted))
    if kinds:
        found = found.filter(kind__in=list(kinds))
    if company_id is not None:
        found = found.filter(bill_to=company_id)
    return matching(company_file, found, search, states=wanted).order_by("rank", "pk")


def matching(
    company_file: CompanyFile, postings: QuerySet[Posting], search: str, *, states: Collection[State]
) -> QuerySet[Posting]:
    """Those that have every word somewhere in a name, number or description. All of them are in one of these `states`.

    Each word is looked for once in each kind of record, and what stands for those is found by its index: joined to the
    postings all records would be read for every posting.
    """
    contractor = company_file.contractor
    # Said by the states they are not in: by those they are in, both databases would go through an index of states.
    of_it = Q(company_file=company_file) & ~Q(state__in=sorted(set(State) - set(states)))
    for word in search.split():
        records: dict[str, QuerySet[Any, Any]] = {
            "bill_to": companies_named(contractor, word),
            "invoice": Invoice.objects.filter(contains(Invoice, word, "number"), contractor=contractor),
            "ticket": ServiceTicket.objects.filter(
                contains(ServiceTicket, word, "number", "description"), contractor=contractor
            ),
            "project": Project.objects.filter(
                contains(Project, word, "number", "name"), contractor=contractor
            ),
            "property": properties_named(contractor, word),
        }
        postings = postings.filter(
            any_of(Posting, *(of_it & among(record, found) for record, found in records.items()))
        )
    return postings


SUMS: Mapping[str, Aggregate] = {"amount": Sum("amount")}


def totals(postings: QuerySet[Posting]) -> Totals:
    """Of all of `postings`, in one query."""
    rows = postings.order_by().values_list("state").annotate(count=Count("*"), sum=Sum("amount"))
    by_state, amount = {}, Decimal("0.00")
    for state, count, sum_of_state in rows:
        by_state[State(state)] = count
        amount += sum_of_state or 0
    return Totals(count=sum(by_state.values()), amount=amount, by_state=by_state)


def lines(company_file: CompanyFile, page: Sequence[Posting]) -> list[OpenPosting]:
    """The lines of one page, fetched with its records and whom they are billed to: three queries, however many lines."""
    waiting = [posting for posting in page if posting.state == State.WAITING]
    reasons = _reasons(company_file, waiting)
    return [_line(posting, reasons) for posting in page]


def title(posting: Posting) -> str:
    """What the bookkeeper knows the record by."""
    if posting.invoice is not None:
        return posting.invoice.number
    if posting.ticket is not None:
        return f"{posting.ticket.number}: {posting.ticket.description}".rstrip(": ")
    if posting.project is not None:
        return f"{posting.project.number}: {posting.project.name}"
    if posting.property is not None:
        return posting.property.name
    return posting.bill_to.name


def _line(posting: Posting, reasons: Mapping[int, str]) -> OpenPosting:
    return OpenPosting(
        posting_id=posting.pk,
        kind=RecordKind(posting.kind),
        record_id=getattr(posting, f"{posting.kind}_id"),
        title=title(posting),
        bill_to_id=posting.bill_to_id,
        bill_to=posting.bill_to.name,
        amount=posting.amount,
        action=Posting.Action(posting.action),
        state=State(posting.state),
        sentence=reasons.get(posting.pk) or sentence(posting),
        since=posting.state_since,
        code=posting.refusal,
    )


def sentence(posting: Posting) -> str:
    """Where the posting stands, for a bookkeeper; of one that waits, without what exactly it waits for."""
    state = State(posting.state)
    if state in (State.REFUSED, State.BUSY) and posting.refusal:
        facts = {"text": posting.refusal_text, **posting.refusal_facts}
        return cures.cure(posting.refusal, facts).sentence
    if state in _SENTENCES:
        return _SENTENCES[state].format(company=posting.bill_to.name)
    return f"{state.label}."


def _reasons(company_file: CompanyFile, waiting: Sequence[Posting]) -> dict[int, str]:
    """What each of these waits for, as outbox/positions.py decided it."""
    if not waiting:
        return {}
    billed = {posting.bill_to_id for posting in waiting}
    pairings = Pairing.objects.filter(
        company_file=company_file, company__in=billed, customer__is_deleted=False
    )
    paired = set(pairings.values_list("company", flat=True))
    customers_were_read = ReadMark.objects.filter(company_file=company_file, reading="customers").exists()
    in_doubt = _in_doubt(Posting.objects.filter(company_file=company_file, state__in=sorted(IN_DOUBT)))
    return {
        posting.pk: _reason(
            posting,
            is_paired=posting.bill_to_id in paired,
            customers_were_read=customers_were_read,
            earlier_is_in_doubt=_record(posting) in in_doubt,
        )
        for posting in waiting
    }


def _in_doubt(postings: Iterable[Posting]) -> set[tuple[str, int]]:
    """At most one message set is in flight, so these are few."""
    return {_record(posting) for posting in postings}


def _record(posting: Posting) -> tuple[str, int]:
    return posting.kind, getattr(posting, f"{posting.kind}_id")


def _reason(
    posting: Posting, *, is_paired: bool, customers_were_read: bool, earlier_is_in_doubt: bool
) -> str:
    if earlier_is_in_doubt:
        return "Waits until QuickBooks has told what became of its earlier version."
    if is_paired:
        return "Waits until its job is in QuickBooks."
    if posting.kind == RecordKind.COMPANY and not customers_were_read:
        return "Waits until QuickBooks has shown us its customers."
    return f"Waits until {posting.bill_to.name} is in QuickBooks."
