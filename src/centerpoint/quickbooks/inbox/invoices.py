"""Our invoices as QuickBooks has them now: their balances, and what somebody did to them there."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from centerpoint.billing.models import InvoiceStatus
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.inbox.links import take_links
from centerpoint.quickbooks.mapping import invoices
from centerpoint.quickbooks.mapping.facts import Content, Difference
from centerpoint.quickbooks.models import CompanyFile, Counterpart, Posting, RecordKind
from centerpoint.quickbooks.outbox.decisions import VANISHED_THERE
from centerpoint.quickbooks.posting_states import MOVES, OPEN, State
from qbxml.messages import InvoiceRet

ZERO = Decimal(0)

# Words of cures.py: what shows beside an invoice that somebody changed or voided in QuickBooks.
EDITED_THERE = "edited-there"
VOIDED_THERE = "voided-there"

_COLUMNS = ("edit_sequence", "name", "agreed", "line_ids", "there", "total", "balance")


@dataclass(frozen=True, slots=True)
class Seen:
    """One of our invoices as it was read: its counterpart, its newest posting and the answer."""

    counterpart: Counterpart
    posting: Posting | None
    ret: InvoiceRet


def take_invoices(company_file: CompanyFile, rets: Sequence[InvoiceRet], *, now: dt.datetime) -> None:
    """Take in invoices read with their lines and links. Those that are not ours are passed over."""
    seen = _recognise(company_file, rets)
    if not seen:
        return
    before = {one.counterpart.pk: _columns(one.counterpart) for one in seen}
    for one in seen:
        if _is_void(one.ret):
            _take_void(one, now=now)
        else:
            _take_content(one, now=now)
    changed = [one.counterpart for one in seen if _columns(one.counterpart) != before[one.counterpart.pk]]
    for counterpart in changed:
        counterpart.read_at = now
    Counterpart.objects.bulk_update(changed, [*_COLUMNS, "read_at"])
    take_links(company_file, [one.ret for one in seen], now=now)


def invoices_gone(company_file: CompanyFile, txn_ids: Sequence[str], *, now: dt.datetime) -> None:
    """These invoices of ours are not in the company file any more."""
    counterparts = Counterpart.objects.filter(
        company_file=company_file, kind=RecordKind.INVOICE, quickbooks_id__in=txn_ids
    ).exclude(there=Counterpart.There.DELETED)
    gone = dict(counterparts.values_list("pk", "invoice"))
    if not gone:
        return
    Counterpart.objects.filter(pk__in=gone).update(
        there=Counterpart.There.DELETED, balance=ZERO, read_again=False, read_at=now
    )
    # Of one that is void here, nothing is missing there.
    postings = Posting.objects.filter(company_file=company_file, invoice__in=gone.values()).exclude(
        invoice__status=InvoiceStatus.VOID
    )
    deleted_there(postings.values_list("pk", "state"), now=now)


def invoices_vanished(company_file: CompanyFile, txn_ids: Sequence[str], *, now: dt.datetime) -> None:
    """QuickBooks does not find these invoices of ours and named none of them among the deleted ones.

    Whoever restores a backup takes back everything since: all invoices there are looked for, none is sent again.
    """
    there = Counterpart.objects.filter(
        company_file=company_file, kind=RecordKind.INVOICE, there=Counterpart.There.PRESENT
    )
    vanished = there.filter(quickbooks_id__in=txn_ids)
    records = list(vanished.values_list("invoice", flat=True))
    if not records:
        return
    invoices_gone(company_file, txn_ids, now=now)
    Posting.objects.filter(company_file=company_file, invoice__in=records, state=State.DELETED_THERE).update(
        refusal=VANISHED_THERE
    )
    there.update(read_again=True)


def look_for_the_latest(company_file: CompanyFile) -> None:
    """Have the latest invoice of ours read anew: it is the first to vanish when a backup is restored."""
    there = Counterpart.objects.filter(
        company_file=company_file, kind=RecordKind.INVOICE, there=Counterpart.There.PRESENT
    )
    latest = list(there.order_by("-pk").values_list("pk", flat=True)[:1])
    Counterpart.objects.filter(pk__in=latest).update(read_again=True)


def deleted_there(postings: Any, *, now: dt.datetime) -> None:
    """Move postings, given as (id, state), whose object was deleted. One in doubt is asked about first."""
    by_state: dict[State, list[int]] = defaultdict(list)
    for pk, state in postings:
        by_state[State(state)].append(pk)
    for state, ids in by_state.items():
        if State.DELETED_THERE in MOVES[state]:
            outbox.move(ids, state, State.DELETED_THERE, now=now)


def _recognise(company_file: CompanyFile, rets: Sequence[InvoiceRet]) -> list[Seen]:
    by_id = {ret.txn_id: ret for ret in rets}
    counterparts = list(
        Counterpart.objects.filter(
            company_file=company_file, kind=RecordKind.INVOICE, quickbooks_id__in=by_id
        ).select_related("invoice")
    )
    postings = (
        Posting.objects.filter(
            company_file=company_file, invoice__in=[counterpart.invoice_id for counterpart in counterparts]
        )
        .exclude(state=State.SUPERSEDED)
        .order_by("revision")
    )
    newest = {posting.invoice_id: posting for posting in postings}
    return [
        Seen(counterpart, newest.get(counterpart.invoice_id), by_id[counterpart.quickbooks_id])
        for counterpart in counterparts
    ]


def _columns(counterpart: Counterpart) -> tuple[object, ...]:
    return tuple(getattr(counterpart, column) for column in _COLUMNS)


def _total(ret: InvoiceRet) -> Decimal:
    return (ret.subtotal or ZERO) + (ret.sales_tax_total or ZERO)


def _is_void(ret: InvoiceRet) -> bool:
    """Voiding leaves the invoice with every amount at zero and "VOID:" before its memo (protocol.md E.4)."""
    return not _total(ret) and (ret.memo or "").upper().startswith("VOID")


def _take_void(one: Seen, *, now: dt.datetime) -> None:
    counterpart, posting = one.counterpart, one.posting
    counterpart.there = Counterpart.There.VOIDED
    counterpart.edit_sequence = one.ret.edit_sequence
    counterpart.total = counterpart.balance = ZERO
    if posting is None or State.VOIDED not in MOVES[State(posting.state)]:
        return
    assert counterpart.invoice is not None, "an invoice's counterpart has its invoice"
    is_void_here = counterpart.invoice.status == InvoiceStatus.VOID
    refusal = "" if is_void_here else VOIDED_THERE
    outbox.move([posting.pk], State(posting.state), State.VOIDED, now=now, refusal=refusal)


def _take_content(one: Seen, *, now: dt.datetime) -> None:
    """Compare with what both sides agreed on last.

    Somebody's change there shows an invoice as not done that was. While a change of ours is on its way, neither the
    edit sequence nor the agreed content follows, so that QuickBooks stops ours instead of letting it overwrite theirs.
    """
    counterpart, posting, ret = one.counterpart, one.posting, one.ret
    there = invoices.there(ret)
    counterpart.there = Counterpart.There.PRESENT
    counterpart.balance = ret.balance_remaining
    differences = _differences(one, there) if counterpart.agreed else []
    if posting is not None and _was_edited(posting):
        _follow_edit(posting, differences, now=now)
    elif differences and posting is not None and posting.state == State.IN_QUICKBOOKS:
        outbox.move(
            [posting.pk],
            State.IN_QUICKBOOKS,
            State.REFUSED,
            now=now,
            refusal=EDITED_THERE,
            refusal_text="",
            refusal_facts=_as_facts(differences),
        )
    elif differences and posting is not None and posting.state in OPEN:
        return
    _agree(counterpart, there, ret)


def _agree(counterpart: Counterpart, content: Content, ret: InvoiceRet) -> None:
    counterpart.agreed = content
    counterpart.edit_sequence = ret.edit_sequence
    counterpart.total = _total(ret)
    counterpart.line_ids = [line.txn_line_id for line in ret.invoice_line_ret]
    counterpart.name = ret.ref_number or ""


def _was_edited(posting: Posting) -> bool:
    return posting.state == State.REFUSED and posting.refusal == EDITED_THERE


def _differences(one: Seen, there: Content) -> list[Difference]:
    """Field by field. While an edit is not dealt with, "ours" stays what was ours before it."""
    wanted = dict(one.counterpart.agreed)
    if one.posting is not None and _was_edited(one.posting):
        wanted |= {
            difference["field"]: difference["ours"] for difference in one.posting.refusal_facts["differences"]
        }
    return [
        Difference(field=name, ours=wanted.get(name, ""), theirs=there.get(name, ""))
        for name in sorted(wanted.keys() | there.keys())
        if there.get(name, "") != wanted.get(name, "")
    ]


def _as_facts(differences: Sequence[Difference]) -> dict[str, Any]:
    return {
        "fields": ", ".join(difference.field for difference in differences),
        "differences": [
            {"field": difference.field, "ours": difference.ours, "theirs": difference.theirs}
            for difference in differences
        ],
    }


def _follow_edit(posting: Posting, differences: Sequence[Difference], *, now: dt.datetime) -> None:
    if not differences:  # somebody changed it back
        outbox.move(
            [posting.pk],
            State.REFUSED,
            State.IN_QUICKBOOKS,
            now=now,
            refusal="",
            refusal_facts={},
        )
    elif (facts := _as_facts(differences)) != posting.refusal_facts:
        Posting.objects.filter(pk=posting.pk).update(refusal_facts=facts)
