"""Company settings: the contractor's own facts, his numbers, project stages and tax codes. Owners write, bookkeepers read."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.billing import operations as billing
from centerpoint.billing.models import TaxCode
from centerpoint.billing.queries import tax_codes
from centerpoint.contractors import operations
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, owns, writes
from centerpoint.pages.forms import carried_out
from centerpoint.pages.time_zones import time_zones
from centerpoint.work import operations as work
from centerpoint.work.models import ProjectStage
from centerpoint.work.queries import project_stages


class CompanyForm(forms.Form):
    name = forms.CharField(max_length=255, help_text="As it stands on your invoices.")
    street = forms.CharField(max_length=255, required=False)
    city = forms.CharField(max_length=100, required=False)
    state = forms.CharField(max_length=50, required=False)
    postal_code = forms.CharField(max_length=20, required=False, label="ZIP code")
    country = forms.CharField(max_length=50, required=False)
    phone = forms.CharField(max_length=50, required=False)
    email = forms.EmailField(required=False, label="E-mail")
    time_zone = forms.ChoiceField(choices=time_zones, help_text="All times and days are shown in it.")


class InvoiceDefaultsForm(forms.Form):
    payment_terms = forms.CharField(
        max_length=31, help_text="As your terms are called in QuickBooks, such as Net 30."
    )
    payment_days = forms.IntegerField(
        min_value=0, max_value=365, label="Days until payment is due", help_text="0: due on receipt."
    )
    tax_percent = forms.DecimalField(
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        label="Usual sales tax, in percent",
        help_text="New invoices get the active tax code with this percent, unless the property has its own.",
    )
    invoice_note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Note on every invoice",
        help_text="Such as: Thank you for your business.",
    )
    next_ticket_number = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    next_project_number = forms.IntegerField(min_value=1, max_value=2_000_000_000)


@writes
def company(request: OfficeRequest) -> HttpResponseBase:
    return _settings_form(request, CompanyForm, "settings", "pages/settings/company.html")


@writes
def invoice_defaults(request: OfficeRequest) -> HttpResponseBase:
    return _settings_form(request, InvoiceDefaultsForm, "settings_invoices", "pages/settings/invoices.html")


def _settings_form(
    request: OfficeRequest, form_class: type[forms.Form], page: str, template: str
) -> HttpResponseBase:
    contractor = request.contractor
    initial = {name: getattr(contractor, name) for name in form_class.base_fields}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST":
        _owners_only(request)
        if form.is_valid():
            values: Any = {name: form.cleaned_data[name] for name in form.changed_data}
            saved = carried_out(
                form,
                lambda: operations.change_contractor(contractor=contractor, now=timezone.now(), **values),
            )
            if saved is not None:
                messages.success(request, "Saved.")
                return redirect(page, contractor.pk)
    if not request.may_own:
        for field in form.fields.values():
            field.disabled = True
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


def _owners_only(request: OfficeRequest) -> None:
    if not request.may_own:
        raise PermissionDenied(f"Only an owner of {request.contractor} changes the company settings.")


class StageForm(forms.Form):
    name = forms.CharField(max_length=50)
    progress = forms.ChoiceField(
        choices=ProjectStage.Progress.choices,
        label="Counts as",
        help_text="QuickBooks shows it as the job's status.",
    )


@writes
def stages(request: OfficeRequest) -> HttpResponseBase:
    form = StageForm(request.POST or None)
    if request.method == "POST":
        _owners_only(request)
        if form.is_valid():
            chosen = form.cleaned_data
            added = carried_out(
                form,
                lambda: work.add_project_stage(
                    contractor=request.contractor,
                    name=chosen["name"],
                    progress=ProjectStage.Progress(chosen["progress"]),
                ),
            )
            if added is not None:
                messages.success(request, f"“{added.name}” is the last stage now.")
                return redirect("settings_stages", request.contractor.pk)
    context = {"form": form, "stages": project_stages(request.contractor)}
    return render(request, "pages/settings/stages.html", context, status=422 if form.errors else 200)


@owns
@require_POST
def change_stage(request: OfficeRequest, pk: int) -> HttpResponseBase:
    """One of the buttons beside a stage: rename, up, down, remove."""
    stage = get_object_or_404(ProjectStage, contractor=request.contractor, pk=pk)
    try:
        match request.POST.get("do"):
            case "rename":
                work.rename_project_stage(stage=stage, name=request.POST.get("name", ""))
                messages.success(request, f"The stage is called “{stage.name}” now.")
            case "up" | "down" as direction:
                work.move_project_stage(stage=stage, up=direction == "up")
            case "remove":
                work.remove_project_stage(stage=stage)
                messages.success(request, f"“{stage.name}” is removed.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("settings_stages", request.contractor.pk)


class TaxCodeForm(forms.Form):
    title = forms.CharField(max_length=100, help_text="Such as Austin sales tax.")
    code = forms.CharField(max_length=20, help_text="Short, such as AUS.")
    percent = forms.DecimalField(min_value=0, max_value=100, max_digits=7, decimal_places=4)


class TaxCodeChangeForm(TaxCodeForm):
    is_active = forms.BooleanField(
        required=False,
        label="In use",
        help_text="Without it nobody can choose it any more; invoices keep theirs.",
    )


@writes
def taxes(request: OfficeRequest) -> HttpResponseBase:
    form = TaxCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tax_code = carried_out(
            form, lambda: billing.create_tax_code(contractor=request.contractor, **form.cleaned_data)
        )
        if tax_code is not None:
            messages.success(request, f"Tax code {tax_code.code} is added.")
            return redirect("tax_codes", request.contractor.pk)
    context = {"form": form, "tax_codes": tax_codes(request.contractor)}
    return render(request, "pages/settings/tax_codes.html", context, status=422 if form.errors else 200)


@writes
def tax_code(request: OfficeRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(TaxCode, contractor=request.contractor, pk=pk)
    initial = {name: getattr(found, name) for name in TaxCodeChangeForm.base_fields}
    form = TaxCodeChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(form, lambda: billing.change_tax_code(tax_code=found, **form.cleaned_data))
        if changed is not None:
            messages.success(request, "Saved. Invoices written before keep their percent.")
            return redirect("tax_codes", request.contractor.pk)
    context = {"form": form, "tax_code": found}
    return render(request, "pages/settings/tax_code.html", context, status=422 if form.errors else 200)


urls = [
    path("settings/", company, name="settings"),
    path("settings/invoices/", invoice_defaults, name="settings_invoices"),
    path("settings/stages/", stages, name="settings_stages"),
    path("settings/stages/<int:pk>/", change_stage, name="settings_stage"),
    path("settings/tax-codes/", taxes, name="tax_codes"),
    path("settings/tax-codes/<int:pk>/", tax_code, name="tax_code"),
]
