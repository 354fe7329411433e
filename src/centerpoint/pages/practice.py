"""The practice company: begin a rehearsal, be the person in the office by buttons, see both sides, throw it away."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint import practice
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.queries import members
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest, writes
from centerpoint.pages.forms import carried_out

TEXT_LIMIT = 4095


class ActionForm(forms.Form):
    """The questions of one button, as the emulated QuickBooks asks them now."""

    def __init__(self, offered: practice.Offered, data: Any = None) -> None:
        super().__init__(data, prefix=offered.key)
        self.offered = offered
        for each in offered.fields:
            self.fields[each.name] = _form_field(each)


def _form_field(each: practice.Field) -> forms.Field:
    if each.choices:
        return forms.ChoiceField(
            label=each.label,
            required=each.is_required,
            choices=[(choice.value, choice.label) for choice in each.choices],
        )
    # An amount is read by the office itself, as QuickBooks reads it.
    attributes = {"autocomplete": "off", **({"inputmode": "decimal"} if each.is_amount else {})}
    return forms.CharField(
        label=each.label,
        required=each.is_required,
        max_length=each.limit or TEXT_LIMIT,
        widget=forms.TextInput(attrs=attributes),
    )


@dataclass(frozen=True, slots=True)
class Button:
    form: ActionForm
    is_open: bool


@writes
def rehearsal(request: OfficeRequest) -> HttpResponse:
    """In a practice company the rehearsal itself; beside it the way there."""
    if request.contractor.practice_of_id is not None:
        return _desk(request)
    under_way = practice.practice_of(request.contractor)
    context: dict[str, Any] = {"practice": under_way}
    if under_way is not None:
        people = [membership.user for membership in members(under_way)]
        context |= {"people": people, "may_enter": request.user in people}
    return render(request, "pages/practice/begin.html", context)


@writes
@require_POST
def start(request: OfficeRequest) -> HttpResponse:
    try:
        begun = practice.start_practice(user=request.user, contractor=request.contractor, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("practice", request.contractor.pk)
    messages.success(
        request, "The rehearsal has begun. QuickBooks was heard from, and the certain customers are paired."
    )
    return redirect("practice", begun.pk)


@writes
@require_POST
def run(request: OfficeRequest) -> HttpResponse:
    """One run of the Web Connector, told in words."""
    try:
        told = practice.run_connector(practice=request.contractor, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("practice", request.contractor.pk)
    say = messages.success if told.is_well else messages.error
    say(request, told.sentence)
    if told.news:
        messages.success(request, f"What happened: {'; '.join(told.news)}.")
    if told.left:
        messages.warning(request, f"What still waits: {'; '.join(told.left)}.")
    return redirect("practice", request.contractor.pk)


@writes
@require_POST
def act(request: OfficeRequest, key: str) -> HttpResponse:
    """Something happens in QuickBooks."""
    now = timezone.now()
    try:
        offered = {each.key: each for each in practice.actions(request.contractor, now=now)}
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("practice", request.contractor.pk)
    if key not in offered:
        messages.error(request, "This cannot be done in QuickBooks now; look at the buttons again.")
        return redirect("practice", request.contractor.pk)
    form = ActionForm(offered[key], request.POST)
    if form.is_valid():
        said = carried_out(
            form,
            lambda: practice.act(practice=request.contractor, key=key, values=form.cleaned_data, now=now),
        )
        if said is not None:
            messages.success(request, said)
            return redirect("practice", request.contractor.pk)
    return _desk(request, refused=form)


@writes
@require_POST
def discard(request: OfficeRequest) -> HttpResponse:
    """From within, or from the contractor it belongs to."""
    here = request.contractor
    real: Contractor | None = here.practice_of
    thrown = here if real is not None else practice.practice_of(here)
    if thrown is None:
        raise Http404("no practice company")
    name = thrown.name
    try:
        practice.discard_practice(practice=thrown)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("practice", here.pk)
    messages.success(request, f"{name} is gone, with everything in it.")
    return redirect("start") if real is not None else redirect("practice", here.pk)


def _desk(request: OfficeRequest, refused: ActionForm | None = None) -> HttpResponse:
    now = timezone.now()
    try:
        offered = practice.actions(request.contractor, now=now)
        books = practice.books(
            request.contractor,
            customers_page=request.GET.get("customers", 1),
            invoices_page=request.GET.get("invoices", 1),
            payments_page=request.GET.get("payments", 1),
        )
    except Refusal as refusal:
        return render(request, "pages/practice/missing.html", {"sentence": refusal.sentence})
    key = refused.offered.key if refused else ""
    buttons = [
        Button(refused if refused and each.key == key else ActionForm(each), each.key == key)
        for each in offered
    ]
    return render(
        request,
        "pages/practice/desk.html",
        {"buttons": buttons, "books": books},
        status=422 if refused else 200,
    )


urls = [
    path("practice/", rehearsal, name="practice"),
    path("practice/start/", start, name="practice_start"),
    path("practice/run/", run, name="practice_run"),
    path("practice/office/<slug:key>/", act, name="practice_act"),
    path("practice/discard/", discard, name="practice_discard"),
]
