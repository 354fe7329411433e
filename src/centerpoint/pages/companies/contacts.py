"""The people at a company, added, changed and removed on its page."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.companies import operations
from centerpoint.companies.models import Company, Contact
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.companies.forms import ContactForm
from centerpoint.pages.companies.record import company_of, details
from centerpoint.pages.forms import carried_out, revision_seen


def _contact_of(company: Company, pk: int) -> Contact:
    return get_object_or_404(Contact, company=company, pk=pk)


@writes
def contact_new(request: OfficeRequest, pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = carried_out(
            form,
            lambda: operations.add_contact(company=company, now=timezone.now(), **form.values()),
        )
        if added is not None:
            messages.success(request, f"{added} is added.")
            return redirect("company", request.contractor.pk, company.pk)
    return details(request, company, contact_form=form)


@writes
def contact_edit(request: OfficeRequest, pk: int, contact_pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    contact = _contact_of(company, contact_pk)
    form = ContactForm(request.POST or None, record=contact)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: operations.change_contact(
                contact=contact, now=timezone.now(), expected=form.expected, **form.changed()
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("company", request.contractor.pk, company.pk)
    return details(request, company, contact_form=form, contact_pk=contact.pk)


@require_POST
@writes
def contact_remove(request: OfficeRequest, pk: int, contact_pk: int) -> HttpResponseBase:
    company = company_of(request, pk)
    contact = _contact_of(company, contact_pk)
    try:
        operations.remove_contact(contact=contact, now=timezone.now(), expected=revision_seen(request))
    except StaleRevision as refusal:
        messages.error(request, refusal.sentence)
        return redirect("contact_edit", request.contractor.pk, company.pk, contact.pk)
    messages.success(request, f"{contact} is removed.")
    return redirect("company", request.contractor.pk, company.pk)


urls = [
    path("companies/<int:pk>/contacts/new/", contact_new, name="contact_new"),
    path("companies/<int:pk>/contacts/<int:contact_pk>/", contact_edit, name="contact_edit"),
    path("companies/<int:pk>/contacts/<int:contact_pk>/remove/", contact_remove, name="contact_remove"),
]
