"""Where records stand with QuickBooks: shown beside each of them, in lists and on its QuickBooks tab."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from centerpoint.billing.models import Invoice, InvoiceStatus, Payment
from centerpoint.companies.models import Company, Property
from centerpoint.quickbooks import cures
from centerpoint.quickbooks.models import (
    RECORD_FIELDS,
    CompanyFile,
    Counterpart,
    JobPolicy,
    Options,
    Pairing,
    Posting,
    ReceivedPayment,
    RecordKind,
)
from centerpoint.quickbooks.outbox.queries import sentence
from centerpoint.quickbooks.posting_states import Standing, State
from centerpoint.work.models import Project, ServiceTicket

Record = Company | Property | ServiceTicket | Project | Invoice
_KINDS: dict[type[Record], RecordKind] = {
    Company: RecordKind.COMPANY,
    Property: RecordKind.PROPERTY,
    ServiceTicket: RecordKind.TICKET,
    Project: RecordKind.PROJECT,
    Invoice: RecordKind.INVOICE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStanding:
    """One record in the company file. The ids are empty while QuickBooks is not known to hold it."""

    state: State | Standing
    label: str
    sentence: str
    cure: cures.Cure | None = None  # of a refusal
    posting_id: int | None = None
    since: dt.datetime | None = None
    quickbooks_id: str = ""  # ListID of a customer or job, TxnID of an invoice
    quickbooks_name: str = ""  # FullName of a customer or job, RefNumber of an invoice
    linked_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class _There:
    quickbooks_id: str
    name: str
    linked_by_hand: bool


_NOWHERE = _There("", "", linked_by_hand=False)
_NOT_ELIGIBLE = "Nothing of this goes to QuickBooks so far."
_NEXT_RUN = "The next run of the Web Connector takes it up."
_NO_RECORD_THERE = (
    "A property is nothing of its own in QuickBooks: its address stands on the jobs and invoices of its work."
)
_BEFORE_START = "It was issued before the start date of the integration, so that it stays here."
_CHANGED = "It was changed here since it was sent; the change goes out at the next run."
_AT_REST: Mapping[State, str] = {
    State.IN_QUICKBOOKS: "QuickBooks holds it as it is here.",
    State.BYPASSED: "It is not sent: it was linked by hand, or let go.",
    State.DELETED_THERE: "It was deleted in QuickBooks. Create it there anew, or let it go.",
    State.VOIDED: "It is void on both sides, or was never in QuickBooks.",
    State.SUPERSEDED: _CHANGED,
    State.WAITING: "It waits for its customer or job.",
}


_ENTERED_HERE = (
    "It was entered here and stays here: payments come from QuickBooks, and none is sent there. Where the check is "
    "entered in QuickBooks, too, it comes back as a second payment; then withdraw this one."
)
_FOLLOWS = "It came from QuickBooks and follows it: change it there, and it changes here at the next run."
_ANOTHER_NOW = (
    "It came from QuickBooks and was taken back. QuickBooks applied it again later, and that counts as a payment of "
    "its own."
)
_VOID_THERE = "It is void in QuickBooks, and pays nothing any more."
_GONE_THERE = "It was deleted in QuickBooks, so it was taken back here: what it paid is open again."
_OURS_NO_MORE = (
    "QuickBooks still holds it, but it pays none of our invoices any more, so it was taken back here."
)


def kind_of(record: Record) -> RecordKind:
    return _KINDS[type(record)]


def standing(company_file: CompanyFile, record: Record) -> RecordStanding:
    """Where one record stands."""
    return standings(company_file, [record])[record.pk]


def postings_of(company_file: CompanyFile, record: Record) -> QuerySet[Posting, Posting]:
    """Every revision of the record that was on its way, the latest first, each with the exchange it was last in."""
    kind = _KINDS[type(record)]
    found = Posting.objects.filter(**{"company_file": company_file, str(kind): record})
    return found.select_related("bill_to", "exchange", "approved_by", *RECORD_FIELDS).order_by("-revision")


def standings(company_file: CompanyFile, records: Sequence[Record]) -> dict[int, RecordStanding]:
    """Where each of `records`, all of one kind, stands, by its id; three queries, however many they are."""
    if not records:
        return {}
    kind = kind_of(records[0])
    ids = [record.pk for record in records]
    postings = _latest_postings(company_file, kind, ids)
    there = _there(company_file, kind, ids)
    options = Options.objects.get(company_file=company_file)
    return {
        record.pk: _standing(record, postings.get(record.pk), there.get(record.pk), options)
        for record in records
    }


def payment_standing(payment: Payment, received: ReceivedPayment | None, *, was_told: bool) -> RecordStanding:
    """Where a payment stands. `received` is QuickBooks' own if there is one; `was_told`: some answer brought it here."""
    if received is None:
        said = _ANOTHER_NOW if was_told else _ENTERED_HERE
        return RecordStanding(state=Standing.STAYS_HERE, label=str(Standing.STAYS_HERE.label), sentence=said)
    state, said = _of_received(payment, received)
    return RecordStanding(
        state=state,
        label=str(state.label),
        sentence=said,
        since=received.read_at,
        quickbooks_id=received.txn_id,
        quickbooks_name=received.reference,
    )


def _of_received(payment: Payment, received: ReceivedPayment) -> tuple[State, str]:
    if received.is_deleted:
        return State.DELETED_THERE, _GONE_THERE
    if not received.total:
        return State.VOIDED, _VOID_THERE
    return State.IN_QUICKBOOKS, _OURS_NO_MORE if payment.withdrawn_at else _FOLLOWS


@dataclass(frozen=True, slots=True)
class WorkThere:
    """A ticket, project or invoice of a property that is in QuickBooks, or on its way there."""

    kind: RecordKind
    record: ServiceTicket | Project | Invoice
    on: dt.date | None  # opened, or issued
    standing: RecordStanding


def work_there(company_file: CompanyFile, place: Property, *, at_most: int) -> list[WorkThere]:
    """The jobs and invoices of a property, the latest of each kind first, `at_most` of a kind; twelve queries."""
    found = []
    for kind, of_kind, day in (
        (RecordKind.TICKET, ServiceTicket.objects.all(), "opened_on"),
        (RecordKind.PROJECT, Project.objects.all(), "opened_on"),
        (RecordKind.INVOICE, Invoice.objects.all(), "issued_on"),
    ):
        of_record = {"company_file": company_file, str(kind): OuterRef("pk")}
        there = Exists(Posting.objects.filter(**of_record)) | Exists(Counterpart.objects.filter(**of_record))
        in_order = of_kind.filter(there, property=place).order_by(f"-{day}", "-pk")
        records: list[ServiceTicket | Project | Invoice] = list(in_order[:at_most])
        stands = standings(company_file, records)
        found += [WorkThere(kind, record, getattr(record, day), stands[record.pk]) for record in records]
    return found


def _latest_postings(company_file: CompanyFile, kind: RecordKind, ids: Sequence[int]) -> dict[int, Posting]:
    found = Posting.objects.filter(**{"company_file": company_file, f"{kind}__in": ids})
    in_order = found.select_related("bill_to").order_by("revision")
    return {getattr(posting, f"{kind}_id"): posting for posting in in_order}


def _there(company_file: CompanyFile, kind: RecordKind, ids: Sequence[int]) -> dict[int, _There]:
    if kind == RecordKind.COMPANY:
        pairings = Pairing.objects.filter(company_file=company_file, company__in=ids)
        return {
            company: _There(list_id, name, linked_by_hand=how == Pairing.How.BY_HAND)
            for company, list_id, name, how in pairings.values_list(
                "company", "customer__list_id", "customer__full_name", "how"
            )
        }
    counterparts = Counterpart.objects.filter(**{"company_file": company_file, f"{kind}__in": ids})
    return {
        record: _There(quickbooks_id, name, linked_by_hand=by_hand)
        for record, quickbooks_id, name, by_hand in counterparts.values_list(
            kind, "quickbooks_id", "name", "linked_by_hand"
        )
    }


def _standing(
    record: Record, posting: Posting | None, there: _There | None, options: Options
) -> RecordStanding:
    at = there or _NOWHERE
    if posting is None:
        return _without_posting(record, at, options)
    state = State(posting.state)
    if state is State.IN_QUICKBOOKS and record.revision > posting.revision:
        state = State.SUPERSEDED
    return RecordStanding(
        state=state,
        label=str(state.label),
        sentence=_AT_REST.get(state) or sentence(posting),
        cure=_cure(posting),
        posting_id=posting.pk,
        since=posting.state_since,
        quickbooks_id=at.quickbooks_id,
        quickbooks_name=at.name,
        linked_by_hand=at.linked_by_hand,
    )


def _without_posting(record: Record, there: _There, options: Options) -> RecordStanding:
    if there.quickbooks_id:  # a company that was paired and needed nothing
        state: State | Standing = State.IN_QUICKBOOKS
        said = f"It is “{there.name}” in QuickBooks."
    elif _is_before_start(record, options):
        state, said = Standing.BEFORE_START, _BEFORE_START
    elif isinstance(record, Invoice) and record.status == InvoiceStatus.ISSUED:
        state, said = Standing.NEXT_RUN, _NEXT_RUN
    elif isinstance(record, Property) and options.job_policy != JobPolicy.PER_PROPERTY:
        state, said = Standing.NOT_ELIGIBLE, _NO_RECORD_THERE
    else:
        state, said = Standing.NOT_ELIGIBLE, _NOT_ELIGIBLE
    return RecordStanding(
        state=state,
        label=str(state.label),
        sentence=said,
        quickbooks_id=there.quickbooks_id,
        quickbooks_name=there.name,
        linked_by_hand=there.linked_by_hand,
    )


def _is_before_start(record: Record, options: Options) -> bool:
    if not isinstance(record, Invoice) or options.start_date is None or record.issued_on is None:
        return False
    return record.issued_on < options.start_date


def _cure(posting: Posting) -> cures.Cure | None:
    if not posting.refusal:
        return None
    return cures.cure(posting.refusal, {"text": posting.refusal_text, **posting.refusal_facts})
