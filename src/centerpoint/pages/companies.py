"""Companies: who the contractor bills."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path

from centerpoint.billing.queries import balances
from centerpoint.companies import queries
from centerpoint.companies.models import Company
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv

COLUMNS: tuple[Column[Company], ...] = (
    Column(key="name", label="Company", order=("name",), text=lambda company: company.name),
    Column(
        key="city",
        label="City",
        order=("billing_city",),
        text=lambda company: company.billing_city,
        is_secondary=True,
    ),
    Column(key="phone", label="Phone", text=lambda company: company.phone, is_secondary=True),
)


@reads
def companies(request: OfficeRequest) -> HttpResponseBase:
    found = queries.companies(request.contractor, search=request.GET.get("search", "").strip())
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="companies")
    shown = listing(request, found, COLUMNS)
    owed = balances(request.contractor, shown.rows)
    return render(request, "pages/companies.html", {"title": "Companies", "listing": shown, "owed": owed})


urls = [
    path("companies/", companies, name="companies"),
]
