"""Integration Settings: the items, what goes out and when, how invoices look in QuickBooks, what comes in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.contractors.refusals import dollars
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.forms import carried_out
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.integrations.options_form import OptionsForm
from centerpoint.quickbooks import backfill, connecting, connection
from centerpoint.quickbooks.models import CompanyFile


@writes
@connected
def integration_settings(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    now = timezone.now()
    choices = connection.choices(company_file)
    if request.method == "POST":
        form = OptionsForm(request.POST, record=company_file.options, choices=choices)
        if form.is_valid() and (saved := _save(form, company_file)) is not None:
            messages.success(request, saved)
            return redirect("integration_settings", request.contractor.pk)
    else:
        form = OptionsForm(record=company_file.options, choices=choices)
    return render(
        request,
        "pages/integrations/settings.html",
        {
            "company_file": company_file,
            "connection": connection.status(company_file, now=now),
            "trouble": connecting.trouble(company_file),
            "form": form,
            "older": backfill.older(company_file),
            "start_date": company_file.options.start_date,
        },
        status=422 if form.errors else 200,
    )


def _save(form: OptionsForm, company_file: CompanyFile) -> str | None:
    """What was saved, in a sentence; None when it was refused."""
    changed = form.changed()
    more = (
        backfill.backfill(company_file, start_date=changed["start_date"]) if "start_date" in changed else None
    )
    saved = carried_out(
        form,
        lambda: connection.save_options(
            company_file=company_file, now=timezone.now(), expected=form.expected, **changed
        ),
    )
    if saved is None:
        return None
    return f"Saved. {_told(more)}" if more else "Saved."


def _told(more: backfill.Backfill) -> str:
    return (
        f"With this start date {more.invoices:,} older invoices ({dollars(more.total)}), {more.tickets:,} service tickets "
        f"and {more.projects:,} projects go out as well."
    )


@writes
@connected
def start_date(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    """What the date that was just typed would do, before it is saved."""
    try:
        typed = DateField(required=False).clean(request.GET.get("start_date", ""))
    except ValidationError:
        typed = company_file.options.start_date
    return render(
        request,
        "pages/integrations/start_date.html",
        {
            "more": backfill.backfill(company_file, start_date=typed),
            "older": backfill.older(company_file),
            "typed": typed,
            "start_date": company_file.options.start_date,
        },
    )


urls = [
    path("quickbooks/settings/", integration_settings, name="integration_settings"),
    path("quickbooks/settings/start-date/", start_date, name="integration_start_date"),
]
