"""The Integrations tab: what is connected, and the switch."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint import practice
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.quickbooks import connecting, connection, queries
from centerpoint.quickbooks.models import CompanyFile


@reads
def integrations(request: OfficeRequest) -> HttpResponseBase:
    now = timezone.now()
    context = {"practice": practice.practice_of(request.contractor)}
    try:
        company_file = connection.connected(request.contractor)
    except connection.NotActivated:
        return render(
            request,
            "pages/integrations/card.html",
            {**context, "was_connected": request.contractor.company_files.exists()},
        )
    return render(
        request,
        "pages/integrations/card.html",
        {
            **context,
            "company_file": company_file,
            "connection": connection.status(company_file, now=now),
            "trouble": connecting.trouble(company_file),
            "status": queries.status(company_file, now=now),
        },
    )


@writes
@require_POST
def activate(request: OfficeRequest) -> HttpResponse:
    try:
        connection.activate(
            contractor=request.contractor,
            url=settings.CENTERPOINT_URL,
            now=timezone.now(),
            start_date=timezone.localdate(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("integrations", request.contractor.pk)
    messages.success(request, "The QuickBooks Desktop integration is active. Connect QuickBooks next.")
    return redirect("integration_settings", request.contractor.pk)


@writes
@require_POST
@connected
def pause(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    connection.pause(company_file=company_file, now=timezone.now())
    messages.success(request, "Paused. Nothing goes out or comes in until you resume; everything is kept.")
    return redirect("integration_settings", request.contractor.pk)


@writes
@require_POST
@connected
def resume(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    connection.resume(company_file=company_file, now=timezone.now())
    messages.success(request, "Resumed. It goes on where it was paused, at the Web Connector's next run.")
    return redirect("integration_settings", request.contractor.pk)


@writes
@connected
def deactivate(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    """Asked once more, with what is kept and what stops."""
    now = timezone.now()
    if request.method == "POST":
        connection.deactivate(company_file=company_file, now=now)
        messages.success(request, "Deactivated. The Web Connector is refused from now on.")
        return redirect("integrations", request.contractor.pk)
    return render(
        request,
        "pages/integrations/deactivate.html",
        {"company_file": company_file, "status": queries.status(company_file, now=now)},
    )


urls = [
    path("settings/integrations/", integrations, name="integrations"),
    path("quickbooks/activate/", activate, name="integration_activate"),
    path("quickbooks/pause/", pause, name="integration_pause"),
    path("quickbooks/resume/", resume, name="integration_resume"),
    path("quickbooks/deactivate/", deactivate, name="integration_deactivate"),
]
