"""What a user decides about himself."""

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path

from centerpoint.contractors.operations import rename_user
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.forms import carried_out


class Account(forms.Form):
    name = forms.CharField(
        max_length=255, label="Your name", help_text="Shown to your colleagues beside what you did."
    )


@reads
def account(request: OfficeRequest) -> HttpResponseBase:
    form = Account(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        user = carried_out(form, lambda: rename_user(user=request.user, name=form.cleaned_data["name"]))
        if user is not None:
            messages.success(request, "Saved.")
            return redirect("account", request.contractor.pk)
    context = {"form": form, "has_second_factor": is_mfa_enabled(request.user)}
    return render(request, "pages/account.html", context, status=422 if form.errors else 200)


urls = [path("account/", account, name="account")]
