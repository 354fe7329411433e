"""Signing in, and the first start of an installation. The pages themselves are allauth's, in our looks."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from centerpoint.contractor_setup import set_up_contractor
from centerpoint.contractors.models import Contractor, User
from centerpoint.pages.forms import carried_out
from centerpoint.pages.time_zones import time_zones


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Users are added by an owner, on the Users page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As granian saw it: no header of a stranger is believed."""
        return str(request.META["REMOTE_ADDR"])


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who signs in at the OpenID provider needs a user here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def locked_out(request: HttpRequest, credentials: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """After too many wrong passwords for one address from one computer."""
    return render(
        request, "pages/sign_in/locked_out.html", {"limit": settings.AXES_FAILURE_LIMIT}, status=429
    )


class Welcome(forms.Form):
    """The contractor and its owner."""

    name = forms.CharField(
        max_length=255, label="Name of your business", help_text="As it stands on your invoices."
    )
    street = forms.CharField(max_length=255, required=False)
    city = forms.CharField(max_length=100, required=False)
    state = forms.CharField(max_length=50, required=False)
    postal_code = forms.CharField(max_length=20, required=False, label="ZIP code")
    phone = forms.CharField(max_length=50, required=False)
    time_zone = forms.ChoiceField(choices=time_zones, initial="America/New_York")
    tax_percent = forms.DecimalField(
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        initial=0,
        label="Usual sales tax, in percent",
        help_text="Such as 8.25. You can add more tax codes later.",
    )
    owner_name = forms.CharField(max_length=255, label="Your name")
    owner_email = forms.EmailField(label="Your e-mail address", help_text="You sign in with it.")
    owner_password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters.",
    )


def welcome(request: HttpRequest) -> HttpResponseBase:
    """The first contractor of an installation makes itself; afterwards there is no such page."""
    if Contractor.objects.exists():
        raise Http404("this installation has its contractor")
    form = Welcome(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = carried_out(form, lambda: set_up_contractor(now=timezone.now(), **form.cleaned_data))
        if made is not None:
            owner = User.objects.get(memberships__contractor=made)
            login(request, owner, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("home", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "pages/sign_in/welcome.html", {"form": form}, status=status)


urls = [path("welcome/", welcome, name="welcome")]
