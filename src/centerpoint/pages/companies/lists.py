"""The list of companies, with what they owe."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path

from centerpoint.billing.money import stored_sum
from centerpoint.billing.queries import owed, owed_by, owes, owing, with_owed
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
    Column(
        key="owed",
        label="Owes",
        order=("owed",),
        filled=owes,
        text=lambda company: stored_sum(vars(company)["owed"]),
        is_number=True,
    ),
)


@reads
def companies(request: OfficeRequest) -> HttpResponseBase:
    only, only_active = request.GET.get("only", ""), request.GET.get("show") != "all"
    search = request.GET.get("search", "").strip()
    found = queries.companies(
        request.contractor, search=search, only_active=only_active, only_on_credit_hold=only == "hold"
    )
    if only == "owing":
        found = owing(found)
    rows = with_owed(found)
    if wants_csv(request):
        return csv_file(request, rows, COLUMNS, name="companies")
    shown = listing(request, rows, COLUMNS, asks_more=True)
    return render(
        request,
        "pages/companies/companies.html",
        {
            "title": "Companies",
            "listing": shown,
            "owed": owed_by(request.contractor, shown.found)
            if search or only
            else owed(request.contractor, only_active=only_active),
        },
    )


urls = [path("companies/", companies, name="companies")]
