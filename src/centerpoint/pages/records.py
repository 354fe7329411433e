"""What every record's page shares: its tabs, and the way back from a form."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse

from centerpoint.pages.access import OfficeRequest


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    href: str
    is_here: bool


def tabs(request: OfficeRequest, record: Model, pages: Sequence[tuple[str, str]]) -> list[Tab]:
    """The tabs of a record's page; `pages` are the names of their addresses with their labels.

    What is no tab itself, such as a form within the page, belongs to the first.
    """
    addresses = [reverse(page, args=[request.contractor.pk, record.pk]) for page, _ in pages]
    here = request.path if request.path in addresses else addresses[0]
    return [
        Tab(label, address, address == here) for (_, label), address in zip(pages, addresses, strict=True)
    ]
