"""The one function that writes a posting's state."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from centerpoint.quickbooks.models import Posting
from centerpoint.quickbooks.posting_states import MOVES, State

# A database takes only so many parameters with one statement: PostgreSQL 65,535, SQLite on Windows 32,766.
A_STATEMENT = 5_000


# Nothing inside needs to be undone by itself, so no savepoint.
@transaction.atomic(savepoint=False)
def move(ids: Collection[int], old: State, new: State, *, now: dt.datetime, **columns: Any) -> list[int]:
    """Move postings from `old` to `new` by compare-and-set; the ids that really moved.

    A posting that is not in `old` any more stays as it is and is missing in the result: somebody was first, and the
    caller must care. `columns` are saved with the move.
    """
    if new not in MOVES[old]:
        raise ValueError(f"a posting may not go from {old!r} to {new!r}")
    moved: list[int] = []
    in_order = sorted(ids)
    for start in range(0, len(in_order), A_STATEMENT):
        moved += _move(in_order[start : start + A_STATEMENT], old, new, state_since=now, **columns)
    return moved


def _move(ids: Sequence[int], old: State, new: State, **columns: Any) -> list[int]:
    postings = Posting.objects.select_for_update().filter(pk__in=ids, state=old).order_by("pk")
    moved = list(postings.values_list("pk", flat=True))
    if moved:
        Posting.objects.filter(pk__in=moved).update(state=new, **columns)
    return moved
