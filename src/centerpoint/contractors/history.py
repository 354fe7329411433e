"""Who did what, and when: one row for everything somebody did to a record (docs/decisions/0005-history.md).

Operations write it in their own transaction, so what is told here happened. Whoever opens a door says who acts
(`acting`); without that the change is Centerpoint's own.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from centerpoint.contractors.models import Change, Contractor, User

TITLE = 200


@dataclass(frozen=True, slots=True)
class Actor:
    user: User | None
    # The door somebody came through when it was no page: "QuickBooks", "the command line".
    through: str


_CENTERPOINT = Actor(None, "")
_actor: ContextVar[Actor] = ContextVar("actor", default=_CENTERPOINT)


@contextmanager
def acting(user: User | None = None, *, through: str = "") -> Iterator[None]:
    token = _actor.set(Actor(user, through))
    try:
        yield
    finally:
        _actor.reset(token)


def record(
    subject: models.Model,
    did: str,
    *,
    now: dt.datetime,
    contractor_id: int | None = None,
    differences: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """`did` is a word or two in the past: "Changed", "Issued". `differences`: field name to old and new value."""
    record_many([subject], did, now=now, contractor_id=contractor_id, differences=differences)


def record_many(
    subjects: Iterable[models.Model],
    did: str,
    *,
    now: dt.datetime,
    contractor_id: int | None = None,
    differences: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """The same was done to all of them."""
    record_each(
        ((subject, differences or {}) for subject in subjects), did, now=now, contractor_id=contractor_id
    )


def record_each(
    changes: Iterable[tuple[models.Model, Mapping[str, tuple[Any, Any]]]],
    did: str,
    *,
    now: dt.datetime,
    contractor_id: int | None = None,
) -> None:
    """To each of them something of its own, written in one statement."""
    actor = _actor.get()
    Change.objects.bulk_create(
        (
            Change(
                contractor_id=contractor_id or _contractor_of(subject),
                at=now,
                by=actor.user,
                through=actor.through,
                kind=kind_of(subject),
                record=subject.pk,
                title=str(subject)[:TITLE],
                did=did,
                differences=[
                    [_label(subject, name), _shown(subject, name, old), _shown(subject, name, new)]
                    for name, (old, new) in differences.items()
                ],
            )
            for subject, differences in changes
        ),
        batch_size=500,
    )


def kind_of(subject: models.Model | type[models.Model]) -> str:
    return str(subject._meta.model_name)


def _contractor_of(subject: models.Model) -> int:
    return int(subject.pk if isinstance(subject, Contractor) else vars(subject)["contractor_id"])


def _label(subject: models.Model, name: str) -> str:
    try:
        field = subject._meta.get_field(name)
    except FieldDoesNotExist:
        return name.replace("_", " ").capitalize()
    return str(getattr(field, "verbose_name", name)).capitalize()


def _shown(subject: models.Model, name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name.endswith("_id"):
        related = subject._meta.get_field(name).related_model
        return str(related._base_manager.filter(pk=value).first() or value)  # type: ignore[union-attr]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value.as_tuple().exponent < -2 else f"{value:,.2f}"  # type: ignore[operator]
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    try:
        choices = dict(getattr(subject._meta.get_field(name), "flatchoices", ()))
    except FieldDoesNotExist:
        choices = {}
    return str(choices.get(value, value))
