"""Users: who may sign in at this contractor, and what they may do. An owner's page."""

import secrets

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.contractors import operations
from centerpoint.contractors.models import Membership, Role
from centerpoint.contractors.queries import members
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, owns
from centerpoint.pages.forms import carried_out

ROLES = (
    (Role.OWNER, "Everything, also users and company settings."),
    (Role.BOOKKEEPER, "All work, invoices, payments and QuickBooks."),
    (Role.TECHNICIAN, "Reads everything, changes nothing."),
)


class NewUser(forms.Form):
    name = forms.CharField(max_length=255)
    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.BOOKKEEPER)
    password = forms.CharField(
        required=False,
        label="First password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Leave empty and we make one, shown to you once. Who signs in at another business here keeps that password: write it.",
    )


@owns
def users(request: OfficeRequest) -> HttpResponseBase:
    form = NewUser(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        password = chosen["password"] or secrets.token_urlsafe(12)
        membership = carried_out(
            form,
            lambda: operations.add_user(
                contractor=request.contractor,
                email=chosen["email"],
                name=chosen["name"],
                role=Role(chosen["role"]),
                password=password,
                now=timezone.now(),
            ),
        )
        if membership is not None:
            if chosen["password"]:
                messages.success(request, f"{membership.user} can sign in now.")
                return redirect("users", request.contractor.pk)
            return _shown_once(request, membership, password)
    return _page(request, form)


def _page(request: OfficeRequest, form: NewUser) -> HttpResponseBase:
    found = list(members(request.contractor))
    protected = set(
        Authenticator.objects.filter(
            user__in=[member.user_id for member in found], type=Authenticator.Type.TOTP
        ).values_list("user_id", flat=True)
    )
    context = {"members": found, "protected": protected, "form": form, "roles": ROLES}
    return render(request, "pages/users/users.html", context, status=422 if form.errors else 200)


def _shown_once(request: OfficeRequest, membership: Membership, password: str) -> HttpResponseBase:
    response = render(request, "pages/users/password.html", {"membership": membership, "password": password})
    response["Cache-Control"] = "no-store"
    return response


@owns
@require_POST
def change_role(request: OfficeRequest, pk: int) -> HttpResponseBase:
    membership = get_object_or_404(Membership, contractor=request.contractor, pk=pk)
    role = request.POST.get("role", "")
    if role in Role.values:
        try:
            operations.change_role(membership=membership, role=Role(role), now=timezone.now())
            messages.success(request, f"{membership.user} is {Role(role).label.lower()} now.")
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    return redirect(
        "users" if membership.user != request.user or role == Role.OWNER else "home", request.contractor.pk
    )


@owns
@require_POST
def new_password(request: OfficeRequest, pk: int) -> HttpResponseBase:
    membership = get_object_or_404(Membership, contractor=request.contractor, pk=pk)
    password = secrets.token_urlsafe(12)
    try:
        operations.replace_password(membership=membership, password=password, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("users", request.contractor.pk)
    return _shown_once(request, membership, password)


@owns
def remove(request: OfficeRequest, pk: int) -> HttpResponseBase:
    membership = get_object_or_404(Membership, contractor=request.contractor, pk=pk)
    if request.method != "POST":
        return render(request, "pages/users/remove.html", {"membership": membership})
    try:
        operations.remove_user(membership=membership, now=timezone.now())
        messages.success(request, f"{membership.user} can no longer sign in here.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    if membership.user == request.user and membership.pk is None:
        return redirect("start")
    return redirect("users", request.contractor.pk)


urls = [
    path("users/", users, name="users"),
    path("users/<int:pk>/role/", change_role, name="user_role"),
    path("users/<int:pk>/password/", new_password, name="user_password"),
    path("users/<int:pk>/remove/", remove, name="user_remove"),
]
