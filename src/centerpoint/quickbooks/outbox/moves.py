"""The one function that writes a posting's state."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from centerpoint.quickbooks.compiled_query import CompiledQuery, Each, Given, for_the_database, is_among
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
    moved = [pk for (pk,) in _still_in_state.rows(ids=ids, state=old.value)]
    if moved:
        _write(moved, {"state": new.value, **columns})
    return moved


@CompiledQuery
def _still_in_state() -> QuerySet[Any, Any]:
    postings = Posting.objects.select_for_update().filter(pk__in=Each("ids"), state=Given("state"))
    return postings.order_by("pk").values_list("pk")


_FIELDS = {field.name: field for field in Posting._meta.concrete_fields}


def _write(ids: Sequence[int], columns: Mapping[str, Any]) -> None:
    """Raw, because the ORM would put together the same statement anew for every message."""
    fields = [_FIELDS[name] for name in columns]
    values = [value.pk if isinstance(value, Model) else value for value in columns.values()]
    assignments = ", ".join(f"{field.column} = %s" for field in fields)
    chosen, parameter = is_among("id", ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Posting._meta.db_table} SET {assignments} WHERE {chosen}",  # noqa: S608 - names of columns
            [
                *map(for_the_database, fields, values),
                parameter,
            ],
        )
