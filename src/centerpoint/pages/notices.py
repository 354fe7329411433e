"""Which e-mails somebody wants about a contractor."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.quickbooks.models import NoticeKind
from centerpoint.quickbooks.notices import choose_notices, notice_choices

EXPLAINED = {
    NoticeKind.SILENT: "When nothing was heard for as long as Integration Settings says, with what waits meanwhile.",
    NoticeKind.UNPAIRED: "When a company is to be invoiced and nobody said which QuickBooks customer it is.",
    NoticeKind.REFUSED: "When QuickBooks refused a record, with what it said and how to put it right.",
}


class NoticesForm(forms.Form):
    """One box for each kind of notice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in NoticeKind:
            self.fields[kind] = forms.BooleanField(
                label=kind.label, required=False, help_text=EXPLAINED[kind]
            )


@reads
def notices(request: OfficeRequest) -> HttpResponse:
    """Everybody chooses for himself. A box cannot be filled in wrongly, so nothing here is refused."""
    form = NoticesForm(
        request.POST if request.method == "POST" else None,
        initial=notice_choices(request.user, request.contractor),
    )
    if form.is_valid():
        choose_notices(
            user=request.user,
            contractor=request.contractor,
            wanted={kind: form.cleaned_data[kind] for kind in NoticeKind},
        )
        messages.success(request, "Saved.")
        return redirect("notices", request.contractor.pk)
    return render(request, "pages/notices.html", {"form": form})


urls = [path("notices/", notices, name="notices")]
