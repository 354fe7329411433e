"""Revisions: what changed since somebody last looked, without knowing who looks."""

import datetime as dt
from typing import Any, Protocol

from django.db import models

from centerpoint.contractors import history
from centerpoint.contractors.refusals import Refusal


class Counted(Protocol):
    """A record whose changes are counted."""

    revision: int


class StaleRevision(Refusal):
    """Somebody else saved this record first; `record` holds what they saved."""

    def __init__(self, record: Counted, expected: int) -> None:
        self.record = record
        super().__init__(
            f"{record} was changed by somebody else (revision {record.revision}, you had {expected}). "
            "Look at their change, then save yours again."
        )


class Revised(models.Model):
    """A record whose every change is counted, so that a change can be sent, compared and never overwritten blindly."""

    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True


def refuse_stale(record: Counted, expected: int | None) -> None:
    """Of a record that was just locked. Raises StaleRevision when it is not the revision its writer had before his eyes."""
    if expected is not None and record.revision != expected:
        raise StaleRevision(record, expected)


def lock(record: models.Model) -> None:
    """Read the record anew and keep others from changing it until the transaction ends."""
    record.refresh_from_db(from_queryset=type(record)._base_manager.select_for_update())


def revise(
    record: Revised,
    *,
    now: dt.datetime,
    expected: int | None = None,
    beside: bool = False,
    did: str = "Changed",
    **changes: Any,
) -> bool:
    """Save `changes` as the record's next revision, and tell them in its history as `did`; False when nothing differs.

    `expected` is the revision the writer had before his eyes; another one in the database raises StaleRevision.
    `beside`: something of the record that is kept in another table changed (a line, the billing contact), which
    counts even when none of its own fields differs. Call inside a transaction: the row is locked and read anew first.
    """
    lock(record)
    refuse_stale(record, expected)
    differing = {name: value for name, value in changes.items() if getattr(record, name) != value}
    if not differing and not beside:
        return False
    differences = {name: (getattr(record, name), value) for name, value in differing.items()}
    for name, value in differing.items():
        setattr(record, name, value)
    record.revision += 1
    record.changed_at = now
    record.save(update_fields=[*differing, "revision", "changed_at"])
    history.record(record, did, now=now, differences=differences)
    return True
