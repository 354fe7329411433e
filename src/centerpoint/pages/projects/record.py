"""One project: its contract and what is billed of it, its change orders, its stage, its invoices and its history."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.billing.queries import billed_of_contract, totals
from centerpoint.contractors.queries import changes
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.forms import DateInput, carried_out, revision_seen
from centerpoint.pages.records import tabs
from centerpoint.pages.work_forms import amount
from centerpoint.work import operations
from centerpoint.work.models import Project, ProjectStage
from centerpoint.work.queries import project_stages

TABS = (
    ("project", "Details"),
    ("project_quickbooks", "QuickBooks"),
    ("project_history", "History"),
)
# How a project's next invoice may be made: the key its page is asked for with, and what a button calls it.
BASES = (
    ("deposit", "Deposit"),
    ("percent", "Percent of contract"),
    ("amount", "Amount"),
    ("final", "Final"),
)


class ChangeOrderForm(forms.Form):
    description = forms.CharField(max_length=255)
    amount = amount("Amount", help_text="With a minus when less was agreed.", max_digits=14, required=True)
    agreed_on = forms.DateField(widget=DateInput)


def project_of(request: OfficeRequest, pk: int) -> Project:
    found = Project.objects.select_related("property", "property__company", "bill_to", "stage")
    return get_object_or_404(found, contractor=request.contractor, pk=pk)


def project_page(
    request: OfficeRequest, project: Project, template: str, *, status: int = 200, **context: Any
) -> HttpResponseBase:
    """A tab of the project's page: `template` extends pages/projects/project.html."""
    shared = {
        "project": project,
        "company": project.bill_to,
        "stages": project_stages(request.contractor),
        "tabs": tabs(request, project, TABS),
    }
    return render(request, template, {**shared, **context}, status=status)


def _details(request: OfficeRequest, project: Project, form: ChangeOrderForm) -> HttpResponseBase:
    invoices = project.invoices.order_by("pk")
    return project_page(
        request,
        project,
        "pages/projects/details.html",
        status=422 if form.is_bound else 200,
        billed=billed_of_contract([project])[project.pk],
        change_orders=project.change_orders.order_by("number"),
        change_order_form=form,
        invoices=invoices,
        totals=totals(invoices),
        bases=BASES,
        today=timezone.localdate(),
    )


@reads
def project(request: OfficeRequest, pk: int) -> HttpResponseBase:
    form = ChangeOrderForm(initial={"agreed_on": timezone.localdate()})
    return _details(request, project_of(request, pk), form)


@reads
def project_history(request: OfficeRequest, pk: int) -> HttpResponseBase:
    project = project_of(request, pk)
    return project_page(
        request, project, "pages/projects/history.html", changes=changes(request.contractor, project)[:200]
    )


@require_POST
@writes
def change_order_add(request: OfficeRequest, pk: int) -> HttpResponseBase:
    project = project_of(request, pk)
    form = ChangeOrderForm(request.POST)
    if form.is_valid():
        order = carried_out(
            form,
            lambda: operations.add_change_order(project=project, now=timezone.now(), **form.cleaned_data),
        )
        if order is not None:
            messages.success(request, f"{order} is added to the contract.")
            return redirect("project", request.contractor.pk, project.pk)
        project.refresh_from_db()
    return _details(request, project, form)


@require_POST
@writes
def project_stage(request: OfficeRequest, pk: int) -> HttpResponseBase:
    project = project_of(request, pk)
    asked = request.POST.get("stage", "")
    stage = get_object_or_404(
        ProjectStage, contractor=request.contractor, pk=asked if asked.isdecimal() else 0
    )
    try:
        operations.move_project(
            project=project,
            stage=stage,
            on=timezone.localdate(),
            now=timezone.now(),
            expected=revision_seen(request),
        )
        messages.success(request, f"{project} is now at “{stage}”.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("project", request.contractor.pk, project.pk)


urls = [
    path("projects/<int:pk>/", project, name="project"),
    path("projects/<int:pk>/history/", project_history, name="project_history"),
    path("projects/<int:pk>/stage/", project_stage, name="project_stage"),
    path("projects/<int:pk>/change-orders/", change_order_add, name="change_order_add"),
]
