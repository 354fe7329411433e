"""The lists of Pair Customers: companies by how well they match, pairs, and QuickBooks customers that are nobody here."""

from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path

from centerpoint.companies.models import Company
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.listing import PER_PAGE, Column, csv_file, listing, wants_csv
from centerpoint.pages.pairing import undo
from centerpoint.quickbooks.counted import said
from centerpoint.quickbooks.models import CompanyFile, Pairing, QuickBooksCustomer
from centerpoint.quickbooks.pairing import counting, queries
from centerpoint.quickbooks.pairing.counting import Counts
from centerpoint.quickbooks.pairing.queries import Bucket

PAIRED, CUSTOMERS = "paired", "customers"
# A company to be paired takes the height of several lines, and as much more time to show.
COMPANIES_PER_PAGE = 25
_TABS = {
    Bucket.CERTAIN: "Certain",
    Bucket.LIKELY: "Likely",
    Bucket.WITHOUT: "No match",
    Bucket.NAME_CLASH: "Name clash",
    Bucket.COMING: "Being created",
    PAIRED: "Paired",
    CUSTOMERS: "Only in QuickBooks",
}
_EMPTY = {
    Bucket.CERTAIN: "No certain matches are left.",
    Bucket.LIKELY: "No likely matches are left to look at.",
    Bucket.WITHOUT: "Every company has a match or a customer in QuickBooks.",
    Bucket.NAME_CLASH: "No name stands in the way.",
    Bucket.COMING: "Nothing is on its way. What you ask to be created waits here until the Web Connector next runs.",
    PAIRED: "Nothing is paired yet.",
    CUSTOMERS: "Every active customer in QuickBooks is a company here.",
}

COMPANIES: tuple[Column[Company], ...] = (
    Column(key="name", label="Company", order=("name",), text=lambda company: company.name),
    Column(key="city", label="City", order=("billing_city",), text=lambda company: company.billing_city),
    Column(key="phone", label="Phone", text=lambda company: company.phone),
)
PAIRS: tuple[Column[Pairing], ...] = (
    Column(key="company", label="Company", order=("company__name",), text=lambda pair: pair.company.name),
    Column(
        key="customer",
        label="QuickBooks customer",
        order=("customer__full_name",),
        text=lambda pair: pair.customer.full_name,
    ),
    Column(
        key="how", label="How", order=("how",), text=lambda pair: pair.get_how_display(), is_secondary=True
    ),
    Column(
        key="when",
        label="When",
        order=("paired_at",),
        text=lambda pair: pair.paired_at.date().isoformat(),
        is_secondary=True,
    ),
    Column(key="by", label="By", text=lambda pair: pair.paired_by or "Centerpoint", is_secondary=True),
)
UNPAIRED_CUSTOMERS: tuple[Column[QuickBooksCustomer], ...] = (
    Column(
        key="customer",
        label="QuickBooks customer",
        order=("full_name",),
        text=lambda customer: customer.full_name,
    ),
    Column(key="city", label="City", order=("city",), text=lambda customer: customer.city, is_secondary=True),
    Column(key="phone", label="Phone", text=lambda customer: customer.phone, is_secondary=True),
    Column(
        key="balance",
        label="Balance there",
        order=("total_balance",),
        text=lambda customer: customer.total_balance,
        is_number=True,
        is_secondary=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: str
    number: str
    is_here: bool


@reads
@connected
def pairing(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    counts = counting.counts(company_file)
    here = _tab(request, counts)
    search = request.GET.get("search", "").strip()
    found, columns = _found(company_file, here, search, request.GET.get("company", ""))
    if wants_csv(request):
        return csv_file(request, found, columns, name=f"pairing-{here}")
    # One company that was asked for may stand anywhere.
    bucket = Bucket(here) if here not in (PAIRED, CUSTOMERS) and not request.GET.get("company") else None
    shown = listing(
        request,
        found,
        columns,
        per_page=PER_PAGE if here in (PAIRED, CUSTOMERS) else COMPANIES_PER_PAGE,
        known=None if request.GET.get("company") or here == CUSTOMERS else {"count": _number(counts, here)},
        parts=queries.unpaired_in_parts(company_file, bucket=bucket) if bucket is not None else (),
    )
    return render(
        request,
        f"pages/pairing/{here if here in (PAIRED, CUSTOMERS) else 'companies'}.html",
        {
            "title": "Pair customers",
            "listing": shown,
            "rows": []
            if here in (PAIRED, CUSTOMERS)
            else queries.rows(company_file, shown.rows, bucket=bucket),
            "empty": _EMPTY[here],
            "customers_were_read": queries.customers_were_read(company_file),
            **head(request, counts, here),
        },
    )


def head(request: OfficeRequest, counts: Counts, here: str) -> dict[str, Any]:
    """What stands above every list and changes with each decision: how far pairing is, the tabs, what can be undone."""
    numbers = {key: _number(counts, str(key)) for key in _TABS}
    return {
        "counts": counts,
        "here": here,
        "tabs": [Tab(str(key), label, _said(key, numbers[key]), key == here) for key, label in _TABS.items()],
        "next_tab": next((key for key in _TO_DO if numbers[key] and key != here), None),
        "latest": undo.latest(request),
    }


def _said(tab: str, number: int) -> str:
    # Only these are counted no further.
    return said(number) if tab == CUSTOMERS else f"{number:,}"


def _number(counts: Counts, tab: str) -> int:
    return {
        str(Bucket.CERTAIN): counts.certain,
        str(Bucket.LIKELY): counts.likely,
        str(Bucket.WITHOUT): counts.without,
        str(Bucket.NAME_CLASH): counts.name_clash,
        str(Bucket.COMING): counts.coming,
        PAIRED: counts.paired,
        CUSTOMERS: counts.customers_left,
    }[tab]


_TO_DO = (Bucket.CERTAIN, Bucket.LIKELY, Bucket.NAME_CLASH, Bucket.WITHOUT)


def _tab(request: OfficeRequest, counts: Counts) -> str:
    """The tab asked for; else the first where something is to be decided."""
    asked = request.GET.get("tab", "")
    if asked in list(_TABS):
        return asked
    return next(
        (bucket for bucket in _TO_DO if _number(counts, bucket)), PAIRED if counts.paired else Bucket.CERTAIN
    )


def _found(company_file: CompanyFile, here: str, search: str, company: str) -> tuple[Any, Any]:
    if company.isdecimal() and len(company) < 19:
        # One company, wherever it stands: where a ticket or an invoice says that it waits.
        return Company.objects.filter(contractor=company_file.contractor_id, pk=company).order_by(
            "pk"
        ), COMPANIES
    if here == PAIRED:
        return queries.pairings(company_file, search=search), PAIRS
    if here == CUSTOMERS:
        return queries.customers(company_file, search=search).filter(is_active=True), UNPAIRED_CUSTOMERS
    return queries.unpaired(company_file, search=search, bucket=Bucket(here)), COMPANIES


urls = [path("quickbooks/pairing/", pairing, name="pairing")]
