"""The invoice as somebody edits it: its fields, and its lines as rows of a table."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import zip_longest
from typing import Any, cast

from django import forms
from django.db.models import Q

from centerpoint.billing import money
from centerpoint.billing.models import Invoice, InvoiceLine, InvoiceStatus, LineKind, TaxCode
from centerpoint.billing.operations import Line
from centerpoint.billing.queries import tax_codes
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.refusals import dollars
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.pages.amounts import AmountField
from centerpoint.pages.forms import DateInput, Difference, RecordForm

# Empty rows that stand below the lines for who works without a script.
EMPTY_ROWS = 5
MOST_LINES = 1000
TICK = {"class": "form-check-input"}


class LineForm(forms.Form):
    kind = forms.ChoiceField(
        choices=LineKind.choices,
        initial=LineKind.OTHER,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    description = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 1, "class": "form-control"})
    )
    quantity = AmountField(shown_places=0, max_digits=12, decimal_places=4, initial=Decimal(1))
    unit = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    unit_price = AmountField(
        label="Price",
        max_digits=14,
        decimal_places=4,
        error_messages={"required": "Write a price."},
    )
    taxable = forms.BooleanField(required=False, initial=True, widget=forms.CheckboxInput(attrs=TICK))
    visible = forms.BooleanField(required=False, initial=True, widget=forms.CheckboxInput(attrs=TICK))

    def has_changed(self) -> bool:
        """A row without words and without a price is no line, whatever else stands in it."""
        return bool(self._typed("description") or self._typed("unit_price"))

    def _typed(self, name: str) -> str:
        return str(self[name].data or "").strip()

    @property
    def amount(self) -> Decimal | None:
        values = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        if values.get("unit_price") is None or values.get("quantity") is None:
            return None
        return money.line_amount(values["quantity"], values["unit_price"])


class LineRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows in their order. What a row's number is, is its line's position."""

    def initial_form_count(self) -> int:
        return 0  # a row that was emptied is a line taken away, whether it was there before or not

    def total_form_count(self) -> int:
        return super().total_form_count() if self.is_bound else len(self.initial or ()) + EMPTY_ROWS

    def lines(self) -> list[Line]:
        return [Line(**form.cleaned_data) for form in self if form.has_changed()]


_Rows = forms.formset_factory(
    LineForm, formset=LineRows, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


def line_rows(data: Any, lines: Iterable[InvoiceLine] = ()) -> LineRows:
    initial = [{name: getattr(line, name) for name in LineForm.base_fields} for line in lines]
    return cast(LineRows, _Rows(data, initial=initial or None, prefix="lines"))


class InvoiceForm(RecordForm):
    """The fields beside the lines. `issued_on` of a draft is the day it would be issued on, no field of it yet."""

    issued_on = forms.DateField(label="Invoice date", widget=DateInput)
    due_on = forms.DateField(required=False, label="Due date", widget=DateInput)
    terms = forms.CharField(required=False, max_length=31)
    purchase_order = forms.CharField(required=False, max_length=50, label="Purchase order no.")
    note = forms.CharField(
        required=False,
        label="Note on the invoice",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tax_codes: "forms.ModelMultipleChoiceField[TaxCode]" = forms.ModelMultipleChoiceField(
        queryset=TaxCode.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        contractor: Contractor,
        rows: LineRows,
        record: Invoice | None = None,
        **options: Any,
    ) -> None:
        self.rows = rows
        super().__init__(*args, record=record, **options)
        self.kept = {tax.tax_code_id: tax for tax in record.taxes.all()} if record is not None else {}
        usable = tax_codes(contractor).filter(Q(is_active=True) | Q(pk__in=self.kept))
        self.fields["tax_codes"].queryset = usable  # type: ignore[attr-defined]
        if record is None or record.status == InvoiceStatus.DRAFT:
            self.fields["due_on"].help_text = "Left empty, the terms say it."

    def values_of(self, record: Invoice) -> dict[str, Any]:
        values = super().values_of(record)
        if record.issued_on is None:
            del values["issued_on"]
        return {**values, "tax_codes": [tax.tax_code_id for tax in record.taxes.all()]}

    def chosen_tax_codes(self) -> list[TaxCode] | None:
        """None as long as nobody touched them: then an invoice keeps the percents it was written with."""
        return list(self.cleaned_data["tax_codes"]) if "tax_codes" in self.changed_data else None

    def fields_changed(self) -> dict[str, Any]:
        return {name: value for name, value in self.changed().items() if name != "tax_codes"}

    def tax_choices(self) -> list[tuple[TaxCode, bool, Decimal | None]]:
        """Each tax code, whether it is ticked, and the percent the invoice was written with, if it has it."""
        ticked = {str(value) for value in self["tax_codes"].value() or ()}
        queryset = self.fields["tax_codes"].queryset  # type: ignore[attr-defined]
        return [
            (code, str(code.pk) in ticked, self.kept[code.pk].percent if code.pk in self.kept else None)
            for code in queryset
        ]

    def show_what_changed(self, refusal: StaleRevision) -> None:
        super().show_what_changed(refusal)
        invoice = refusal.record
        assert isinstance(invoice, Invoice), "this form is of an invoice"
        theirs = [_in_words(line) for line in invoice.lines.order_by("position")]
        yours = [_in_words(line) for line in self.rows.lines()]
        self.differences += [
            Difference(f"Line {place}", here, there)
            for place, (here, there) in enumerate(zip_longest(theirs, yours, fillvalue=""), start=1)
            if here != there
        ]

    def _shown(self, name: str, value: Any) -> str:
        if name != "tax_codes":
            return super()._shown(name, value)
        chosen = {str(one) for one in value or ()}
        return ", ".join(code.code for code, _, _ in self.tax_choices() if str(code.pk) in chosen)


def _in_words(line: Line | InvoiceLine) -> str:
    """A line as one sentence, the same for one that is stored and one that is typed."""
    amount = money.line_amount(line.quantity, line.unit_price)
    unit = f" {line.unit}" if line.unit else ""
    parts = [
        str(LineKind(line.kind).label),
        line.description,
        f"{line.quantity.normalize():f}{unit} × {line.unit_price.normalize():f} = {dollars(amount)}",
        "" if line.taxable else "not taxed",
        "" if line.visible else "hidden",
    ]
    return ", ".join(part for part in parts if part)
