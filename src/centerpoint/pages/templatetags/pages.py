"""How amounts, days, states and icons look, the same on every page."""

import datetime as dt
import hashlib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from centerpoint.contractors.models import Change
from centerpoint.pages.history import KINDS
from centerpoint.quickbooks.posting_states import State

register = template.Library()

_TONES: dict[str, str] = {
    State.NEEDS_PAIRING: "attention",
    State.WAITING: "quiet",
    State.HELD: "attention",
    State.READY: "progress",
    State.SENT: "progress",
    State.UNKNOWN: "progress",
    State.BUSY: "progress",
    State.IN_QUICKBOOKS: "good",
    State.REFUSED: "bad",
    State.BYPASSED: "quiet",
    State.DELETED_THERE: "bad",
    State.VOIDED: "quiet",
    State.SUPERSEDED: "quiet",
    # Invoices
    "draft": "quiet",
    "issued": "good",
    "void": "quiet",
    "overdue": "bad",
    "paid": "good",
    "open": "progress",
    # Pairs
    "certain": "good",
    "likely": "attention",
    "name_clash": "bad",
    "coming": "progress",
}


@register.simple_tag(takes_context=True)
def to(context: template.Context, page: str, *args: Any) -> str:
    """The address of a page of this contractor: {% to 'company' company.pk %}."""
    return reverse(page, args=[context["contractor"].pk, *args])


@register.filter
def money(amount: Decimal | None) -> str:
    """$1,234.50; a minus before the sign; nothing for None."""
    if amount is None:
        return ""
    return f"{'−' if amount < 0 else ''}${abs(amount):,.2f}"


@register.filter
def number(amount: Decimal | int | None) -> str:
    """A quantity or percent without needless zeros: 2.5, 40, 1,200."""
    if amount is None:
        return ""
    text = f"{amount:,f}" if isinstance(amount, Decimal) else f"{amount:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def day(date: dt.date | None) -> str:
    """Mar 2, 2026"""
    return f"{date:%b} {date.day}, {date.year}" if date else ""


@register.filter
def moment(at: dt.datetime | None) -> str:
    """Mon Mar 2, 9:05 AM in the contractor's time zone, with the year when it is another one."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    year = "" if local.year == timezone.localdate().year else f", {local.year}"
    return f"{local:%a %b} {local.day}{year}, {int(local.strftime('%I'))}:{local:%M %p}"


@register.simple_tag
def badge(key: str, label: str = "") -> SafeString:
    """A state as a small label: its tone by the state, never by color alone."""
    text = label or (State(key).label if key in State.values else str(key).replace("_", " ").capitalize())
    return format_html('<span class="state state-{}">{}</span>', _TONES.get(key, "quiet"), text)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One of icons.svg. Without a label it is decoration."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            asset("centerpoint/icons.svg"),
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        asset("centerpoint/icons.svg"),
        name,
    )


@register.simple_tag
def asset(path: str) -> str:
    """A static file's address with a mark of its content, so that browsers keep it until it changes."""
    return f"{static(path)}?v={_mark(path)}"


@lru_cache(maxsize=100)
def _mark(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"there is no static file {path}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]


@register.simple_tag(takes_context=True)
def record_link(context: template.Context, change: Change) -> str:
    """The record a change tells of, as a link to its page where it has one."""
    _, page = KINDS.get(change.kind, ("", ""))
    if not page:
        return change.title
    try:
        href = reverse(page, args=[context["contractor"].pk, change.record])
    except NoReverseMatch:
        return change.title
    return format_html('<a href="{}">{}</a>', href, change.title)
