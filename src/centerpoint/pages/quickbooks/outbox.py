"""The outbox: what waits to go to QuickBooks, what each of it waits for, and what the bookkeeper decides."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.billing.money import stored_sum
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv
from centerpoint.pages.quickbooks.filters import Filters
from centerpoint.quickbooks import outbox as operations
from centerpoint.quickbooks.models import RECORD_FIELDS, CompanyFile, Posting, RecordKind
from centerpoint.quickbooks.outbox import queries
from centerpoint.quickbooks.posting_states import OPEN, State

COLUMNS: tuple[Column[Posting], ...] = (
    Column(
        key="kind",
        label="Kind",
        order=("rank", "kind"),
        text=lambda posting: posting.get_kind_display(),
        is_secondary=True,
    ),
    Column(key="record", label="Record", text=queries.title),
    Column(
        key="bill_to",
        label="Bill to",
        order=("bill_to__name",),
        text=lambda posting: posting.bill_to.name,
        is_secondary=True,
    ),
    Column(key="state", label="State", order=("state",), text=lambda posting: posting.get_state_display()),
    Column(key="why", label="What happens next", text=queries.sentence, is_secondary=True),
    Column(
        key="since",
        label="Since",
        order=("state_since",),
        text=lambda posting: f"{timezone.localtime(posting.state_since):%Y-%m-%d %H:%M}",
        is_secondary=True,
    ),
    Column(
        key="amount", label="Amount", order=("amount",), text=lambda posting: posting.amount, is_number=True
    ),
)
# On the page what happens next stands below the state.
SHOWN = tuple(column for column in COLUMNS if column.key not in ("why", "kind"))
# In the order in which a bookkeeper asks: what wants her, then what goes by itself.
PRESETS: tuple[tuple[str, str, frozenset[State]], ...] = (
    ("", "All", OPEN),
    ("held", "To approve", frozenset({State.HELD})),
    ("refused", "To fix", frozenset({State.REFUSED})),
    ("needs_pairing", "Needs pairing", frozenset({State.NEEDS_PAIRING})),
    ("waiting", "Waits for another", frozenset({State.WAITING})),
    ("ready", "Ready", frozenset({State.READY})),
    ("sent", "On the way", frozenset({State.SENT, State.UNKNOWN, State.BUSY})),
)


class Chosen(Filters):
    kind = forms.ChoiceField(required=False, label="Kind", choices=[("", "All kinds"), *RecordKind.choices])
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[(key, label) for key, label, _ in PRESETS],
        widget=forms.HiddenInput,
    )


def _found(company_file: CompanyFile, chosen: Mapping[str, Any], search: str) -> QuerySet[Posting, Posting]:
    states = next(states for key, _, states in PRESETS if key == chosen.get("state", ""))
    return queries.open_postings(
        company_file,
        kinds=[chosen["kind"]] if "kind" in chosen else [],
        states=states,
        search=search,
    )


@reads
@connected
def outbox(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    filters, search = Chosen(request.GET), request.GET.get("search", "").strip()
    found = _found(company_file, filters.chosen, search).select_related("bill_to", *RECORD_FIELDS)
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="outbox")
    of_all = queries.totals(queries.open_postings(company_file))
    known = None if filters.chosen else {"count": of_all.count, "amount": of_all.amount}
    shown = listing(request, found, SHOWN, sums=queries.SUMS, known=known)
    here = filters.chosen.get("state", "")
    lines = queries.lines(company_file, shown.rows)
    return render(
        request,
        "pages/quickbooks/outbox.html",
        {
            "title": "Outbox",
            "listing": shown,
            "filters": filters,
            "lines": {line.posting_id: line for line in lines},
            "amount": stored_sum(shown.sums["amount"]),
            "of_all": of_all,
            "next_run": queries.next_run(company_file, now=timezone.now()),
            "presets": [
                (key, label, sum(of_all.by_state.get(state, 0) for state in states), key == here)
                for key, label, states in PRESETS
            ],
            "state": here,
        },
    )


@writes
@require_POST
@connected
def decide_some(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    """Approve, hold or leave out what is ticked, or all that fits the filters."""
    filters = Chosen(request.POST)
    if request.POST.get("all"):
        found = _found(company_file, filters.chosen, request.POST.get("search", "").strip())
        ids = list(found.order_by().values_list("pk", flat=True))
    else:
        ids = [int(pk) for pk in request.POST.getlist("posting") if pk.isdecimal() and len(pk) < 19]
    now = timezone.now()
    match request.POST.get("decision"):
        case "approve":
            count = operations.approve(company_file=company_file, now=now, by=request.user, posting_ids=ids)
            said = "approved. What is ready goes out at the next run"
        case "hold":
            count = operations.hold_some(company_file=company_file, posting_ids=ids, now=now)
            said = "held. Nothing of that goes out until it is approved"
        case "leave_out":
            count = operations.leave_out(company_file=company_file, posting_ids=ids, now=now)
            said = "left out. An invoice goes out again only after it is changed here"
        case _:
            return HttpResponse("There is no such decision.", status=400)
    if count:
        messages.success(request, f"{count:,} {said}.")
    else:
        messages.warning(request, "Nothing among these could be decided so. Look at their states again.")
    return redirect(_back(request, filters))


def _back(request: OfficeRequest, filters: Chosen) -> str:
    query = QueryDict(mutable=True)
    query.update({**filters.chosen, "search": request.POST.get("search", "")})
    return f"{reverse('outbox', args=[request.contractor.pk])}?{query.urlencode()}"


urls = [
    path("quickbooks/outbox/", outbox, name="outbox"),
    path("quickbooks/outbox/decide/", decide_some, name="outbox_decide"),
]
