"""New invoices: of a service ticket, written line by line, and of a project, as a share of its contract."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.billing import money, operations
from centerpoint.billing.models import Invoice, InvoiceStatus, TaxCode
from centerpoint.billing.queries import billed_of_contract, tax_codes, usual_tax_codes
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.amounts import AmountField
from centerpoint.pages.forms import carried_out
from centerpoint.pages.invoices.editor import asks_to_issue, said_of_issuing
from centerpoint.pages.invoices.forms import InvoiceForm, LineRows, line_rows
from centerpoint.work.models import Project, ServiceTicket


@writes
def invoice_new_for_ticket(request: OfficeRequest, pk: int) -> HttpResponseBase:
    of_contractor = ServiceTicket.objects.filter(contractor=request.contractor)
    ticket = get_object_or_404(of_contractor.select_related("property", "bill_to", "contractor"), pk=pk)
    standing = ticket.invoices.exclude(status=InvoiceStatus.VOID).first()
    if standing is not None:
        return redirect("invoice", request.contractor.pk, standing.pk)
    form, rows = _ticket_forms(request, ticket)
    if request.method == "POST" and form.is_valid() & rows.is_valid():
        written = carried_out(form, lambda: _draft(request, ticket, form, rows))
        if written is not None:
            said = said_of_issuing(written) if asks_to_issue(request) else "The draft is saved."
            messages.success(request, said)
            return redirect("invoice", request.contractor.pk, written.pk)
    return render(
        request,
        "pages/invoices/new_for_ticket.html",
        {"title": f"New invoice for ticket {ticket.number}", "ticket": ticket, "form": form, "rows": rows},
        status=422 if form.is_bound else 200,
    )


def _ticket_forms(request: OfficeRequest, ticket: ServiceTicket) -> tuple[InvoiceForm, LineRows]:
    data = request.POST if request.method == "POST" else None
    rows = line_rows(data)
    usual = usual_tax_codes(bill_to=ticket.bill_to, property=ticket.property)
    form = InvoiceForm(
        data,
        contractor=request.contractor,
        rows=rows,
        initial={
            "issued_on": timezone.localdate(),
            "purchase_order": ticket.purchase_order,
            "terms": request.contractor.payment_terms,
            "note": request.contractor.invoice_note,
            "tax_codes": [tax_code.pk for tax_code in usual],
        },
    )
    return form, rows


def _draft(request: OfficeRequest, ticket: ServiceTicket, form: InvoiceForm, rows: LineRows) -> Invoice:
    now = timezone.now()
    fields: dict[str, Any] = {
        name: form.cleaned_data[name] for name in ("due_on", "terms", "purchase_order", "note")
    }
    with transaction.atomic():
        draft = operations.draft_service_invoice(
            ticket=ticket,
            lines=rows.lines(),
            tax_codes=list(form.cleaned_data["tax_codes"]),
            now=now,
            **fields,
        )
        if not asks_to_issue(request):
            return draft
        return operations.issue_invoice(invoice=draft, on=form.cleaned_data["issued_on"], now=now)


class ShareForm(forms.Form):
    """On what basis a project is billed next."""

    BASES = (
        ("deposit", "Deposit, a percent of the contract"),
        ("percent", "Percent of the contract"),
        ("amount", "Amount"),
        ("final", "Final, all that is left"),
    )
    basis = forms.ChoiceField(choices=BASES, widget=forms.RadioSelect, label="What to bill")
    percent = AmountField(shown_places=0, required=False, max_digits=7, decimal_places=4)
    amount = AmountField(required=False, max_digits=14, decimal_places=2)
    description = forms.CharField(
        required=False, help_text="How the line reads. Left empty, it tells the share of the contract."
    )
    purchase_order = forms.CharField(required=False, max_length=50, label="Purchase order no.")
    taxable = forms.BooleanField(required=False, label="The line is taxable")
    tax_codes: "forms.ModelMultipleChoiceField[TaxCode]" = forms.ModelMultipleChoiceField(
        queryset=TaxCode.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, project: Project, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        usable = tax_codes(project.contractor).filter(is_active=True)
        self.fields["tax_codes"].queryset = usable  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        needed = {"deposit": "percent", "percent": "percent", "amount": "amount"}.get(values.get("basis", ""))
        if needed and values.get(needed) is None and needed not in self.errors:
            self.add_error(needed, f"Write the {needed}.")
        return values

    def chosen(self) -> operations.Basis:
        values = self.cleaned_data
        match values["basis"]:
            case "deposit":
                return operations.Deposit(values["percent"])
            case "percent":
                return operations.PercentOfContract(values["percent"])
            case "amount":
                return operations.FixedAmount(values["amount"])
        return operations.Final()


@writes
def invoice_new_for_project(request: OfficeRequest, pk: int) -> HttpResponseBase:
    of_contractor = Project.objects.filter(contractor=request.contractor)
    project = get_object_or_404(of_contractor.select_related("property", "bill_to", "contractor"), pk=pk)
    form = _share_form(request, project)
    if request.method == "POST" and form.is_valid():
        written = carried_out(form, lambda: _draft_share(project, form))
        if written is not None:
            messages.success(request, "The draft is saved. Look it over, then issue it.")
            return redirect("invoice", request.contractor.pk, written.pk)
    return render(
        request,
        "pages/invoices/new_for_project.html",
        {
            "title": f"New invoice for project {project.number}",
            "project": project,
            "form": form,
            "billed": billed_of_contract([project])[project.pk],
            **_comes_to(project, form),
        },
        status=422 if request.method == "POST" else 200,
    )


def _share_form(request: OfficeRequest, project: Project) -> ShareForm:
    """What was chosen, whether to be saved or only to be seen; else the usual beginning."""
    usual = usual_tax_codes(bill_to=project.bill_to, property=project.property)
    initial = {
        "basis": request.GET.get("basis", "percent"),
        "purchase_order": project.purchase_order,
        "taxable": True,
        "tax_codes": [tax_code.pk for tax_code in usual],
    }
    if request.method == "POST":
        return ShareForm(request.POST, project, initial=initial)
    return ShareForm(request.GET if "looks" in request.GET else None, project, initial=initial)


def _comes_to(project: Project, form: ShareForm) -> dict[str, Any]:
    """What the invoice will be, or the sentence why there will be none; nothing before something was chosen."""
    if not form.is_bound or not form.is_valid():
        return {}
    try:
        share = operations.share_of(project, form.chosen())
    except Refusal as refusal:
        return {"refusal": refusal.sentence}
    codes: list[TaxCode] = list(form.cleaned_data["tax_codes"])
    percents: list[Decimal] = [tax_code.percent for tax_code in codes]
    totals = money.totals([(share.amount, form.cleaned_data["taxable"])], percents)
    return {
        "share": share,
        "comes_to": totals,
        "taxes": list(zip(codes, totals.taxes, strict=True)),
        "left": project.contract_amount - share.previously - share.amount,
    }


def _draft_share(project: Project, form: ShareForm) -> Invoice:
    values = form.cleaned_data
    return operations.draft_project_invoice(
        project=project,
        basis=form.chosen(),
        description=values["description"],
        taxable=values["taxable"],
        tax_codes=list(values["tax_codes"]),
        purchase_order=values["purchase_order"],
        now=timezone.now(),
    )


urls = [
    path("invoices/new/ticket/<int:pk>/", invoice_new_for_ticket, name="invoice_new_for_ticket"),
    path("invoices/new/project/<int:pk>/", invoice_new_for_project, name="invoice_new_for_project"),
]
