"""Counting no further than a page says it: beyond `MANY` it shows "999+", and the database has stopped."""

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

MANY = 1000


class UpToMany(Subquery):
    """How many rows of one column a query finds, MANY at most."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, found: QuerySet[Any, Any]) -> None:
        super().__init__(found.order_by()[:MANY])


def said(count: int) -> str:
    """A number that was counted so, for a person."""
    return f"{MANY - 1}+" if count >= MANY else f"{count:,}"
