"""Stored answers of message sets: what became of a set whose answer was lost (protocol.md C.4)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from qbemulator.company_file.storage import Storage

CLEAR_ALL = "ClearAllMessageSets"


class StoredSet(NamedTuple):
    """The outcome of one message set: a checksum of its exact text and one entry per request."""

    checksum: str
    answers: list[dict[str, Any]]


def checksum(text: str) -> str:
    """Over the exact text, prolog and white space included."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def find(storage: Storage, application: str, set_id: str) -> StoredSet | None:
    row = storage.one(
        "SELECT checksum, answers FROM message_sets WHERE application = ? AND set_id = ?",
        (application, set_id),
    )
    return None if row is None else StoredSet(row["checksum"], json.loads(row["answers"]))


def store(storage: Storage, application: str, set_id: str, stored: StoredSet) -> None:
    storage.execute(
        "INSERT INTO message_sets (application, set_id, checksum, answers) VALUES (?, ?, ?, ?)",
        (application, set_id, stored.checksum, json.dumps(stored.answers)),
    )


def clear(storage: Storage, application: str, set_id: str) -> bool:
    """Forget one set, or all of the application; False when there was nothing of that name."""
    if set_id == CLEAR_ALL:
        storage.execute("DELETE FROM message_sets WHERE application = ?", (application,))
        return True
    deleted = storage.execute(
        "DELETE FROM message_sets WHERE application = ? AND set_id = ?", (application, set_id)
    )
    return deleted.rowcount == 1
