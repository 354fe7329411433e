"""PURE: what QuickBooks' answer to one request means for its posting."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from centerpoint.quickbooks.mapping import customers, invoices, jobs
from centerpoint.quickbooks.mapping.facts import Content, Difference, Settled
from centerpoint.quickbooks.models import Posting, RecordKind
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync.postings import PostingRow
from centerpoint.quickbooks.sync.steps import Sent
from qbxml.codec import Answer
from qbxml.messages import InvoiceRet
from qbxml.status import StatusClass, classify

STALE_ROUNDS = 3
BUSY_ROUNDS = 12
# How often something is sent again that QuickBooks neither did nor explained.
LOST_ROUNDS = 3
# How many records of one name or number are offered to choose from.
MOST_TOLD = 20

_SETTLE: dict[str, Callable[[Content, Any], Settled]] = {
    RecordKind.COMPANY: customers.settle,
    RecordKind.PROPERTY: jobs.settle,
    RecordKind.TICKET: jobs.settle,
    RecordKind.PROJECT: jobs.settle,
    RecordKind.INVOICE: invoices.settle,
}
_THERE: dict[str, Callable[[Any], Content]] = {
    RecordKind.COMPANY: customers.there,
    RecordKind.PROPERTY: jobs.there,
    RecordKind.TICKET: jobs.there,
    RecordKind.PROJECT: jobs.there,
    RecordKind.INVOICE: invoices.there,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What we know of a posting when its answer comes."""

    posting: int
    kind: str
    mark: str
    attempts: int
    # What both sides agreed on before; of a customer, what it held when it was read last. Empty for a new object.
    agreed: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where the posting goes, and what was learned of its object."""

    posting: int
    state: State
    code: str = ""  # QuickBooks' status code or a word of cures.py
    text: str = ""  # QuickBooks' own words
    facts: Mapping[str, Any] = field(default_factory=dict)
    settled: Settled | None = None
    wrote: Content = field(default_factory=dict)  # what was sent of what `settled` tells
    record: Any = None  # the Ret that came
    quickbooks_id: str = ""
    counts_as_try: bool = False
    stops_the_file: str = ""  # a trouble of the whole company file


def by_state(outcomes: Sequence[Outcome], rows: Mapping[int, PostingRow]) -> dict[str, dict[str, list[int]]]:
    """Where an answer takes which postings: ids by state and kind, to be kept with the exchange."""
    taken: dict[str, dict[str, list[int]]] = {}
    for outcome in outcomes:
        of_kind = taken.setdefault(outcome.state.value, {}).setdefault(rows[outcome.posting].kind, [])
        of_kind.append(outcome.posting)
    return taken


def of_answer(sent: Sent, known: Known, answer: Answer | None) -> Outcome:
    """The outcome of a request that writes. `answer` is None when the answer set had none for it."""
    if answer is None:
        return Outcome(posting=sent.posting, state=State.UNKNOWN, code="no-answer", counts_as_try=True)
    record = answer.records[0] if answer.records else None
    status = answer.status
    kind = classify(status.code, status.message, is_query=False, has_record=record is not None)
    base: dict[str, Any] = {"posting": sent.posting, "code": str(status.code), "text": status.message}
    if kind in (StatusClass.OK, StatusClass.SAVED_WITH_WARNING):
        return _saved(sent, known, record, answer)
    if kind is StatusClass.STALE:
        if record is None:  # QuickBooks' stored answer may be without it: read it, then compare
            return Outcome(**base, state=State.UNKNOWN, counts_as_try=True)
        return _stale(sent, known, record, base)
    if kind is StatusClass.TRANSIENT:
        state = State.BUSY if known.attempts < BUSY_ROUNDS else State.REFUSED
        return Outcome(**base, state=state, counts_as_try=True)
    if kind is StatusClass.NOT_RUN:
        return Outcome(posting=sent.posting, state=State.READY)
    if kind is StatusClass.PERMISSION:
        return Outcome(**base, state=State.BUSY, counts_as_try=True, stops_the_file="no-permission")
    if kind is StatusClass.UNKNOWN_OUTCOME:
        return Outcome(**base, state=State.UNKNOWN, counts_as_try=True)
    return Outcome(**base, state=State.REFUSED, facts={"name": sent.name})


def _saved(sent: Sent, known: Known, record: Any, answer: Answer) -> Outcome:
    if sent.action == Posting.Action.VOID:
        return Outcome(posting=sent.posting, state=State.VOIDED, quickbooks_id=sent.quickbooks_id)
    if record is not None and _bears_another_mark(sent, known, record):
        return Outcome(posting=sent.posting, state=State.UNKNOWN, code="no-answer", counts_as_try=True)
    if record is not None:
        return of_record(sent, known, record)
    # QuickBooks' stored answer may hold the identity only (protocol.md C.4): the object itself is asked for next.
    recovery = answer.error_recovery
    found = (recovery.list_id or recovery.txn_id or "") if recovery else ""
    return Outcome(
        posting=sent.posting,
        state=State.UNKNOWN,
        code="stored-answer-without-record",
        facts={"quickbooks_id": found or sent.quickbooks_id},
    )


def of_record(sent: Sent, known: Known, record: Any) -> Outcome:
    """Shown as done only when what QuickBooks holds equals what was sent, to the cent."""
    settled = _SETTLE[known.kind](sent.content, record)
    told: dict[str, Any] = {
        "posting": sent.posting,
        "settled": settled,
        "wrote": sent.content,
        "record": record,
    }
    if not settled.differences:
        return Outcome(**told, state=State.IN_QUICKBOOKS)
    facts = differences_as_facts(settled.differences)
    return Outcome(**told, state=State.REFUSED, code="answer-differs", facts=facts)


def differences_as_facts(differences: tuple[Difference, ...]) -> dict[str, Any]:
    return {
        "fields": ", ".join(difference.field for difference in differences),
        "differences": [
            {"field": difference.field, "ours": difference.ours, "theirs": difference.theirs}
            for difference in differences
        ],
    }


def _stale(sent: Sent, known: Known, record: Any, base: dict[str, Any]) -> Outcome:
    """Somebody changed the object in QuickBooks. Never overwritten blindly: compared with what both last agreed on."""
    there = _THERE[known.kind](record)
    touched = tuple(
        Difference(field=name, ours=wanted, theirs=there.get(name, ""))
        for name, wanted in sent.content.items()
        if there.get(name, "") != known.agreed.get(name, "") and there.get(name, "") != wanted
    )
    # What a customer and its company agree on is settled field by field when the customers are read.
    settled = None if known.kind == RecordKind.COMPANY else _SETTLE[known.kind](there, record)
    if touched or known.attempts >= STALE_ROUNDS:
        return Outcome(
            **{**base, "code": "changed-there"},
            state=State.REFUSED,
            facts=differences_as_facts(touched),
            settled=settled,
            record=record,
        )
    return Outcome(
        posting=sent.posting, state=State.READY, settled=settled, record=record, counts_as_try=True
    )


def of_search(sent: Sent, known: Known, found: list[Any], *, by_id: bool) -> Outcome:
    """The outcome of looking for an object whose answer was lost for good.

    Found by ID, it is ours. Found by name or number, only our own mark proves it.
    """
    if sent.action != Posting.Action.ADD:
        return _of_change(sent, known, found)
    ours = [record for record in found if by_id or _same_guid(record.external_guid, known.mark)]
    if len(ours) == 1:
        return of_record(sent, known, ours[0])
    if len(ours) > 1:
        return Outcome(
            posting=sent.posting,
            state=State.REFUSED,
            code="twice-there",
            facts={"name": sent.name, "count": str(len(ours)), "found": _told(ours)},
        )
    if not found:
        return _not_there(sent, known)
    return Outcome(
        posting=sent.posting,
        state=State.REFUSED,
        code="already-there",
        facts={"name": sent.name, "count": str(len(found)), "found": _told(found)},
    )


def _told(found: Sequence[Any]) -> list[dict[str, str]]:
    """What a person tells these records apart by: what outbox/candidates.py offers to link."""
    return [_identity(record) for record in found[:MOST_TOLD]]


def _identity(record: Any) -> dict[str, str]:
    if isinstance(record, InvoiceRet):
        customer = record.customer_ref.full_name if record.customer_ref else ""
        date = record.txn_date.isoformat() if record.txn_date else ""
        total = f"{(record.subtotal or 0) + (record.sales_tax_total or 0):.2f}"
        detail = ", ".join(filter(None, (customer, date, total)))
        return {"id": record.txn_id, "name": record.ref_number or "", "detail": detail}
    return {"id": record.list_id, "name": record.full_name or "", "detail": ""}


def _not_there(sent: Sent, known: Known) -> Outcome:
    if known.attempts < LOST_ROUNDS:
        return Outcome(posting=sent.posting, state=State.READY, counts_as_try=True)
    return Outcome(
        posting=sent.posting,
        state=State.REFUSED,
        code="never-arrives",
        facts={"name": sent.name, "times": str(known.attempts)},
    )


def _of_change(sent: Sent, known: Known, found: list[Any]) -> Outcome:
    if not found:
        return Outcome(
            posting=sent.posting, state=State.REFUSED, code="gone-there", facts={"name": sent.name}
        )
    record = found[0]
    if sent.action == Posting.Action.VOID:
        is_void = not record.subtotal and (record.memo or "").upper().startswith("VOID")
        return Outcome(
            posting=sent.posting, state=State.VOIDED if is_void else State.READY, counts_as_try=True
        )
    outcome = of_record(sent, known, record)
    if outcome.state is State.IN_QUICKBOOKS:
        return outcome
    return _stale(sent, known, record, {"posting": sent.posting, "code": "changed-there", "text": ""})


def _bears_another_mark(sent: Sent, known: Known, record: Any) -> bool:
    """An answer that shows somebody else's object proves nothing about ours."""
    is_new = sent.action == Posting.Action.ADD
    return is_new and bool(record.external_guid) and not _same_guid(record.external_guid, known.mark)


def _same_guid(one: str | None, other: str) -> bool:
    return (one or "").strip("{}").lower() == other.strip("{}").lower()
