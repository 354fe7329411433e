"""Opening a project, changing it, and billing another company for it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.billing.operations import change_bill_to
from centerpoint.contractors.models import Contractor
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.forms import DateInput, carried_out
from centerpoint.pages.projects.record import project_of
from centerpoint.pages.work_forms import BillTo, BillToForm, WorkForm, amount, asked_for, place_to_begin
from centerpoint.work import operations
from centerpoint.work.models import Project, ProjectStage
from centerpoint.work.queries import project_stages


class ProjectForm(WorkForm):
    name = forms.CharField(max_length=255, help_text="Such as Reroof, building C.")
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}))
    project_manager = forms.CharField(required=False, max_length=255)
    purchase_order = forms.CharField(required=False, max_length=50, label="Purchase order no.")
    original_contract_amount = amount(
        "Original contract amount", help_text="Before tax. Change orders are added later.", max_digits=14
    )
    starts_on = forms.DateField(required=False, widget=DateInput, label="Work starts")
    ends_on = forms.DateField(required=False, widget=DateInput, label="Work ends")
    opened_on = forms.DateField(widget=DateInput)

    def clean_original_contract_amount(self) -> Decimal:
        return self.cleaned_data["original_contract_amount"] or Decimal(0)


class NewProjectForm(ProjectForm):
    bill_to = BillTo()
    stage = forms.ModelChoiceField(queryset=ProjectStage.objects.none(), required=False, empty_label=None)
    number = forms.CharField(required=False, max_length=20, help_text="Left empty, it gets the next number.")

    def __init__(self, *args: Any, contractor: Contractor, **kwargs: Any) -> None:
        super().__init__(*args, contractor=contractor, **kwargs)
        self.fields["stage"].queryset = project_stages(contractor)  # type: ignore[attr-defined]


@writes
def project_new(request: OfficeRequest) -> HttpResponseBase:
    company, place = place_to_begin(*asked_for(request))
    initial = {"property": place, "bill_to": company, "opened_on": timezone.localdate()}
    form = NewProjectForm(request.POST or None, contractor=request.contractor, initial=initial)
    if request.method == "POST" and form.is_valid():
        opened = carried_out(form, lambda: operations.create_project(now=timezone.now(), **form.values()))
        if opened is not None:
            messages.success(request, f"{opened} is opened.")
            return redirect("project", request.contractor.pk, opened.pk)
    return _form(request, form)


@writes
def project_edit(request: OfficeRequest, pk: int) -> HttpResponseBase:
    project = project_of(request, pk)
    form = ProjectForm(request.POST or None, contractor=request.contractor, record=project)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: operations.change_project(
                project=project, now=timezone.now(), expected=form.expected, **form.changed()
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("project", request.contractor.pk, project.pk)
    return _form(request, form, project)


def _form(request: OfficeRequest, form: ProjectForm, project: Project | None = None) -> HttpResponseBase:
    context = {"form": form, "project": project}
    return render(request, "pages/projects/form.html", context, status=422 if form.is_bound else 200)


@writes
def project_bill_to(request: OfficeRequest, pk: int) -> HttpResponseBase:
    project = project_of(request, pk)
    form = BillToForm(request.POST or None, contractor=request.contractor, record=project)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: change_bill_to(
                work=project,
                bill_to=form.cleaned_data["bill_to"],
                now=timezone.now(),
                expected=form.expected,
            ),
        )
        if changed is not None:
            messages.success(request, f"{project} is billed to {project.bill_to}.")
            return redirect("project", request.contractor.pk, project.pk)
    return render(
        request,
        "pages/projects/bill_to.html",
        {"form": form, "project": project},
        status=422 if form.is_bound else 200,
    )


urls = [
    path("projects/new/", project_new, name="project_new"),
    path("projects/<int:pk>/edit/", project_edit, name="project_edit"),
    path("projects/<int:pk>/bill-to/", project_bill_to, name="project_bill_to"),
]
