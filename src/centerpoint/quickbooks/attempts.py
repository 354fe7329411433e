"""Every message that a posting went in, or in which QuickBooks was asked what had become of it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import TextField
from django.db.models.functions import Cast

from centerpoint.quickbooks.excerpts import of_posting
from centerpoint.quickbooks.models import Exchange, Posting
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.runs import Texts, effect_of, ended
from centerpoint.quickbooks.sync.steps import AskWhether, LookFor, Post, Step, from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One message, with the posting's own part of its texts. `effect` is a few words after the record's name."""

    exchange_id: int
    session_id: int
    asked: str
    effect: str
    handed_out_at: dt.datetime
    handed_out_times: int
    texts: Texts


def attempts(posting: Posting, *, at_most: int) -> list[Attempt]:
    """The latest first; one query, which looks through the steps of the messages since the posting was made.

    Nothing else is kept for that: a row for each posting of each message would cost every message some of its time.
    """
    if posting.exchange_id is None:
        return []
    since = Exchange.objects.filter(
        company_file=posting.company_file_id, handed_out_at__gte=posting.created_at
    )
    of_it = since.alias(told=Cast("step", TextField())).filter(told__regex=rf'"posting": ?{posting.pk}[,}}]')
    return [_attempt(exchange, posting.pk) for exchange in of_it.order_by("-handed_out_at", "-pk")[:at_most]]


def _attempt(exchange: Exchange, posting_id: int) -> Attempt:
    return Attempt(
        exchange_id=exchange.pk,
        session_id=exchange.session_id,
        asked=_asked(from_json(exchange.step)),
        effect=_effect(exchange, posting_id),
        handed_out_at=exchange.handed_out_at,
        handed_out_times=exchange.handed_out_times,
        texts=of_posting(exchange, posting_id),
    )


def _asked(step: Step) -> str:
    match step:
        case Post():
            return "Sent"
        case LookFor():
            return "Looked for, because its answer was lost"
        case AskWhether():
            return "Asked what became of it"
        case _:
            raise AssertionError(f"{type(step).__name__} is about no posting")


def _effect(exchange: Exchange, posting_id: int) -> str:
    for state, kinds in (exchange.outcomes or {}).items():
        if any(posting_id in ids for ids in kinds.values()):
            return effect_of(State(state))
    return ended(exchange)
