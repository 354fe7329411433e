"""PURE: what to ask or send next. Doubt before new work; reading before writing; one set of writes at a time."""

from dataclasses import dataclass

from centerpoint.quickbooks.sync.steps import Situation


@dataclass(frozen=True, slots=True)
class CheckCompany:
    """Which company file is this? Before anything else is said to it."""


@dataclass(frozen=True, slots=True)
class AskAgain:
    """The same text with the same message set id: QuickBooks runs it once, whatever happened (protocol.md C.4)."""

    exchange: int


@dataclass(frozen=True, slots=True)
class AskForStored:
    """The stored outcome only: the set must not run any more."""

    exchange: int


@dataclass(frozen=True, slots=True)
class FindOut:
    """Look for the objects themselves."""

    postings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadPages:
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Send:
    postings: tuple[int, ...]


Next = CheckCompany | AskAgain | AskForStored | FindOut | ReadPages | Send


def next_step(situation: Situation) -> Next | None:
    """The next message set of a session, or None when nothing is left."""
    if not situation.company_is_checked:
        return CheckCompany()
    if situation.doubt is not None:
        if situation.doubt.must_not_run:
            return AskForStored(situation.doubt.exchange)
        return AskAgain(situation.doubt.exchange)
    if situation.in_doubt:
        return FindOut(situation.in_doubt)
    if situation.readings:
        return ReadPages(situation.readings)
    if situation.ready:
        return Send(situation.ready)
    return None


# QuickBooks is blocked for its user while it works on a message: five to ten seconds an answer is the measure.
QUICK, SLOW = 5.0, 10.0
SMALLEST, LARGEST = 1, 100


def next_batch_size(size: int, *, sent: int, seconds: float) -> int:
    """How many requests the next message may hold, after `sent` of them took `seconds`."""
    if seconds > SLOW:
        return max(SMALLEST, min(size, sent) // 2)
    if seconds < QUICK and sent >= size:
        return min(LARGEST, size * 2)
    return size


def percent(*, done: int, left: int) -> int:
    """How much of a session is done: 100 only when nothing is left."""
    if left <= 0:
        return 100
    return min(99, 100 * done // (done + left))


def next_try_minutes(attempts: int) -> int:
    """Back-off of a record that is open on a screen in QuickBooks: 1, 2, 4 ... 60 minutes."""
    return int(min(60, 2 ** max(0, attempts - 1)))
