"""Where everybody begins."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.billing import queries as billing
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.queries import changes, contractors_of
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.chart import chart
from centerpoint.pages.quickbooks.glance import glance
from centerpoint.work import queries as work
from centerpoint.work.models import Stage

SHOWN = 8


def start(request: HttpRequest) -> HttpResponse:
    """To the user's contractor; the first by name when there are several, the real ones before practice."""
    if not Contractor.objects.exists():
        return redirect("welcome")
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    contractor = contractors_of(request.user).order_by("is_practice", "name").first()
    if contractor is None:
        return render(request, "pages/no_contractor.html", status=403)
    return redirect("home", contractor.pk)


@reads
def home(request: OfficeRequest) -> HttpResponseBase:
    now, today = timezone.now(), timezone.localdate()
    contractor = request.contractor
    overdue = billing.overdue(contractor, on=today)
    return render(
        request,
        "pages/home.html",
        {
            "today": today,
            "quickbooks": glance(contractor, now=now, today=today),
            "tickets": [
                (stage, count)
                for stage, count in work.tickets_by_stage(contractor).items()
                if stage != Stage.CLOSED
            ],
            "projects": work.projects_by_stage(contractor),
            "overdue": overdue[:SHOWN],
            "overdue_totals": billing.totals(overdue),
            "chart": chart(billing.billed_and_paid(contractor, until=today)),
            "changes": changes(contractor)[:SHOWN] if request.may_write else [],
        },
    )


urls = [path("", home, name="home")]
