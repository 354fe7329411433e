"""What the office PC needs: the QWC file, and the password that goes with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile

HISTORY = 20


@writes
@connected
def qwc(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    name = f"centerpoint-{slugify(request.contractor.name) or 'contractor'}.qwc"
    return HttpResponse(
        connection.qwc_file(company_file),
        headers={"Content-Type": "application/xml", "Content-Disposition": f'attachment; filename="{name}"'},
    )


@writes
@never_cache
@sensitive_variables("shown")
@connected
def password(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    """Hidden when one comes by; shown to who asks by the button, and kept that he did."""
    now = timezone.now()
    shown = ""
    if request.method == "POST":
        try:
            shown = connection.reveal_password(company_file=company_file, now=now)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    return render(
        request,
        "pages/integrations/password.html",
        {
            "company_file": company_file,
            "shown": shown,
            "connection": connection.status(company_file, now=now),
            "overlap_hours": int(connection.OVERLAP.total_seconds() // 3600),
            "password_history": connection.password_history(company_file).select_related("by")[:HISTORY],
        },
    )


@writes
@require_POST
@connected
def rotate(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    try:
        connection.rotate_password(company_file=company_file, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "There is a new password. Show it, and paste it into the Web Connector.")
    return redirect("qwc_password", request.contractor.pk)


urls = [
    path("quickbooks/centerpoint.qwc", qwc, name="qwc_file"),
    path("quickbooks/password/", password, name="qwc_password"),
    path("quickbooks/password/new/", rotate, name="qwc_password_new"),
]
