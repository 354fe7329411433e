"""What the bookkeeper decides about a posting. Each is one operation in one transaction."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q

from centerpoint.companies.models import Company
from centerpoint.contractors.models import User
from centerpoint.contractors.refusals import Refusal
from centerpoint.quickbooks.models import (
    SENDING_RANK,
    CompanyFile,
    Counterpart,
    Pairing,
    Posting,
    RecordKind,
)
from centerpoint.quickbooks.outbox.moves import move
from centerpoint.quickbooks.outbox.positions import place
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, IN_DOUBT, OPEN, State

# Gone without having been deleted there (cures.py): a backup of the company file was restored.
VANISHED_THERE = "vanished-there"
NO_REFUSAL = {"refusal": "", "refusal_text": "", "refusal_facts": {}}


class AlreadySent(Refusal):
    """The posting has left or is settled; what was asked is possible only before that."""

    def __init__(self, posting: Posting) -> None:
        super().__init__(
            f"This {posting.get_kind_display().lower()} is already "
            f"“{posting.get_state_display()}”; look at it again before you decide."
        )


class NotDeletedThere(Refusal):
    """Only a record that was deleted in QuickBooks can be created there anew or be let go."""

    def __init__(self, posting: Posting) -> None:
        super().__init__(
            f"This {posting.get_kind_display().lower()} is “{posting.get_state_display()}”, not deleted in QuickBooks."
        )


class NotAskedFor(Refusal):
    def __init__(self, company: Company) -> None:
        super().__init__(
            f"{company} is not waiting to be created in QuickBooks: nobody asked for it, or it has left already."
        )


@transaction.atomic
def approve(
    *,
    company_file: CompanyFile,
    now: dt.datetime,
    by: User | None = None,
    posting_ids: Iterable[int] | None = None,
) -> int:
    """Let held postings go, and those that wait for their customer or job as soon as they can; how many.

    A company that needs pairing is not approved with the rest: creating it is decided where it is paired.
    """
    postings = Posting.objects.filter(
        company_file=company_file,
        state__in=[State.HELD, State.WAITING, State.NEEDS_PAIRING],
        approved_at=None,
    ).exclude(kind=RecordKind.COMPANY, state=State.NEEDS_PAIRING)
    if posting_ids is not None:
        postings = postings.filter(pk__in=list(posting_ids))
    ids = list(postings.values_list("pk", flat=True))
    approved = Posting.objects.filter(pk__in=ids).update(approved_at=now, approved_by=by)
    place(company_file, Posting.objects.filter(pk__in=ids), now=now)
    return approved


@transaction.atomic
def hold(*, posting: Posting, now: dt.datetime) -> None:
    """Take an approval back, as long as the posting has not left."""
    _lock(posting)
    if State(posting.state) not in BEFORE_SENDING:
        raise AlreadySent(posting)
    Posting.objects.filter(pk=posting.pk).update(approved_at=None, approved_by=None)
    if State(posting.state) is State.READY:
        move([posting.pk], State.READY, State.HELD, now=now)


@transaction.atomic
def retry(*, posting: Posting, now: dt.datetime) -> None:
    """Send a refused or busy posting again, after what stood in its way was mended."""
    _lock(posting)
    old = State(posting.state)
    if old not in (State.REFUSED, State.BUSY):
        raise AlreadySent(posting)
    move([posting.pk], old, State.WAITING, now=now, attempts=0, try_after=None, batch_limit=100, **NO_REFUSAL)
    place(posting.company_file, Posting.objects.filter(pk=posting.pk), now=now)


@transaction.atomic
def hold_some(*, company_file: CompanyFile, posting_ids: Iterable[int], now: dt.datetime) -> int:
    """Take the approval of those back that have not left; how many."""
    postings = Posting.objects.select_for_update().filter(
        company_file=company_file,
        pk__in=list(posting_ids),
        state__in=sorted(BEFORE_SENDING),
        approved_at__isnull=False,
    )
    ids = list(postings.values_list("pk", flat=True))
    held = Posting.objects.filter(pk__in=ids).update(approved_at=None, approved_by=None)
    ready = Posting.objects.filter(pk__in=ids, state=State.READY)
    move(list(ready.values_list("pk", flat=True)), State.READY, State.HELD, now=now)
    return held


@transaction.atomic
def leave_out(*, company_file: CompanyFile, posting_ids: Iterable[int], now: dt.datetime) -> int:
    """Let these invoices rest without a link; how many. Companies and work cannot: something would wait for them."""
    left_out = 0
    invoices = Posting.objects.filter(
        company_file=company_file, pk__in=list(posting_ids), kind=RecordKind.INVOICE
    )
    for state in sorted(OPEN - IN_DOUBT):
        ids = list(invoices.filter(state=state).values_list("pk", flat=True))
        left_out += len(move(ids, State(state), State.BYPASSED, now=now, **NO_REFUSAL))
    return left_out


@transaction.atomic
def retry_all(*, company_file: CompanyFile, now: dt.datetime, refusals: Collection[str] = ()) -> int:
    """Send everything refused again, or what was refused for one of these reasons; how many."""
    postings = Posting.objects.filter(company_file=company_file, state=State.REFUSED)
    if refusals:
        postings = postings.filter(refusal__in=refusals)
    ids = list(postings.values_list("pk", flat=True))
    moved = move(
        ids, State.REFUSED, State.WAITING, now=now, attempts=0, try_after=None, batch_limit=100, **NO_REFUSAL
    )
    place(company_file, Posting.objects.filter(pk__in=moved), now=now)
    return len(moved)


@transaction.atomic
def bypass(*, posting: Posting, quickbooks_id: str, name: str, now: dt.datetime) -> Counterpart | None:
    """The record is already in QuickBooks, entered by hand: link it there instead of sending it.

    `quickbooks_id` is the ListID of the job or the TxnID of the invoice; the object is read at the next contact. An
    empty `quickbooks_id` lets the record rest without a link.
    """
    _lock(posting)
    old = State(posting.state)
    if old in IN_DOUBT or old in (State.IN_QUICKBOOKS, State.VOIDED, State.SUPERSEDED, State.BYPASSED):
        raise AlreadySent(posting)
    move([posting.pk], old, State.BYPASSED, now=now, **NO_REFUSAL)
    if not quickbooks_id or posting.kind == RecordKind.COMPANY:
        return None
    counterpart, _ = Counterpart.objects.update_or_create(
        company_file=posting.company_file,
        **{posting.kind: getattr(posting, posting.kind)},
        defaults={
            "kind": posting.kind,
            "quickbooks_id": quickbooks_id,
            "name": name,
            "edit_sequence": "",
            "linked_by_hand": True,
            "there": Counterpart.There.PRESENT,
            "read_again": posting.kind == RecordKind.INVOICE,
            "read_at": now,
        },
    )
    place(posting.company_file, Posting.objects.filter(bill_to=posting.bill_to), now=now)
    return counterpart


@transaction.atomic
def recreate(*, posting: Posting, now: dt.datetime) -> None:
    """Create anew what was deleted in QuickBooks."""
    _lock(posting)
    if State(posting.state) is not State.DELETED_THERE:
        raise NotDeletedThere(posting)
    if posting.refusal == VANISHED_THERE:
        _send_job_again(posting, now=now)
    _forget_counterpart(posting)
    # A new object gets a new mark: the old one may still be in a stored answer.
    move([posting.pk], State.DELETED_THERE, State.READY, now=now, mark=f"{{{uuid.uuid4()}}}", **NO_REFUSAL)
    place(posting.company_file, Posting.objects.filter(pk=posting.pk), now=now)


def _send_job_again(posting: Posting, *, now: dt.datetime) -> None:
    """What took an invoice away may have taken its job. Under its old mark a job that is still there is recognised."""
    invoice = posting.invoice
    assert invoice is not None, "only invoices vanish"
    jobs = Posting.objects.select_for_update().filter(
        Q(ticket=invoice.ticket_id, ticket__isnull=False)
        | Q(project=invoice.project_id, project__isnull=False),
        company_file=posting.company_file,
        state=State.IN_QUICKBOOKS,
    )
    for job in jobs:
        _forget_counterpart(job)
        move([job.pk], State.IN_QUICKBOOKS, State.DELETED_THERE, now=now)
        move([job.pk], State.DELETED_THERE, State.READY, now=now)
        place(job.company_file, Posting.objects.filter(pk=job.pk), now=now)


@transaction.atomic
def unlink(*, posting: Posting, now: dt.datetime) -> None:
    """Accept that the record is not in QuickBooks any more, and leave it so."""
    _lock(posting)
    if State(posting.state) is not State.DELETED_THERE:
        raise NotDeletedThere(posting)
    _forget_counterpart(posting)
    move([posting.pk], State.DELETED_THERE, State.BYPASSED, now=now, **NO_REFUSAL)


@transaction.atomic
def post_company(
    *, company_file: CompanyFile, company: Company, now: dt.datetime, by: User | None = None
) -> Posting:
    """Ask for a company to be created in QuickBooks; pairing has made sure that it may be."""
    posting = (
        Posting.objects.select_for_update()
        .filter(company_file=company_file, company=company)
        .exclude(state=State.SUPERSEDED)
        .order_by("-revision")
        .first()
    )
    if posting is None:
        posting = Posting.objects.create(
            company_file=company_file,
            kind=RecordKind.COMPANY,
            company=company,
            revision=company.revision,
            rank=SENDING_RANK[RecordKind.COMPANY],
            bill_to=company,
            state=State.WAITING,
            state_since=now,
            created_at=now,
            mark=f"{{{uuid.uuid4()}}}",
        )
    state = State(posting.state)
    if state is State.REFUSED:
        move([posting.pk], state, State.WAITING, now=now, attempts=0, **NO_REFUSAL)
    elif state not in BEFORE_SENDING:
        raise AlreadySent(posting)
    Posting.objects.filter(pk=posting.pk).update(approved_at=now, approved_by=by)
    place(company_file, Posting.objects.filter(bill_to=company), now=now)
    posting.refresh_from_db()
    return posting


@transaction.atomic
def withdraw_company(*, company_file: CompanyFile, company: Company, now: dt.datetime) -> None:
    """Take back that a company is to be created, as long as it has not left; what is billed to it waits again."""
    posting = (
        Posting.objects.select_for_update()
        .filter(
            company_file=company_file,
            company=company,
            approved_at__isnull=False,
            state__in=sorted(BEFORE_SENDING),
        )
        .order_by("-revision")
        .first()
    )
    if posting is None:
        raise NotAskedFor(company)
    if posting.created_at == posting.approved_at:
        # It exists only because post_company was asked for it; without that nothing would be owed.
        posting.delete()
    else:
        hold(posting=posting, now=now)
    place(company_file, Posting.objects.filter(bill_to=company).exclude(pk=posting.pk), now=now)


def _lock(posting: Posting) -> None:
    posting.refresh_from_db(from_queryset=Posting.objects.select_for_update())


def _forget_counterpart(posting: Posting) -> None:
    if posting.kind == RecordKind.COMPANY:
        Pairing.objects.filter(company_file=posting.company_file, company=posting.company).delete()
        return
    Counterpart.objects.filter(
        **{"company_file": posting.company_file, posting.kind: getattr(posting, f"{posting.kind}_id")}
    ).delete()
