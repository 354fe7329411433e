"""A payment as somebody enters it: what was received, and what of it goes to which open invoice."""

from collections.abc import Sequence
from typing import Any

from django import forms

from centerpoint.billing import money
from centerpoint.billing.models import Payment
from centerpoint.billing.operations import Part, Receipt
from centerpoint.billing.queries import Payable
from centerpoint.companies.models import Company
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.pages.amounts import AmountField
from centerpoint.pages.forms import DateInput, Difference, RecordForm
from centerpoint.pages.pickers import CompanyPicker, offer

METHODS = ("Check", "ACH", "Card", "Cash", "Wire")


class WhoPays(forms.Form):
    """The first step: the company, whose open invoices are then shown."""

    company = CompanyPicker(help_text="Its open invoices are shown next.")

    def __init__(self, data: Any, contractor: Contractor) -> None:
        super().__init__(data)
        offer(self, contractor)


class PartForm(forms.Form):
    """One open invoice's row. Empty means nothing."""

    amount = AmountField(required=False, max_digits=14, decimal_places=2)
    discount = AmountField(required=False, max_digits=14, decimal_places=2)

    def __init__(self, data: Any, payable: Payable) -> None:
        self.payable = payable
        initial = {"amount": payable.amount or None, "discount": payable.discount or None}
        super().__init__(data, initial=initial, prefix=f"invoice-{payable.invoice.pk}")

    def clean(self) -> None:
        if self.payable.open or not any(self.cleaned_data.get(name) for name in ("amount", "discount")):
            return
        invoice = self.payable.invoice
        self.add_error(
            "amount", f"{invoice} was settled meanwhile: nothing is open on it. Take the amount out."
        )

    def part(self) -> Part | None:
        amount, discount = (self.cleaned_data[name] or money.ZERO for name in ("amount", "discount"))
        if not amount and not discount:
            return None
        return Part(invoice_id=self.payable.invoice.pk, amount=amount, discount=discount)


class PaymentForm(RecordForm):
    amount = AmountField(label="Amount received", max_digits=14, decimal_places=2)
    received_on = forms.DateField(label="Received on", widget=DateInput)
    method = forms.CharField(
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"list": "methods", "autocomplete": "off"}),
    )
    reference = forms.CharField(
        required=False,
        max_length=50,
        label="Reference",
        help_text="Such as the check number.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Any,
        payable: Sequence[Payable],
        *,
        payment: Payment | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, record=payment, initial=initial)
        self.rows = [PartForm(data, one) for one in payable]

    def is_valid(self) -> bool:
        """All rows are looked at, so that everything that is wrong is said at once."""
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    def receipt(self, company: Company, kind: Payment.Kind) -> Receipt:
        return Receipt(
            company_id=company.pk,
            kind=kind,
            parts=[part for row in self.rows if (part := row.part()) is not None],
            **self.values(),
        )

    def show_what_changed(self, refusal: StaleRevision) -> None:
        super().show_what_changed(refusal)
        payment = refusal.record
        assert isinstance(payment, Payment)
        parts = {part.invoice_id: part for part in payment.parts.all()}
        for row in self.rows:
            invoice = row.payable.invoice
            for name, label in (("amount", "Invoice"), ("discount", "Discount on invoice")):
                theirs = getattr(parts.get(invoice.pk), name, money.ZERO)
                yours = row.cleaned_data[name] or money.ZERO
                if theirs != yours:
                    shown = (str(amount) if amount else "" for amount in (theirs, yours))
                    self.differences.append(Difference(f"{label} {invoice.number}", *shown))

    def filled(self) -> dict[str, str]:
        """The amounts of the rows when the payment fills the oldest invoice first, by field name."""
        discounts = [row.cleaned_data["discount"] or money.ZERO for row in self.rows]
        wanted = [row.payable.open - discount for row, discount in zip(self.rows, discounts, strict=True)]
        amounts = money.fill(self.cleaned_data["amount"], wanted)
        return {
            row.add_prefix("amount"): str(amount) if amount else ""
            for row, amount in zip(self.rows, amounts, strict=True)
        }
