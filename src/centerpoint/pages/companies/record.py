"""One company: its page with its tabs, and the form it is created and changed with."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.billing.models import Invoice
from centerpoint.billing.queries import invoices, payments, totals
from centerpoint.companies import operations, queries
from centerpoint.companies.models import Company
from centerpoint.contractors.queries import changes
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.companies.forms import CompanyForm, ContactForm
from centerpoint.pages.forms import carried_out
from centerpoint.pages.records import tabs
from centerpoint.work.queries import projects, tickets

TABS = (
    ("company", "Details"),
    ("company_properties", "Properties"),
    ("company_work", "Work"),
    ("company_invoices", "Invoices"),
    ("company_payments", "Payments"),
    ("company_quickbooks", "QuickBooks"),
    ("company_history", "History"),
)
# A tab shows the latest; the lists behind its links show all.
SHOWN = 50


def company_of(request: OfficeRequest, pk: int) -> Company:
    return get_object_or_404(Company, contractor=request.contractor, pk=pk)


def company_page(
    request: OfficeRequest, company: Company, template: str, *, status: int = 200, **context: Any
) -> HttpResponseBase:
    """A tab of the company's page: `template` extends pages/companies/company.html."""
    shared = {"company": company, "tabs": tabs(request, company, TABS)}
    return render(request, template, {**shared, **context}, status=status)


def details(
    request: OfficeRequest,
    company: Company,
    *,
    contact_form: ContactForm | None = None,
    contact_pk: int | None = None,
) -> HttpResponseBase:
    """The first tab, with the form of one contact open when there is one to add or change."""
    refused = contact_form is not None and contact_form.is_bound
    return company_page(
        request,
        company,
        "pages/companies/details.html",
        status=422 if refused else 200,
        contacts=company.contacts.order_by("-is_billing_contact", "name", "pk"),
        contact_form=contact_form,
        contact_pk=contact_pk,
        totals=totals(_invoices(request, company)),
    )


def _invoices(request: OfficeRequest, company: Company) -> QuerySet[Invoice, Invoice]:
    return invoices(request.contractor).filter(bill_to=company)


@reads
def company(request: OfficeRequest, pk: int) -> HttpResponseBase:
    return details(request, company_of(request, pk))


@reads
def company_properties(request: OfficeRequest, pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    found = queries.properties(request.contractor, company=company)
    return company_page(
        request,
        company,
        "pages/companies/properties.html",
        properties=found[:SHOWN],
        count=found.count(),
    )


@reads
def company_work(request: OfficeRequest, pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    found = tickets(request.contractor, company=company)
    larger = projects(request.contractor, company=company).prefetch_related(None)
    return company_page(
        request,
        company,
        "pages/companies/work.html",
        tickets=found[:SHOWN],
        ticket_count=found.count(),
        projects=larger[:SHOWN],
        project_count=larger.count(),
    )


@reads
def company_invoices(request: OfficeRequest, pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    found = _invoices(request, company)
    return company_page(
        request,
        company,
        "pages/companies/invoices.html",
        invoices=found[:SHOWN],
        count=found.count(),
        totals=totals(found),
        today=timezone.localdate(),
    )


@reads
def company_payments(request: OfficeRequest, pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    found = payments(request.contractor, company=company)
    return company_page(
        request,
        company,
        "pages/companies/payments.html",
        payments=found[:SHOWN],
        count=found.count(),
    )


@reads
def company_history(request: OfficeRequest, pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    return company_page(
        request,
        company,
        "pages/companies/history.html",
        changes=changes(request.contractor, company)[:200],
    )


@writes
def company_new(request: OfficeRequest) -> HttpResponseBase:
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        created = carried_out(
            form,
            lambda: operations.create_company(
                contractor=request.contractor, now=timezone.now(), **form.values()
            ),
        )
        if created is not None:
            messages.success(request, f"{created} is created.")
            return redirect("company", request.contractor.pk, created.pk)
    return _form(request, form)


@writes
def company_edit(request: OfficeRequest, pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    form = CompanyForm(request.POST or None, record=company)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: operations.change_company(
                company=company, now=timezone.now(), expected=form.expected, **form.changed()
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("company", request.contractor.pk, company.pk)
    return _form(request, form, company)


def _form(request: OfficeRequest, form: CompanyForm, company: Company | None = None) -> HttpResponseBase:
    status = 422 if form.is_bound else 200
    return render(request, "pages/companies/form.html", {"form": form, "company": company}, status=status)


@require_POST
@writes
def company_active(request: OfficeRequest, pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    if request.POST.get("active") == "yes":
        operations.reactivate_company(company=company, now=timezone.now())
        messages.success(request, f"{company} is active again.")
    else:
        operations.deactivate_company(company=company, now=timezone.now())
        messages.success(request, f"{company} is not active any more: no new work can be billed to it.")
    return redirect("company", request.contractor.pk, company.pk)


urls = [
    path("companies/new/", company_new, name="company_new"),
    path("companies/<int:pk>/", company, name="company"),
    path("companies/<int:pk>/edit/", company_edit, name="company_edit"),
    path("companies/<int:pk>/active/", company_active, name="company_active"),
    path("companies/<int:pk>/properties/", company_properties, name="company_properties"),
    path("companies/<int:pk>/work/", company_work, name="company_work"),
    path("companies/<int:pk>/invoices/", company_invoices, name="company_invoices"),
    path("companies/<int:pk>/payments/", company_payments, name="company_payments"),
    path("companies/<int:pk>/history/", company_history, name="company_history"),
]
