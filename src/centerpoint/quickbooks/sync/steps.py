"""PURE: what one message set is for. Kept as JSON beside its text, so that any process can apply the answer."""

from dataclasses import dataclass, field, fields
from typing import Any

from centerpoint.quickbooks.mapping.facts import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One posting in a message set and what was written for it."""

    posting: int
    action: str  # Posting.Action
    content: Content
    # How to find the object when the answer does not say: its ID when known, else FullName or RefNumber.
    quickbooks_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identify:
    """Ask host, company and preferences, because the Web Connector's own answer to that did not arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Ask for the next page of these readings: names of reading.READINGS, or reading.TOUCHED alone."""

    readings: tuple[str, ...]
    txn_ids: tuple[str, ...] = ()  # of reading.TOUCHED: the invoices asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Write these postings into the company file."""

    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFor:
    """Ask what became of postings whose outcome no answer told: by ID, else by name or number and our mark."""

    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWhether:
    """Ask for the stored outcome of a message set without running it, because it must not run any more."""

    exchange: int
    sent: tuple[Sent, ...]


Step = Identify | Read | Post | LookFor | AskWhether
_STEPS: dict[str, type[Step]] = {step.__name__: step for step in (Identify, Read, Post, LookFor, AskWhether)}


def to_json(step: Step) -> dict[str, Any]:
    data: dict[str, Any] = {"step": type(step).__name__}
    for each in fields(step):
        value = getattr(step, each.name)
        # dataclasses.asdict would copy every text of every message on the way.
        data[each.name] = [_sent_to_json(one) for one in value] if each.name == "sent" else value
    return data


def _sent_to_json(sent: Sent) -> dict[str, Any]:
    return {each: getattr(sent, each) for each in Sent.__slots__}


def from_json(data: dict[str, Any]) -> Step:
    fields = {name: value for name, value in data.items() if name != "step"}
    if "sent" in fields:
        fields["sent"] = tuple(Sent(**sent) for sent in fields["sent"])
    for name in fields.keys() & {"readings", "txn_ids"}:
        fields[name] = tuple(fields[name])
    return _STEPS[data["step"]](**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A message set that was handed out and never answered."""

    exchange: int
    must_not_run: bool  # a record was voided here meanwhile, or QuickBooks would not know that it ran before


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that decides what comes next in a connector session."""

    company_is_checked: bool
    doubt: Doubt | None = None
    in_doubt: tuple[int, ...] = ()  # postings of no unanswered set whose outcome is unknown
    readings: tuple[str, ...] = ()  # due and not complete
    ready: tuple[int, ...] = field(default=())  # postings, in order of sending, at most one message full
