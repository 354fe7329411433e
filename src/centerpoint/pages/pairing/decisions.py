"""What the bookkeeper decides on Pair Customers. With a script only the row and the counts change; without, the page."""

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.companies.models import Company
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.pairing import undo
from centerpoint.pages.pairing.lists import head
from centerpoint.quickbooks.models import CompanyFile, Pairing, QuickBooksCustomer
from centerpoint.quickbooks.pairing import counting, operations, queries

# A decision about one company, perhaps with a customer; what was done, in a sentence.
Decide = Callable[[OfficeRequest, CompanyFile, Company, QuickBooksCustomer | None, dt.datetime], str]


def _pair(
    request: OfficeRequest,
    company_file: CompanyFile,
    company: Company,
    customer: QuickBooksCustomer | None,
    now: dt.datetime,
) -> str:
    assert customer is not None
    operations.pair(company_file=company_file, company=company, customer=customer, by=request.user, now=now)
    said = f"{company} is paired with {customer}."
    undo.remember(request, "paired", [(company.pk, customer.pk)], said)
    return said


def _not_the_same(
    request: OfficeRequest,
    company_file: CompanyFile,
    company: Company,
    customer: QuickBooksCustomer | None,
    now: dt.datetime,
) -> str:
    assert customer is not None
    operations.not_the_same(company_file=company_file, company=company, customer=customer, now=now)
    undo.remember(request, "rejected", [(company.pk, customer.pk)], f"{company} is not {customer}.")
    return ""


def _create(
    request: OfficeRequest,
    company_file: CompanyFile,
    company: Company,
    _: QuickBooksCustomer | None,
    now: dt.datetime,
) -> str:
    operations.create_there(company_file=company_file, company=company, by=request.user, now=now)
    said = f"{company} will be created in QuickBooks when the Web Connector next runs."
    undo.remember(request, "asked_for", [(company.pk, None)], said)
    return said


def _withdraw(
    request: OfficeRequest,
    company_file: CompanyFile,
    company: Company,
    _: QuickBooksCustomer | None,
    now: dt.datetime,
) -> str:
    operations.withdraw_creation(company_file=company_file, company=company, now=now)
    return ""


def _unpair(
    request: OfficeRequest,
    company_file: CompanyFile,
    company: Company,
    _: QuickBooksCustomer | None,
    now: dt.datetime,
) -> str:
    operations.unpair(company_file=company_file, company=company, now=now)
    return ""


# By the name of the button; those of the first group say about which customer in their value.
_ABOUT_A_CUSTOMER: dict[str, Decide] = {"pair": _pair, "not_the_same": _not_the_same}
_ABOUT_THE_COMPANY: dict[str, Decide] = {"create": _create, "withdraw": _withdraw, "unpair": _unpair}


@require_POST
@writes
@connected
def decide(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    company = get_object_or_404(Company, contractor=request.contractor, pk=pk)
    name, decision = _decision(request)
    customer = None
    if name in _ABOUT_A_CUSTOMER:
        customers = QuickBooksCustomer.objects.filter(company_file=company_file)
        customer = get_object_or_404(customers, pk=_whole(request.POST[name]))
    said = problem = ""
    try:
        said = decision(request, company_file, company, customer, timezone.now())
    except Refusal as refusal:
        problem = refusal.sentence
    if not request.htmx:
        if problem:
            messages.error(request, problem)
        return back(request, company.pk)
    [row] = queries.rows(company_file, [company])
    here = request.GET.get("tab", "")
    return render(
        request,
        "pages/pairing/decided.html",
        {
            "row": row,
            "said": said,
            "problem": problem,
            **head(request, counting.counts(company_file), here),
        },
    )


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise Http404("no such record")
    return int(text)


def _decision(request: OfficeRequest) -> tuple[str, Decide]:
    for name, decision in (*_ABOUT_A_CUSTOMER.items(), *_ABOUT_THE_COMPANY.items()):
        if name in request.POST:
            return name, decision
    raise Http404("no such decision")


@require_POST
@writes
@connected
def accept_certain(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    now = timezone.now()
    operations.accept_certain(company_file=company_file, by=request.user, now=now)
    paired = Pairing.objects.filter(company_file=company_file, paired_at=now, how=Pairing.How.CERTAIN)
    pairs = list(paired.values_list("company", "customer"))
    if pairs:
        undo.remember(request, "paired", pairs, f"{_number(len(pairs))} paired as certain.")
    else:
        messages.info(request, "Nothing is certain any more. Look at the likely ones.")
    return back(request)


@require_POST
@writes
@connected
def decide_selected(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    """Pair each chosen company with its best match, or have each created; what cannot be done is said and stays."""
    chosen = [pk for pk in request.POST.getlist("company") if pk.isdecimal() and len(pk) < 19]
    companies = list(
        Company.objects.filter(contractor=request.contractor, pk__in=chosen).order_by("name", "pk")
    )
    if not companies:
        messages.warning(request, "Choose at least one company.")
        return back(request)
    pairs_them = request.POST.get("do") == "pair"
    done: list[tuple[int, int | None]] = []
    refused = []
    for row in queries.rows(company_file, companies):
        try:
            done.append(_selected(request, company_file, row, pairs_them=pairs_them))
        except Refusal as refusal:
            refused.append(refusal.sentence)
    if done:
        did, said = ("paired", "paired") if pairs_them else ("asked_for", "will be created in QuickBooks")
        undo.remember(request, did, done, f"{_number(len(done))} {said}.")
    for sentence in refused[:5]:
        messages.error(request, sentence)
    if len(refused) > 5:
        messages.error(request, f"{len(refused) - 5} more could not be done.")
    return back(request)


class NoMatch(Refusal):
    def __init__(self, company: Company) -> None:
        super().__init__(
            f"{company} has no match to pair with. Choose a customer for it, or create it there."
        )


def _selected(
    request: OfficeRequest, company_file: CompanyFile, row: queries.Row, *, pairs_them: bool
) -> tuple[int, int | None]:
    now = timezone.now()
    if not pairs_them:
        operations.create_there(company_file=company_file, company=row.company, by=request.user, now=now)
        return row.company.pk, None
    if not row.matches or (customer := row.matches[0].customer) is None:
        raise NoMatch(row.company)
    operations.pair(
        company_file=company_file, company=row.company, customer=customer, by=request.user, now=now
    )
    return row.company.pk, customer.pk


@require_POST
@writes
@connected
def bring_in(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    customer = get_object_or_404(QuickBooksCustomer, company_file=company_file, pk=pk)
    try:
        pairing = operations.bring_in(
            company_file=company_file, customer=customer, by=request.user, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{pairing.company} is a company here now, paired with its customer.")
    return back(request)


@require_POST
@writes
@connected
def take_back(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    try:
        taken = undo.take_back(request, company_file, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return back(request)
    if taken is None:
        messages.info(request, "There is nothing to undo.")
        return back(request)
    said, company = taken
    messages.success(request, f"Undone: {said}")
    return back(request, company)


def back(request: OfficeRequest, company: int | None = None) -> HttpResponseBase:
    """To the list as it was, at the company's row."""
    query = request.META.get("QUERY_STRING", "")
    address = reverse("pairing", args=[request.contractor.pk])
    address += f"?{query}" if query else ""
    address += f"#company-{company}" if company else ""
    return HttpResponseRedirect(address)


def _number(count: int) -> str:
    return "1 company" if count == 1 else f"{count:,} companies"


urls = [
    path("quickbooks/pairing/<int:pk>/decide/", decide, name="pairing_decide"),
    path("quickbooks/pairing/certain/", accept_certain, name="pairing_certain"),
    path("quickbooks/pairing/selected/", decide_selected, name="pairing_selected"),
    path("quickbooks/pairing/customers/<int:pk>/bring-in/", bring_in, name="pairing_bring_in"),
    path("quickbooks/pairing/undo/", take_back, name="pairing_undo"),
]
