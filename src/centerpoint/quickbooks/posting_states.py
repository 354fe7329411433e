"""PURE: the states of a posting and the moves it may make. `outbox.move` is the only code that makes one."""

from django.db.models import TextChoices


class State(TextChoices):
    """Where one revision of one record stands on its way into the company file (product.md section 5)."""

    NEEDS_PAIRING = "needs_pairing", "Needs pairing"
    WAITING = "waiting", "Waiting for its customer or job"
    HELD = "held", "Held for approval"
    READY = "ready", "Ready"
    SENT = "sent", "Sent, waiting for the answer"
    UNKNOWN = "unknown", "Unknown, checking"
    BUSY = "busy", "Busy, trying again"
    IN_QUICKBOOKS = "in_quickbooks", "In QuickBooks"
    REFUSED = "refused", "Refused"
    BYPASSED = "bypassed", "Bypassed"
    DELETED_THERE = "deleted_there", "Deleted there"
    VOIDED = "voided", "Voided"
    SUPERSEDED = "superseded", "Changed since sent"


# Before a posting leaves, everything it waits for is looked at anew, so these states exchange freely.
BEFORE_SENDING = frozenset({State.NEEDS_PAIRING, State.WAITING, State.HELD, State.READY})

# An open posting is one that still wants something: from us, from the bookkeeper or from QuickBooks.
OPEN = BEFORE_SENDING | {State.SENT, State.UNKNOWN, State.BUSY, State.REFUSED}

# In these QuickBooks may or may not have done it: nothing else of the company file is sent before it was asked.
IN_DOUBT = frozenset({State.SENT, State.UNKNOWN})

MOVES: dict[State, frozenset[State]] = {
    **{
        state: (BEFORE_SENDING - {state})
        | {
            State.REFUSED,
            State.BYPASSED,
            State.SUPERSEDED,
            State.IN_QUICKBOOKS,
            State.VOIDED,
            State.DELETED_THERE,
        }
        for state in BEFORE_SENDING - {State.READY}
    },
    State.READY: (BEFORE_SENDING - {State.READY})
    | {
        State.SENT,
        State.REFUSED,
        State.BYPASSED,
        State.SUPERSEDED,
        State.IN_QUICKBOOKS,  # the new revision says nothing new to QuickBooks
        State.VOIDED,  # nothing of it was ever there
        State.DELETED_THERE,
    },
    State.SENT: frozenset(
        {
            State.IN_QUICKBOOKS,
            State.VOIDED,
            State.REFUSED,
            State.BUSY,
            State.UNKNOWN,
            State.READY,
            State.WAITING,
        }
    ),
    State.UNKNOWN: frozenset(
        {
            State.IN_QUICKBOOKS,
            State.VOIDED,
            State.REFUSED,
            State.BUSY,
            State.READY,
            State.WAITING,
            State.BYPASSED,
        }
    ),
    State.BUSY: BEFORE_SENDING | {State.SUPERSEDED, State.REFUSED, State.BYPASSED},
    State.REFUSED: BEFORE_SENDING
    | {State.SUPERSEDED, State.BYPASSED, State.IN_QUICKBOOKS, State.VOIDED, State.DELETED_THERE},
    State.IN_QUICKBOOKS: frozenset({State.SUPERSEDED, State.DELETED_THERE, State.VOIDED, State.REFUSED}),
    State.BYPASSED: frozenset({State.SUPERSEDED, State.DELETED_THERE, State.VOIDED, State.READY}),
    State.DELETED_THERE: frozenset({State.READY, State.BYPASSED, State.VOIDED, State.SUPERSEDED}),
    State.VOIDED: frozenset({State.DELETED_THERE, State.SUPERSEDED}),
    State.SUPERSEDED: frozenset(),
}


class Standing(TextChoices):
    """What a record shows when no posting speaks for it."""

    NOT_ELIGIBLE = "not_eligible", "Not eligible"
    NEXT_RUN = "next_run", "At the next run"
    BEFORE_START = "before_start", "Before the start date"
    STAYS_HERE = "stays_here", "Stays here"
