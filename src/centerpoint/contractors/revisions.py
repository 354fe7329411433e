"""Revisions: what changed since somebody last looked, without knowing who looks."""

import datetime as dt
from typing import Any

from django.db import models


class StaleRevision(Exception):
    """Somebody else saved this record first; `record` holds what they saved."""

    def __init__(self, record: "Revised", expected: int) -> None:
        self.record = record
        self.sentence = (
            f"{record} was changed by somebody else (revision {record.revision}, you had {expected}). "
            "Look at their change, then save yours again."
        )
        super().__init__(self.sentence)


class Revised(models.Model):
    """A record whose every change is counted, so that a change can be sent, compared and never overwritten blindly."""

    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True


def revise(record: Revised, *, now: dt.datetime, expected: int | None = None, **changes: Any) -> bool:
    """Save `changes` as the record's next revision; False when nothing differs.

    `expected` is the revision the writer had before his eyes; another one in the database raises StaleRevision.
    Call inside a transaction: the row is locked first.
    """
    current = type(record)._base_manager.select_for_update().get(pk=record.pk)
    if expected is not None and current.revision != expected:
        raise StaleRevision(current, expected)
    differing = {name: value for name, value in changes.items() if getattr(current, name) != value}
    if not differing:
        return False
    for name, value in differing.items():
        setattr(record, name, value)
    record.revision = current.revision + 1
    record.changed_at = now
    record.save(update_fields=[*differing, "revision", "changed_at"])
    return True
