"""Choosing another QuickBooks customer for a company than the ones suggested."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from centerpoint.companies.models import Company
from centerpoint.contractors.models import Contractor
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.forms import carried_out
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.pairing import undo
from centerpoint.pages.pairing.decisions import back
from centerpoint.pages.pickers import Kind, Picker, offer, offering
from centerpoint.quickbooks.connection import NotActivated
from centerpoint.quickbooks.connection import connected as connected_file
from centerpoint.quickbooks.models import CompanyFile, QuickBooksCustomer
from centerpoint.quickbooks.pairing import operations, queries


def _matching(contractor: Contractor, text: str) -> QuerySet[QuickBooksCustomer]:
    try:
        return queries.customers(connected_file(contractor), search=text)
    except NotActivated:
        return QuickBooksCustomer.objects.none()


def _detail(customer: QuickBooksCustomer) -> str:
    inactive = "" if customer.is_active else "inactive"
    return " · ".join(filter(None, (customer.company_name, customer.city, customer.phone, inactive)))


CUSTOMER = Kind(
    page="pick_quickbooks_customers",
    one="QuickBooks customer",
    many="QuickBooks customers",
    model=QuickBooksCustomer,
    matching=_matching,
    label=lambda customer: customer.full_name,
    detail=_detail,
    begins="full_name",
)


class CustomerPicker(Picker):
    kind = CUSTOMER

    def _records(self) -> QuerySet[Any, Any]:
        return _matching(self.contractor, "")


class Choice(forms.Form):
    customer = CustomerPicker(label="QuickBooks customer")


@writes
@connected
def choose(request: OfficeRequest, company_file: CompanyFile, pk: int) -> HttpResponseBase:
    company = get_object_or_404(Company, contractor=request.contractor, pk=pk)
    form = Choice(request.POST or None)
    offer(form, request.contractor)
    if request.method == "POST" and form.is_valid():
        customer = form.cleaned_data["customer"]
        paired = carried_out(
            form,
            lambda: operations.pair(
                company_file=company_file,
                company=company,
                customer=customer,
                by=request.user,
                now=timezone.now(),
            ),
        )
        if paired:
            said = f"{company} is paired with {customer}."
            undo.remember(request, "paired", [(company.pk, customer.pk)], said)
            return back(request)
    [row] = queries.rows(company_file, [company])
    return render(
        request,
        "pages/pairing/choose.html",
        {"form": form, "row": row, "company": company},
        status=422 if form.is_bound else 200,
    )


urls = [
    path("quickbooks/pairing/<int:pk>/choose/", choose, name="pairing_choose"),
    path("pick/quickbooks-customers/", offering(CUSTOMER), name=CUSTOMER.page),
]
