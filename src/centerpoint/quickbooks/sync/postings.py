"""Postings as a message needs them: read in one statement, without their models."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from centerpoint.quickbooks.compiled_query import CompiledQuery, Each
from centerpoint.quickbooks.models import RECORD_FIELDS, Posting


class PostingRow(NamedTuple):
    """A posting, and the id of the record of its `kind` that it stands for."""

    pk: int
    kind: str
    record: int
    bill_to: int
    mark: str
    attempts: int
    state: str
    action: str


def read(posting_ids: Collection[int]) -> dict[int, PostingRow]:
    """By id, as they are now; one that is not there any more is missing."""
    return {row[0]: PostingRow(*row) for row in _postings.rows(ids=posting_ids)}


@CompiledQuery
def _postings() -> QuerySet[Any, Any]:
    record = Coalesce(*(f"{field}_id" for field in RECORD_FIELDS))
    return Posting.objects.filter(pk__in=Each("ids")).values_list(
        "pk", "kind", record, "bill_to", "mark", "attempts", "state", "action"
    )
