"""The fix list: each refusal as a sentence, and the button that cures it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv
from centerpoint.pages.quickbooks.buttons import buttons
from centerpoint.pages.quickbooks.filters import Filters
from centerpoint.quickbooks import connection, outbox
from centerpoint.quickbooks import fixes as queries
from centerpoint.quickbooks.models import RECORD_FIELDS, CompanyFile, Posting, TaxMode

COLUMNS: tuple[Column[Posting], ...] = (
    Column(
        key="record",
        label="Record",
        text=lambda posting: f"{posting.get_kind_display()} {queries.fix(posting).title}",
    ),
    Column(
        key="bill_to", label="Bill to", order=("bill_to__name",), text=lambda posting: posting.bill_to.name
    ),
    Column(
        key="amount", label="Amount", order=("amount",), text=lambda posting: posting.amount, is_number=True
    ),
    Column(key="what", label="What", text=lambda posting: queries.fix(posting).cure.sentence),
    Column(key="how", label="What to do", text=lambda posting: queries.fix(posting).cure.how),
    Column(key="who", label="Who", text=lambda posting: queries.fix(posting).cure.who.value),
    Column(
        key="since",
        label="Since",
        order=("state_since",),
        text=lambda posting: f"{timezone.localtime(posting.state_since):%Y-%m-%d %H:%M}",
    ),
    Column(key="code", label="Code", order=("refusal",), text=lambda posting: posting.refusal),
)


class Codes(Filters):
    code = forms.ChoiceField(required=False, label="Reason")

    def set_counts(self, company_file: CompanyFile) -> None:
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            ("", "All reasons"),
            *(
                (code or "deleted", f"{_reason(code)} ({count})")
                for code, count in queries.counts(company_file).most_common()
            ),
        ]
        self.full_clean()


def _reason(code: str) -> str:
    """A code as a heading: "Tax differs", "QuickBooks 3100"."""
    if not code:
        return "Deleted in QuickBooks"
    return f"QuickBooks {code}" if code[0].isdigit() else code.replace("-", " ").capitalize()


@reads
@connected
def fixes(request: OfficeRequest, company_file: CompanyFile) -> HttpResponseBase:
    filters = Codes(request.GET)
    filters.set_counts(company_file)
    code = filters.chosen.get("code")
    found = queries.to_fix(
        company_file,
        code="" if code == "deleted" else code,
        search=request.GET.get("search", "").strip(),
    ).select_related("bill_to", *RECORD_FIELDS)
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="fix-list")
    shown = listing(request, found, COLUMNS, per_page=25)
    trouble = queries.trouble(company_file)
    fix_of = {posting.pk: queries.fix(posting) for posting in shown.rows}
    return render(
        request,
        "pages/quickbooks/fixes.html",
        {
            "title": "Fix list",
            "listing": shown,
            "filters": filters,
            "fixes": fix_of,
            "buttons": {pk: buttons(request.contractor.pk, fix) for pk, fix in fix_of.items()},
            "trouble": trouble,
            "trouble_buttons": buttons(request.contractor.pk, trouble) if trouble else [],
        },
    )


@writes
@require_POST
@connected
def retry_all(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    count = outbox.retry_all(company_file=company_file, now=timezone.now())
    messages.success(request, f"{count} {'is' if count == 1 else 'are'} tried again at the next run.")
    return redirect("fixes", request.contractor.pk)


@writes
@connected
def exact_tax(request: OfficeRequest, company_file: CompanyFile) -> HttpResponse:
    """Asked once more, because it is about every invoice from now on."""
    if request.method != "POST":
        return render(request, "pages/quickbooks/exact_tax.html", {"options": company_file.options})
    connection.save_options(company_file=company_file, now=timezone.now(), tax_mode=TaxMode.EXACT_LINE)
    messages.success(
        request, "Our exact tax goes out as a line from now on. What its tax held up goes again."
    )
    return redirect("fixes", request.contractor.pk)


urls = [
    path("quickbooks/fixes/", fixes, name="fixes"),
    path("quickbooks/fixes/retry/", retry_all, name="fixes_retry"),
    path("quickbooks/fixes/exact-tax/", exact_tax, name="fixes_exact_tax"),
]
