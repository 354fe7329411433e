from django import forms
from django.core.validators import validate_email

from centerpoint.pages.forms import RecordForm

NARROW = forms.Textarea(attrs={"rows": 3})


def _phone(label: str) -> forms.CharField:
    return forms.CharField(
        required=False, max_length=50, label=label, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


class WithEmail(forms.Form):
    """An address that QuickBooks or a file brought may be odd; only one that is typed here is checked."""

    email = forms.CharField(
        required=False, max_length=254, label="E-mail", widget=forms.TextInput(attrs={"inputmode": "email"})
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and "email" in self.changed_data:
            validate_email(email)
        return email


class CompanyForm(RecordForm, WithEmail):
    name = forms.CharField(
        max_length=255, help_text="As it stands on bills. QuickBooks shows the first 41 characters."
    )
    external_identifier = forms.CharField(
        required=False, max_length=100, help_text="Its number in another system, if it has one."
    )
    type = forms.CharField(
        required=False, max_length=50, help_text="Such as Property manager, Owner, School."
    )
    billing_street = forms.CharField(required=False, max_length=255, label="Street")
    billing_street2 = forms.CharField(required=False, max_length=255, label="Suite, floor")
    billing_city = forms.CharField(required=False, max_length=100, label="City")
    billing_state = forms.CharField(required=False, max_length=50, label="State")
    billing_postal_code = forms.CharField(required=False, max_length=20, label="ZIP code")
    billing_country = forms.CharField(required=False, max_length=50, label="Country")
    phone = _phone("Phone")
    website = forms.CharField(required=False, max_length=255)
    credit_hold = forms.BooleanField(required=False, help_text="Everybody who opens work for it is warned.")
    needs_purchase_order = forms.BooleanField(
        required=False,
        label="Needs a PO on the invoice",
        help_text="An invoice without one is not issued.",
    )
    tax_exempt = forms.BooleanField(required=False)
    tax_exempt_reason = forms.CharField(
        required=False,
        max_length=255,
        label="Why it is exempt",
        help_text="Such as the certificate's number.",
    )
    billing_instructions = forms.CharField(required=False, widget=NARROW)


class ContactForm(RecordForm, WithEmail):
    name = forms.CharField(max_length=255)
    position = forms.CharField(required=False, max_length=100)
    phone = _phone("Phone")
    mobile = _phone("Mobile")
    is_billing_contact = forms.BooleanField(
        required=False, label="Billing contact", help_text="Whose name stands on the bills. There is one."
    )
    field_order = ("name", "position", "email", "phone", "mobile", "is_billing_contact")
