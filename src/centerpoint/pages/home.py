"""Where everybody begins."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path

from centerpoint.contractors.models import Contractor
from centerpoint.contractors.queries import contractors_of
from centerpoint.pages.access import OfficeRequest, reads


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
    return render(request, "pages/home.html", {})


urls = [path("", home, name="home")]
