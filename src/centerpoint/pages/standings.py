"""Where the records of a list stand with QuickBooks: a column beside them, fetched set-wise."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Aggregate

from centerpoint.pages.access import OfficeRequest
from centerpoint.pages.listing import NOTHING, Column, Listing, listing
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.standing import RecordStanding, standings


def listing_with_standings(
    request: OfficeRequest,
    found: Any,
    columns: Sequence[Column[Any]],
    *,
    sums: Mapping[str, Aggregate] = NOTHING,
) -> tuple[Listing[Any], dict[int, RecordStanding] | None]:
    """The list, and by row where each stands; without an integration None, and the column is left out."""
    try:
        company_file = connection.connected(request.contractor)
    except connection.NotActivated:
        return listing(request, found, columns, sums=sums), None
    column: Column[Any] = Column(key="quickbooks", label="QuickBooks", text=lambda _: "", is_secondary=True)
    shown = listing(request, found, [*columns, column], sums=sums)
    return shown, standings(company_file, shown.rows)
