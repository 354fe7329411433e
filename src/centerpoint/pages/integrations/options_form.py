"""The form of Integration Settings, in the groups in which a bookkeeper thinks of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from centerpoint.pages.forms import DateInput, RecordForm
from centerpoint.quickbooks.connection import ItemToChoose
from centerpoint.quickbooks.models import CompaniesGo, InvoicesGo, JobPolicy, LineMode, TaxMode, WorkGoes


def _help(explanation: str, example: str = "") -> SafeString:
    if not example:
        return format_html("{}", explanation)
    return format_html('{} <span class="example">Example: {}</span>', explanation, example)


def _item(label: str, explanation: str, *, limit: int, is_required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_help(explanation),
        max_length=limit,
        required=is_required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True, slots=True)
class NamedItem:
    """A field that names an item: what QuickBooks has for it, and which of these it names now."""

    field: forms.BoundField
    choices: Sequence[ItemToChoose]
    chosen: ItemToChoose | None


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    fields: tuple[forms.BoundField, ...]


class OptionsForm(RecordForm):
    """The fields of save_options. `choices` as connection.choices gives them; without them names are typed freely."""

    service_item_name = _item(
        "Service Item Name", "The QuickBooks item on the lines of service invoices.", limit=159
    )
    service_tax_item_name = _item(
        "Service Sales Tax Item Name", "The sales tax item or group of service invoices.", limit=31
    )
    project_item_name = _item(
        "Project Item Name", "The QuickBooks item on the lines of project invoices.", limit=159
    )
    project_tax_item_name = _item(
        "Project Sales Tax Item Name", "The sales tax item or group of project invoices.", limit=31
    )

    companies_go = forms.ChoiceField(
        label="Companies",
        choices=CompaniesGo.choices,
        help_text=_help(
            "When a company that you do not pair is offered to be created as a QuickBooks customer.",
            "with the first ticket, a company you only quoted never clutters the customer list.",
        ),
    )
    work_goes = forms.ChoiceField(
        label="Service tickets and projects",
        choices=WorkGoes.choices,
        help_text=_help(
            "When a ticket or project becomes a job below its customer.",
            "ticket 1042 becomes Birchwood HOA:1042.",
        ),
    )
    job_policy = forms.ChoiceField(
        label="Jobs for service tickets",
        choices=JobPolicy.choices,
        help_text=_help(
            "Where a service invoice hangs in QuickBooks. A project always is a job of its own.",
            "one job per property keeps ten small repairs of one roof together.",
        ),
    )

    invoices_go = forms.ChoiceField(
        label="Invoices",
        choices=InvoicesGo.choices,
        help_text=_help(
            "Drafts never go out. Approved by hand means one by one, on the Outbox page.",
            "invoice 1042, issued at noon, is in QuickBooks at the next run.",
        ),
    )
    hold_for_approval = forms.BooleanField(
        label="Hold everything for my approval",
        required=False,
        help_text=_help(
            "Nothing reaches QuickBooks before somebody approved it in the Outbox. A good start: watch a few "
            "days, then switch it off."
        ),
    )
    start_date = forms.DateField(
        label="Start date",
        required=False,
        widget=DateInput,
        help_text=_help(
            "Older records never go out. Empty: there is no such limit.",
            "with March 1, an invoice issued on February 28 stays here only.",
        ),
    )

    line_mode = forms.ChoiceField(
        label="Invoice lines",
        choices=LineMode.choices,
        help_text=_help(
            "Hidden lines are folded into the others. The total is the same to the cent.",
            "$300 of labor in two lines and $80 of material become two lines with one line for each kind.",
        ),
    )
    tax_mode = forms.ChoiceField(
        label="Sales tax",
        choices=TaxMode.choices,
        help_text=_help(
            "Before an invoice goes out we compute what QuickBooks will. If it differs by a cent, the invoice "
            "waits and says so.",
            "8.25 % of $101.00 is $8.33 on both sides.",
        ),
    )
    tax_line_item_name = _item(
        "Exact tax item name",
        "Only for our exact tax as a line: the QuickBooks item of that line.",
        limit=159,
        is_required=False,
    )

    new_companies_in = forms.BooleanField(
        label="Bring new QuickBooks customers in",
        required=False,
        help_text=_help("A customer added in QuickBooks becomes a company here. Jobs do not."),
    )
    company_changes_in = forms.BooleanField(
        label="Take changes of paired customers in",
        required=False,
        help_text=_help(
            "A field changed on one side goes to the other. Changed on both: you are asked.",
            "a phone number corrected in QuickBooks is corrected here.",
        ),
    )
    read_every = forms.IntegerField(
        label="Read QuickBooks at most every (seconds)",
        min_value=0,
        max_value=86400,
        help_text=_help(
            "How often the Web Connector runs is set at the PC; this keeps a quick one from reading all the time."
        ),
    )
    silent_after_hours = forms.IntegerField(
        label="Call QuickBooks silent after (hours)",
        min_value=1,
        max_value=720,
        help_text=_help(
            "When nothing was heard for so long, we say so here and by e-mail, with what waits.",
            "24 finds a PC that was switched off over the weekend.",
        ),
    )

    ITEMS = ("service_item_name", "service_tax_item_name", "project_item_name", "project_tax_item_name")
    GROUPS = (
        ("What goes out", ("companies_go", "work_goes", "job_policy")),
        ("When", ("invoices_go", "hold_for_approval", "start_date")),
        ("How invoices look there", ("line_mode", "tax_mode", "tax_line_item_name")),
        ("What comes in", ("new_companies_in", "company_changes_in")),
        ("Watching", ("read_every", "silent_after_hours")),
    )

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[ItemToChoose]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices = choices
        for name in (*self.ITEMS, "tax_line_item_name"):
            if choices[name]:
                self.fields[name].widget.attrs["list"] = f"items-{name}"

    def named_items(self) -> Iterator[NamedItem]:
        return (self._named(name) for name in self.ITEMS)

    def exact_tax_item(self) -> NamedItem:
        return self._named("tax_line_item_name")

    def groups(self) -> Iterator[Group]:
        return (Group(title, tuple(self[name] for name in names)) for title, names in self.GROUPS)

    def _named(self, name: str) -> NamedItem:
        value = str(self[name].value() or "").strip().lower()
        choices = self._choices[name]
        return NamedItem(
            self[name], choices, next((each for each in choices if each.name.lower() == value), None)
        )
