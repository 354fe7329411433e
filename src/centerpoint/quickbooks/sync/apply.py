"""Write what an answer meant: postings moved, counterparts and pairings made, children set free. Set-wise."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Q

from centerpoint.quickbooks import inbox, outbox
from centerpoint.quickbooks.mapping import customers
from centerpoint.quickbooks.models import (
    CompanyFile,
    Counterpart,
    Pairing,
    Posting,
    QuickBooksCustomer,
    RecordKind,
)
from centerpoint.quickbooks.outbox.positions import place
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, State
from centerpoint.quickbooks.sync.outcomes import Known, Outcome
from centerpoint.quickbooks.sync.planner import next_try_minutes

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


def known_postings(company_file: CompanyFile, posting_ids: Iterable[int]) -> dict[int, Known]:
    """What is known of these postings, for outcomes.of_answer."""
    postings = Posting.objects.filter(company_file=company_file).in_bulk(list(posting_ids))
    agreed = _agreed(company_file, list(postings.values()))
    return {
        pk: Known(
            posting=pk,
            kind=posting.kind,
            mark=posting.mark,
            attempts=posting.attempts,
            agreed=agreed.get(pk, {}),
        )
        for pk, posting in postings.items()
    }


def _agreed(company_file: CompanyFile, postings: Sequence[Posting]) -> dict[int, dict[str, str]]:
    agreed: dict[int, dict[str, str]] = {}
    by_kind: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        by_kind[posting.kind].append(posting)
    for kind, of_kind in by_kind.items():
        field = f"{kind}_id"
        ids = [getattr(posting, field) for posting in of_kind]
        last = _last_agreed(company_file, kind, ids)
        agreed.update({posting.pk: last.get(getattr(posting, field), {}) for posting in of_kind})
    return agreed


def _last_agreed(company_file: CompanyFile, kind: str, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    if kind == RecordKind.COMPANY:
        pairings = Pairing.objects.filter(company_file=company_file, company__in=ids)
        return {
            pairing.company_id: customers.there_as_read(pairing.customer)
            for pairing in pairings.select_related("customer")
        }
    rows = Counterpart.objects.filter(**{"company_file": company_file, f"{kind}__in": ids})
    return dict(rows.values_list(kind, "agreed"))


def apply_outcomes(
    company_file: CompanyFile, outcomes: Sequence[Outcome], *, old: State, now: dt.datetime
) -> int:
    """Move the postings from `old` and keep what was learned; how many are in QuickBooks now.

    Runs inside the caller's transaction, together with the answer it comes from.
    """
    moved = _move(outcomes, old=old, now=now)
    told = [outcome for outcome in outcomes if outcome.record is not None and outcome.posting in moved]
    postings = Posting.objects.in_bulk([outcome.posting for outcome in outcomes])
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
    _make_way(company_file, list(postings.values()), now=now)
    _set_free(company_file, list(postings.values()), now=now)
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
    company_file: CompanyFile, outcomes: Sequence[Outcome], postings: dict[int, Posting], *, now: dt.datetime
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
    company_ids = [postings[outcome.posting].company_id for outcome in outcomes]
    known = {
        pairing.company_id: pairing
        for pairing in Pairing.objects.filter(company_file=company_file, company__in=company_ids)
    }
    new, changed = [], []
    for outcome in outcomes:
        assert outcome.settled is not None
        company_id = postings[outcome.posting].company_id
        assert company_id is not None
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
    company_file: CompanyFile, outcomes: Sequence[Outcome], postings: dict[int, Posting], *, now: dt.datetime
) -> None:
    counterparts = []
    for outcome in outcomes:
        posting, settled = postings[outcome.posting], outcome.settled
        assert settled is not None
        counterparts.append(
            Counterpart(
                company_file=company_file,
                kind=posting.kind,
                **{f"{posting.kind}_id": getattr(posting, f"{posting.kind}_id")},
                quickbooks_id=settled.quickbooks_id,
                edit_sequence=settled.edit_sequence,
                name=settled.name,
                mark=settled.external_guid or posting.mark,
                agreed=settled.content,
                line_ids=list(settled.line_ids),
                total=settled.total,
                balance=settled.balance,
                read_at=now,
            )
        )
    Counterpart.objects.bulk_create(
        counterparts,
        update_conflicts=True,
        unique_fields=["company_file", "kind", "quickbooks_id"],
        update_fields=list(_COUNTERPART_COLUMNS),
    )


def _keep_voids(
    company_file: CompanyFile, outcomes: Sequence[Outcome], postings: dict[int, Posting], *, now: dt.datetime
) -> None:
    voided = [postings[outcome.posting].invoice_id for outcome in outcomes if outcome.state is State.VOIDED]
    if voided:
        Counterpart.objects.filter(company_file=company_file, invoice__in=voided).update(
            there=Counterpart.There.VOIDED, balance=0, total=0, read_at=now
        )


def _set_free(company_file: CompanyFile, settled: Sequence[Posting], *, now: dt.datetime) -> None:
    """Place what waited for these records: their children, and their own newer revisions."""
    waiting = Q(pk__in=[])
    for kind, records in _records(settled).items():
        waiting |= Q(**{f"{kind}__in": records})
        if kind == RecordKind.COMPANY:
            waiting |= Q(bill_to__in=records)
        elif kind != RecordKind.INVOICE:
            waiting |= Q(**{f"invoice__{kind}__in": records})
    unsent = Posting.objects.filter(waiting, company_file=company_file, state__in=sorted(BEFORE_SENDING))
    if found := list(unsent.values_list("pk", flat=True)):
        place(company_file, Posting.objects.filter(pk__in=found), now=now)


def _make_way(company_file: CompanyFile, settled: Sequence[Posting], *, now: dt.datetime) -> None:
    """While these were in doubt their records may have got newer revisions: only those go on."""
    for kind, ids in _records(settled).items():
        outbox.overtake(company_file, kind, ids, now=now)


def _records(postings: Iterable[Posting]) -> dict[str, list[int]]:
    """Ids of the records these postings stand for, by kind."""
    ids: dict[str, list[int]] = defaultdict(list)
    for posting in postings:
        ids[posting.kind].append(getattr(posting, f"{posting.kind}_id"))
    return ids
