"""How an invoice's standing looks, the same on every page."""

import datetime as dt
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from centerpoint.billing.models import Invoice
from centerpoint.billing.queries import preset_of
from centerpoint.pages.templatetags.pages import badge

register = template.Library()
# Of one invoice; the presets name several.
_OF_ONE = {"draft": "Draft"}


@register.simple_tag
def invoice_badge(invoice: Invoice, today: dt.date) -> SafeString:
    """Draft, open, overdue, paid or void."""
    preset = preset_of(invoice, on=today)
    return badge(preset.value, _OF_ONE.get(preset.value, str(preset.label)))


@register.filter
def price(amount: Decimal) -> str:
    """A unit price with its cents, and with further places where it has them: $98.00, $1.1875."""
    places = max(2, len(f"{amount.normalize():f}".partition(".")[2]))
    return f"{'−' if amount < 0 else ''}${abs(amount):,.{places}f}"
