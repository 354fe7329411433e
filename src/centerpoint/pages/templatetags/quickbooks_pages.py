"""What the pages about QuickBooks need beside their rows."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from centerpoint.quickbooks.models import RecordKind

V = TypeVar("V")
register = template.Library()


@register.filter
def of(found: Mapping[int, V], pk: int) -> V | None:
    """What was fetched set-wise for the row `pk`: {{ paid|of:row.pk }}."""
    return found.get(pk)


@register.simple_tag(takes_context=True)
def record(context: template.Context, kind: str, pk: int, label: str) -> str:
    """A record by the name people know, as a link to its page where its kind has one."""
    try:
        href = reverse(kind, args=[context["contractor"].pk, pk])
    except NoReverseMatch:
        return label
    return format_html('<a href="{}">{}</a>', href, label)


@register.filter
def dollars(amount: Decimal) -> str:
    """A round amount without cents: $2,500."""
    return f"${amount:,.0f}"


@register.filter
def unlocalized(length: float) -> str:
    """A length as SVG reads it, with a point."""
    return f"{length:g}"


@register.filter
def plural(kind: RecordKind, count: int) -> str:
    """A kind of record as it stands behind its count: 1 company, 3 invoices."""
    noun = kind.label.lower()
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
