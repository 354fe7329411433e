"""What was deleted: QuickBooks remembers it for 90 days (protocol.md C.7)."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from qbemulator.company_file.storage import Storage

REMEMBERED_SECONDS = 90 * 24 * 60 * 60


class Deletion(NamedTuple):
    kind: str
    object_id: str
    name: str | None
    created: int
    deleted: int


def between(
    storage: Storage, kinds: Collection[str], *, now: int, since: int | None = None, until: int | None = None
) -> list[Deletion]:
    """Deleted records of the given kinds, oldest first; both ends inclusive."""
    first = max(now - REMEMBERED_SECONDS, since if since is not None else 0)
    rows = storage.all(
        "SELECT kind, object_id, name, created, deleted FROM deletions WHERE deleted >= ? AND deleted <= ? ORDER BY id",
        (first, until if until is not None else now),
    )
    return [Deletion(*row) for row in rows if row["kind"] in kinds]
