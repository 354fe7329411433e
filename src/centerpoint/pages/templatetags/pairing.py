"""What the pages of tickets, projects and companies say of a company that nobody in QuickBooks is yet."""

from typing import Any

from django import template

from centerpoint.companies.models import Company
from centerpoint.quickbooks.pairing.queries import must_be_paired

register = template.Library()


@register.inclusion_tag("pages/pairing/note.html", takes_context=True)
def pairing_note(context: template.Context, company: Company) -> dict[str, Any]:
    """{% pairing_note ticket.bill_to %}: that its invoices will wait, and where to pair it; one query."""
    return {
        "company": company,
        "contractor": context["contractor"],
        "may_write": context["request"].may_write,
        "must_be_paired": must_be_paired(company),
    }
