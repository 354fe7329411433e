"""One posting: the record as it is here beside what QuickBooks holds, and what can be decided about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.quickbooks.buttons import buttons
from centerpoint.pages.quickbooks.dry_run import of_posting
from centerpoint.quickbooks import fixes, outbox, standing
from centerpoint.quickbooks.attempts import attempts
from centerpoint.quickbooks.models import RECORD_FIELDS, CompanyFile, Posting, RecordKind
from centerpoint.quickbooks.outbox import queries
from centerpoint.quickbooks.outbox.candidates import candidates_for
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, State

# Messages of one posting that are shown; all of them are under Runs.
ATTEMPTS = 20
_NOT_SENT = BEFORE_SENDING | {State.BUSY}
_MAY_LINK = _NOT_SENT | {State.REFUSED, State.DELETED_THERE}


def _posting(company_file: CompanyFile, pk: int) -> Posting:
    found = Posting.objects.filter(company_file=company_file)
    posting: Posting = get_object_or_404(
        found.select_related("company_file", "bill_to", *RECORD_FIELDS), pk=pk
    )
    return posting


@reads
@connected
def posting(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    found = _posting(company_file, pk)
    record = getattr(found, found.kind)
    is_to_fix = found.state in (State.REFUSED, State.DELETED_THERE)
    fix = fixes.fix(found) if is_to_fix else None
    may_link = State(found.state) in _MAY_LINK and found.kind != RecordKind.COMPANY
    search = request.GET.get("search", "").strip()
    [line] = queries.lines(company_file, [found])
    return render(
        request,
        "pages/quickbooks/posting.html",
        {
            "posting": found,
            "line": line,
            "standing": standing.standing(company_file, record),
            "fix": fix,
            "buttons": buttons(request.contractor.pk, fix) if fix else [],
            "one": of_posting(found) if found.state in _NOT_SENT else None,
            "may_link": may_link,
            "search": search,
            "candidates": candidates_for(found, search=search) if may_link else [],
            "choices": _choices(State(found.state), is_invoice=found.kind == RecordKind.INVOICE),
        },
    )


def _choices(state: State, *, is_invoice: bool) -> list[tuple[str, str]]:
    """What can be decided besides the cure: the decision's word and its button."""
    found = []
    if state in (State.HELD, State.WAITING, State.NEEDS_PAIRING):
        found.append(("approve", "Approve"))
    if state is State.READY:
        found.append(("hold", "Hold"))
    if state is State.BUSY:
        found.append(("retry", "Try again now"))
    if is_invoice and (state in BEFORE_SENDING or state is State.REFUSED):
        found.append(("leave_out", "Leave out"))
    return found


@writes
@require_POST
@connected
def decide(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponse:
    found = _posting(company_file, pk)
    decision = _DECISIONS.get(request.POST.get("decision", ""))
    if decision is None:
        return HttpResponse("There is no such decision.", status=400)
    try:
        decision.operation(request, found)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, decision.said)
    if request.POST.get("back") == "fixes":
        return redirect("fixes", request.contractor.pk)
    return redirect("posting", request.contractor.pk, found.pk)


@writes
@require_POST
@connected
def link(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponse:
    """Already there: one of the candidates is the record."""
    found = _posting(company_file, pk)
    chosen = request.POST.get("candidate", "")
    offered = candidates_for(found, search=request.POST.get("search", "").strip())
    candidate = next((each for each in offered if each.quickbooks_id == chosen), None)
    if candidate is None:
        messages.error(request, "Choose which one it is.")
        return redirect("posting", request.contractor.pk, found.pk)
    try:
        outbox.bypass(
            posting=found, quickbooks_id=candidate.quickbooks_id, name=candidate.name, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, f"Linked with “{candidate.name}”. It is not sent; QuickBooks is read at the next run."
        )
    return redirect("posting", request.contractor.pk, found.pk)


@dataclass(frozen=True, slots=True)
class _Decision:
    operation: Callable[[OfficeRequest, Posting], Any]
    said: str


def _approve(request: OfficeRequest, found: Posting) -> None:
    outbox.approve(
        company_file=found.company_file, now=timezone.now(), by=request.user, posting_ids=[found.pk]
    )


def _leave_out(request: OfficeRequest, found: Posting) -> None:
    outbox.leave_out(company_file=found.company_file, posting_ids=[found.pk], now=timezone.now())


_DECISIONS = {
    "approve": _Decision(_approve, "Approved. It goes out as soon as nothing else stands in its way."),
    "hold": _Decision(
        lambda request, found: outbox.hold(posting=found, now=timezone.now()), "Held until it is approved."
    ),
    "leave_out": _Decision(_leave_out, "Left out. It goes out only after it is changed here."),
    "retry": _Decision(
        lambda request, found: outbox.retry(posting=found, now=timezone.now()),
        "It is tried again at the next run.",
    ),
    "recreate": _Decision(
        lambda request, found: outbox.recreate(posting=found, now=timezone.now()),
        "It is created anew in QuickBooks at the next run.",
    ),
    "unlink": _Decision(
        lambda request, found: outbox.unlink(posting=found, now=timezone.now()),
        "Let go. It stays here, and not in QuickBooks.",
    ),
}


@writes
@connected
def posting_texts(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    """What was asked of QuickBooks for this record alone, and what it said, in every message it went in."""
    found = _posting(company_file, pk)
    if found.exchange_id is None:
        raise Http404("nothing was sent for it")
    template = "attempts" if request.htmx else "posting_texts"
    return render(
        request,
        f"pages/quickbooks/{template}.html",
        {
            "posting": found,
            "title": queries.title(found),
            "attempts": attempts(found, at_most=ATTEMPTS),
            "at_most": ATTEMPTS,
        },
    )


urls = [
    path("quickbooks/outbox/<int:pk>/", posting, name="posting"),
    path("quickbooks/outbox/<int:pk>/decide/", decide, name="posting_decide"),
    path("quickbooks/outbox/<int:pk>/link/", link, name="posting_link"),
    path("quickbooks/outbox/<int:pk>/texts/", posting_texts, name="posting_texts"),
]
