"""Write what an answer meant: postings moved, counterparts and pairings made, children set free. Set-wise."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from centerpoint.quickbooks import inbox, outbox
from centerpoint.quickbooks.compiled_query import CompiledQuery, Each, Given, json_writer
from centerpoint.quickbooks.mapping import customers
from centerpoint.quickbooks.mapping.facts import Settled
from centerpoint.quickbooks.models import (
    RECORD_FIELDS,
    CompanyFile,
    Counterpart,
    Pairing,
    Posting,
    QuickBooksCustomer,
    RecordKind,
)
from centerpoint.quickbooks.outbox.positions import place_some
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, State
from centerpoint.quickbooks.sync.outcomes import Known, Outcome
from centerpoint.quickbooks.sync.planner import next_try_minutes
from centerpoint.quickbooks.sync.postings import PostingRow

_COUNTERPART_COLUMNS = (
    "edit_sequence",
    "name",
    "mark",
    "there",
    "agreed",
    "line_ids",
    "total",
    "balance",
    "read_at",
)


def known_postings(company_file: CompanyFile, postings: Mapping[int, PostingRow]) -> dict[int, Known]:
    """What is known of these postings, for outcomes.of_answer."""
    agreed = _agreed(company_file, postings.values())
    return {
        pk: Known(
            posting=pk,
            kind=posting.kind,
            mark=posting.mark,
            attempts=posting.attempts,
            agreed=agreed.get((posting.kind, posting.record), {}),
        )
        for pk, posting in postings.items()
    }


def _agreed(
    company_file: CompanyFile, postings: Iterable[PostingRow]
) -> dict[tuple[str, int], dict[str, str]]:
    return {
        (kind, record): content
        for kind, ids in _records(postings).items()
        for record, content in _last_agreed(company_file, kind, ids).items()
    }


def _last_agreed(company_file: CompanyFile, kind: str, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    if kind == RecordKind.COMPANY:
        pairings = Pairing.objects.filter(company_file=company_file, company__in=ids)
        return {
            pairing.company_id: customers.there_as_read(pairing.customer)
            for pairing in pairings.select_related("customer")
        }
    return dict(_last_agreed_of(kind).rows(company_file=company_file.pk, records=ids))


@cache
def _last_agreed_of(kind: str) -> CompiledQuery:
    def build() -> QuerySet[Any, Any]:
        of_kind = {"company_file": Given("company_file"), f"{kind}__in": Each("records")}
        return Counterpart.objects.filter(**of_kind).values_list(kind, "agreed")

    return CompiledQuery(build)


def apply_outcomes(
    company_file: CompanyFile,
    outcomes: Sequence[Outcome],
    postings: Mapping[int, PostingRow],
    *,
    old: State,
    now: dt.datetime,
) -> int:
    """Move the postings from `old` and keep what was learned; how many are in QuickBooks now.

    Runs inside the caller's transaction, together with the answer it comes from.
    """
    moved = _move(outcomes, old=old, now=now)
    told = [outcome for outcome in outcomes if outcome.record is not None and outcome.posting in moved]
    settled = [postings[outcome.posting] for outcome in outcomes]
    companies: list[Outcome] = []
    others: list[Outcome] = []
    customers_there: list[Any] = []
    for outcome in told:
        kind = postings[outcome.posting].kind
        if outcome.settled is not None:
            (companies if kind == RecordKind.COMPANY else others).append(outcome)
        if kind != RecordKind.INVOICE:
            customers_there.append(outcome.record)
    inbox.take_customers(company_file, customers_there, now=now)
    _keep_pairings(company_file, companies, postings, now=now)
    _keep_counterparts(company_file, others, postings, now=now)
    _keep_voids(company_file, outcomes, postings, now=now)
    _go_on(company_file, settled, now=now)
    if trouble := next((outcome.stops_the_file for outcome in outcomes if outcome.stops_the_file), ""):
        CompanyFile.objects.filter(pk=company_file.pk).update(
            trouble=trouble, trouble_since=now, trouble_detail=""
        )
    return sum(outcome.state in (State.IN_QUICKBOOKS, State.VOIDED) for outcome in outcomes)


def _move(outcomes: Sequence[Outcome], *, old: State, now: dt.datetime) -> set[int]:
    moved: set[int] = set()
    plain: dict[State, list[int]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.counts_as_try:
            Posting.objects.filter(pk=outcome.posting).update(attempts=F("attempts") + 1)
        if outcome.state is old:
            Posting.objects.filter(pk=outcome.posting).update(
                refusal=outcome.code, refusal_text=outcome.text, refusal_facts=dict(outcome.facts)
            )
            moved.add(outcome.posting)
        elif outcome.state in (State.REFUSED, State.BUSY, State.UNKNOWN):
            moved.update(_move_with_reason(outcome, old=old, now=now))
        else:
            plain[outcome.state].append(outcome.posting)
    for state, ids in plain.items():
        moved.update(
            outbox.move(
                ids, old, state, now=now, try_after=None, refusal="", refusal_text="", refusal_facts={}
            )
        )
    return moved


def _move_with_reason(outcome: Outcome, *, old: State, now: dt.datetime) -> list[int]:
    attempts = Posting.objects.filter(pk=outcome.posting).values_list("attempts", flat=True).get()
    try_after = (
        now + dt.timedelta(minutes=next_try_minutes(attempts)) if outcome.state is State.BUSY else None
    )
    return outbox.move(
        [outcome.posting],
        old,
        outcome.state,
        now=now,
        try_after=try_after,
        refusal=outcome.code,
        refusal_text=outcome.text,
        refusal_facts=dict(outcome.facts),
    )


def _keep_pairings(
    company_file: CompanyFile,
    outcomes: Sequence[Outcome],
    postings: Mapping[int, PostingRow],
    *,
    now: dt.datetime,
) -> None:
    """A customer that was created or changed for a company: paired, and agreed on as it is there."""
    if not outcomes:
        return
    mirrors = {
        customer.list_id: customer
        for customer in QuickBooksCustomer.objects.filter(
            company_file=company_file, list_id__in=[o.settled.quickbooks_id for o in outcomes if o.settled]
        )
    }
    company_ids = [postings[outcome.posting].record for outcome in outcomes]
    known = {
        pairing.company_id: pairing
        for pairing in Pairing.objects.filter(company_file=company_file, company__in=company_ids)
    }
    new, changed = [], []
    for outcome in outcomes:
        assert outcome.settled is not None
        company_id = postings[outcome.posting].record
        customer = mirrors[outcome.settled.quickbooks_id]
        agreed = customers.shared_fields_there(customer)
        if (pairing := known.get(company_id)) is not None:
            # Of what was not written, theirs may be a change that nobody has taken in.
            written = customers.shared_fields_of(outcome.wrote)
            pairing.agreed |= {name: value for name, value in agreed.items() if name in written}
            changed.append(pairing)
        else:
            new.append(
                Pairing(
                    company_file=company_file,
                    company_id=company_id,
                    customer=customer,
                    how=Pairing.How.CREATED_THERE,
                    paired_at=now,
                    agreed=agreed,
                )
            )
    Pairing.objects.bulk_create(new)
    Pairing.objects.bulk_update(changed, ["agreed"])


def _keep_counterparts(
    company_file: CompanyFile,
    outcomes: Sequence[Outcome],
    postings: Mapping[int, PostingRow],
    *,
    now: dt.datetime,
) -> None:
    # The connection finds out for each question which thread's it is.
    operations, write_json = connection.ops, json_writer()
    money = partial(operations.adapt_decimalfield_value, max_digits=14, decimal_places=2)
    read_at = operations.adapt_datetimefield_value(now)
    rows = [
        _counterpart(company_file, outcome.settled, postings[outcome.posting], money, write_json, read_at)
        for outcome in outcomes
        if outcome.settled is not None
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, rows)


def _counterpart(
    company_file: CompanyFile,
    settled: Settled,
    posting: PostingRow,
    money: Callable[[Decimal | None], Any],
    write_json: Callable[[Any], Any],
    read_at: object,
) -> tuple[Any, ...]:
    """The values of _COLUMNS, as the database takes them."""
    return (
        company_file.pk,
        posting.kind,
        *(posting.record if kind == posting.kind else None for kind in RECORD_FIELDS[1:]),
        settled.quickbooks_id,
        False,
        False,
        settled.edit_sequence,
        settled.name,
        settled.external_guid or posting.mark,
        Counterpart.There.PRESENT.value,
        write_json(settled.content),
        write_json(settled.line_ids),
        money(settled.total),
        money(settled.balance),
        read_at,
    )


_COLUMNS = (
    "company_file_id",
    "kind",
    *(f"{kind}_id" for kind in RECORD_FIELDS[1:]),
    "quickbooks_id",
    "linked_by_hand",
    "read_again",
    *_COUNTERPART_COLUMNS,
)
# Raw, because bulk_create() puts together the same statement anew, with a parameter for each of a thousand values.
_UPSERT = f"""
INSERT INTO {Counterpart._meta.db_table} ({", ".join(_COLUMNS)})
VALUES ({", ".join(["%s"] * len(_COLUMNS))})
ON CONFLICT (company_file_id, kind, quickbooks_id) DO UPDATE SET
{", ".join(f"{column} = excluded.{column}" for column in _COUNTERPART_COLUMNS)}
"""  # noqa: S608 - constants only


def _keep_voids(
    company_file: CompanyFile,
    outcomes: Sequence[Outcome],
    postings: Mapping[int, PostingRow],
    *,
    now: dt.datetime,
) -> None:
    voided = [postings[outcome.posting].record for outcome in outcomes if outcome.state is State.VOIDED]
    if voided:
        Counterpart.objects.filter(company_file=company_file, invoice__in=voided).update(
            there=Counterpart.There.VOIDED, balance=0, total=0, read_at=now
        )


def _go_on(company_file: CompanyFile, settled: Sequence[PostingRow], *, now: dt.datetime) -> None:
    """Place what waited for these records: their children, and their own newer revisions."""
    waiting: set[int] = set()
    for kind, records in _records(settled).items():
        own, *children = (
            {pk for (pk,) in _unsent(path).rows(company_file=company_file.pk, records=records)}
            for path in _WAIT_FOR[kind]
        )
        if own:
            # While these were in doubt their records may have got newer revisions: only those go on.
            outbox.overtake(company_file, kind, records, now=now)
        waiting |= own.union(*children)
    if waiting:
        place_some(company_file, waiting, now=now)


# What waits for a record of a kind, as seen from the posting that waits; the record's own first.
_WAIT_FOR: dict[str, tuple[str, ...]] = {
    RecordKind.COMPANY: ("company", "bill_to"),
    RecordKind.PROPERTY: ("property", "invoice__property"),
    RecordKind.TICKET: ("ticket", "invoice__ticket"),
    RecordKind.PROJECT: ("project", "invoice__project"),
    RecordKind.INVOICE: ("invoice",),
}


@cache
def _unsent(path: str) -> CompiledQuery:
    def build() -> QuerySet[Any, Any]:
        waiting = {"company_file": Given("company_file"), f"{path}__in": Each("records")}
        return Posting.objects.filter(**waiting, state__in=sorted(BEFORE_SENDING)).values_list("pk")

    return CompiledQuery(build)


def _records(postings: Iterable[PostingRow]) -> dict[str, list[int]]:
    """Ids of the records these postings stand for, by kind."""
    ids: dict[str, list[int]] = defaultdict(list)
    for posting in postings:
        ids[posting.kind].append(posting.record)
    return ids
