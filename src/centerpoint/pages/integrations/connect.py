"""Connect QuickBooks in three steps; the page turns green by itself when the office PC is heard from."""

import hashlib

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone

from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.quickbooks import connecting, connection
from centerpoint.quickbooks.models import CompanyFile


@writes
@connected
def connect(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    return render(
        request,
        "pages/integrations/connect.html",
        {
            "company_file": company_file,
            "progress": connecting.progress(company_file),
            "every_minutes": connection.RUN_EVERY_MINUTES,
            "live": _live(request, company_file)[0],
        },
    )


@writes
@connected
def live(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    """The part that looks for itself. 204 while nothing changed, so that nothing is said twice to who listens."""
    html, mark = _live(request, company_file, is_update=True)
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    return HttpResponse(html)


def _live(request: OfficeRequest, company_file: CompanyFile, *, is_update: bool = False) -> tuple[str, str]:
    context = {
        "company_file": company_file,
        "contractor": request.contractor,
        "progress": connecting.progress(company_file),
        "today": timezone.localdate(),
    }
    said = render_to_string("pages/integrations/heard.html", context)
    mark = hashlib.sha256(said.encode()).hexdigest()[:12]
    context |= {"said": said, "mark": mark, "is_update": is_update}
    return render_to_string("pages/integrations/live.html", context), mark


urls = [
    path("quickbooks/connect/", connect, name="connect"),
    path("quickbooks/connect/live/", live, name="connect_live"),
]
