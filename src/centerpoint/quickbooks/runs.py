"""Connector sessions as the bookkeeper sees them: the list, the one under way, and one session's exchanges."""

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.models import CompanyFile, ConnectorSession, Exchange, RecordKind
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync.steps import AskWhether, Identify, LookFor, Post, Read, Step, from_json

# Signs in the Web Connector's and QuickBooks' texts that are keys rather than evidence.
_SECRET = re.compile(
    r"(<(?P<tag>SessionTicket|ConnectionTicket|ticket|strPassword|Password|CreditCardNumber)\b[^>]*>)[^<]*(</(?P=tag)>)"
)
MASK = "••••••"
TOLD_NOTHING = "QuickBooks did not tell what became of it"
_EFFECTS: dict[State, str] = {
    State.IN_QUICKBOOKS: "in QuickBooks",
    State.VOIDED: "void",
    State.REFUSED: "refused",
    State.BUSY: "busy, tried again later",
    State.UNKNOWN: "unknown, asked about next",
    State.READY: "to be sent again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The session under way, for a page that polls."""

    session_id: int
    percent: int
    objects_sent: int
    objects_read: int
    opened_at: dt.datetime
    heard_at: dt.datetime
    doing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeLine:
    """One exchange of a session, without its texts, which may be large; see `texts`."""

    exchange_id: int
    status: Exchange.Status
    asked: str
    effect: str
    handed_out_at: dt.datetime
    answered_at: dt.datetime | None
    handed_out_times: int
    hresult: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What left and what came, secrets masked. Empty: there was none."""

    request: str
    answer: str


def sessions(
    company_file: CompanyFile, *, status: str = "", only_moving: bool = False, search: str = ""
) -> QuerySet[ConnectorSession]:
    """Newest first, each with `exchange_count`. Slice it to page.

    `only_moving`: those that sent or read something. `search` looks in what went wrong.
    """
    found = ConnectorSession.objects.filter(company_file=company_file)
    if status:
        found = found.filter(status=status)
    if only_moving:
        found = found.filter(Q(objects_sent__gt=0) | Q(objects_read__gt=0))
    if search:
        found = found.filter(error__icontains=search)
    # Looked up for each session shown; a join would be counted for all of them.
    of_one = Exchange.objects.filter(session=OuterRef("pk")).order_by().values("session")
    counted = Subquery(of_one.annotate(number=Count("*")).values("number"), output_field=IntegerField())
    return found.annotate(exchange_count=Coalesce(counted, 0)).order_by("-opened_at", "-pk")


def under_way(company_file: CompanyFile) -> Progress | None:
    """The session that is open now, if one is."""
    session = ConnectorSession.objects.filter(
        company_file=company_file, status=ConnectorSession.Status.OPEN
    ).first()
    if session is None:
        return None
    latest = Exchange.objects.filter(session=session).order_by("-handed_out_at", "-pk").only("step", "status")
    return Progress(
        session_id=session.pk,
        percent=session.percent,
        objects_sent=session.objects_sent,
        objects_read=session.objects_read,
        opened_at=session.opened_at,
        heard_at=session.heard_at,
        doing=_doing(latest.first()),
    )


def exchanges(session: ConnectorSession) -> list[ExchangeLine]:
    """What was said in a session, in order; one query."""
    found = Exchange.objects.filter(session=session).defer("request", "answer")
    return [_line(exchange) for exchange in found.order_by("handed_out_at", "pk")]


def texts(exchange: Exchange) -> Texts:
    """The texts of one exchange, to the byte but for secrets."""
    return Texts(request=_masked(exchange.request), answer=_masked(exchange.answer))


def _masked(packed: bytes | memoryview) -> str:
    return _SECRET.sub(rf"\1{MASK}\3", Evidence(packed).text())


def _doing(exchange: Exchange | None) -> str:
    if exchange is None:
        return "Logged in"
    said = _asked(from_json(exchange.step))
    return f"{said}: waiting for QuickBooks" if exchange.status == Exchange.Status.HANDED_OUT else said


def _line(exchange: Exchange) -> ExchangeLine:
    return ExchangeLine(
        exchange_id=exchange.pk,
        status=Exchange.Status(exchange.status),
        asked=_asked(from_json(exchange.step)),
        effect=_effect(exchange),
        handed_out_at=exchange.handed_out_at,
        answered_at=exchange.answered_at,
        handed_out_times=exchange.handed_out_times,
        hresult=exchange.hresult,
        message=exchange.message,
    )


def _asked(step: Step) -> str:
    match step:
        case Identify():
            return "Asking which company file is open"
        case Read():
            return "Reading " + ", ".join(name.replace("_", " ") for name in step.readings)
        case Post():
            return f"Sending {_counted(len(step.sent), 'record')}"
        case LookFor():
            return f"Looking for {_counted(len(step.sent), 'record')} whose answer was lost"
        case AskWhether():
            return f"Asking what became of {_counted(len(step.sent), 'record')}"


def _effect(exchange: Exchange) -> str:
    """Where its answer took what it was about, such as "3 companies in QuickBooks, 1 invoice refused"."""
    taken = [
        (RecordKind(kind), State(state), len(ids))
        for state, kinds in (exchange.outcomes or {}).items()
        for kind, ids in kinds.items()
    ]
    if not taken:
        return ended(exchange)
    return ", ".join(
        f"{_counted(number, kind.label.lower())} {effect_of(state)}"
        for kind, state, number in sorted(taken, key=_in_order_of_sending)
    )


def ended(exchange: Exchange) -> str:
    """How an exchange ended that took no record anywhere."""
    return TOLD_NOTHING if exchange.outcomes == {} else Exchange.Status(exchange.status).label


def effect_of(state: State) -> str:
    """What it was to a record that an answer took it there, after the record's name."""
    return _EFFECTS.get(state, state.label.lower())


def _in_order_of_sending(taken: tuple[RecordKind, State, int]) -> tuple[int, str]:
    kind, state, _ = taken
    return list(RecordKind).index(kind), state


def _counted(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") else f"{count} {noun}s"
