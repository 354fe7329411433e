"""One connector session: what to say to QuickBooks next, and what its answer meant.

Before a message that writes leaves, its exact text, its message set id and what each request stands for are committed.
An answer is stored and applied in one transaction. An answer that never came is asked about before anything else.
"""

import datetime as dt
import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, F, Model, Q, QuerySet

from centerpoint.quickbooks import cures, inbox, outbox
from centerpoint.quickbooks.compiled_query import CompiledQuery, Given, insert, write
from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.mapping.facts import Blocked
from centerpoint.quickbooks.models import CompanyFile, ConnectorSession, Exchange, Posting
from centerpoint.quickbooks.outbox.positions import place
from centerpoint.quickbooks.pairing.operations import refresh_changed
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync import answers, company, reading, snapshot
from centerpoint.quickbooks.sync.planner import (
    AskAgain,
    AskForStored,
    CheckCompany,
    FindOut,
    ReadPages,
    Send,
    next_step,
    percent,
)
from centerpoint.quickbooks.sync.steps import (
    AskWhether,
    Identify,
    LookFor,
    Post,
    Read,
    Sent,
    Step,
    from_json,
    to_json,
)
from qbxml import codec, errors, messages
from qbxml.envelope import Request, write_message_set
from qbxml.status import HRESULT_PARSE_ERROR

log = structlog.get_logger(__name__)

# QuickBooks may think for minutes over one question, and its user may leave a dialog open over lunch.
TICKET_LIFE = dt.timedelta(hours=2)
NOT_VALID = (
    "This log-in is no longer valid: another Web Connector run took over, or it was silent for two hours. "
    "Nothing is lost; the next run goes on where this one stopped."
)
# QuickBooks fell over the text itself, as far as one can see; in all other cases it never got to it.
BROKE_OFF = ("0x80040402", "0x80010105")
# After as long without a word, the company file may have been put back from a backup.
QUIET = dt.timedelta(minutes=10)
# How often one call may plan anew, each time after some records turned out to have nothing that can be sent.
PLANS = 50
STOPPED = (
    "The integration was paused or switched off in Centerpoint. Nothing more was sent; what waits is kept."
)


class Overtaken(Exception):
    """Somebody moved a posting between planning and committing: plan anew."""


def digest(ticket: str) -> bytes:
    """What is kept of a ticket: enough to know it again, not enough to use it."""
    return hashlib.sha256(ticket.encode()).digest()


# -- log-in --------------------------------------------------------------------------------------------------------


@transaction.atomic
def log_in(*, company_file_id: int, ticket: str, now: dt.datetime) -> bool:
    """Open a session and cut off any older one of this company file; False when there is nothing to do."""
    company_file = (
        CompanyFile.objects.select_for_update(of=("self",)).select_related("options").get(pk=company_file_id)
    )
    _fence(company_file, now)
    if company_file.last_heard_at is not None and now - company_file.last_heard_at >= QUIET:
        inbox.look_for_the_latest(company_file)
    look_for_work(company_file, now)
    readings = reading.due(company_file) if _reading_is_due(company_file, now) else {}
    if not readings and not _is_owed(company_file, now):
        return False
    ConnectorSession.objects.create(
        company_file=company_file,
        ticket_digest=digest(ticket),
        opened_at=now,
        heard_at=now,
        readings=readings,
    )
    return True


def _fence(company_file: CompanyFile, now: dt.datetime) -> None:
    """Whatever an older session still had in hand is in doubt from now on."""
    older = ConnectorSession.objects.filter(company_file=company_file, status=ConnectorSession.Status.OPEN)
    older.filter(percent=100).update(status=ConnectorSession.Status.FINISHED, ended_at=now)
    older.update(status=ConnectorSession.Status.FENCED, ended_at=now)
    _doubt(company_file, now)


def _doubt(company_file: CompanyFile, now: dt.datetime) -> None:
    """What was handed out and not answered: writes are unknown, questions are dropped."""
    unanswered = Exchange.objects.filter(company_file=company_file, status=Exchange.Status.HANDED_OUT)
    unanswered.filter(writes=False).update(status=Exchange.Status.DROPPED)
    lost = list(unanswered.filter(writes=True).values_list("pk", flat=True))
    Exchange.objects.filter(pk__in=lost).update(status=Exchange.Status.UNKNOWN)
    sent = Posting.objects.filter(exchange__in=lost, state=State.SENT).values_list("pk", flat=True)
    outbox.move(list(sent), State.SENT, State.UNKNOWN, now=now)


def look_for_work(company_file: CompanyFile, now: dt.datetime) -> None:
    """Find what is owed to the company file by now, and wake what was busy."""
    outbox.discover(company_file, now=now)
    refresh_changed(company_file=company_file, now=now)
    _wake_busy(company_file, now)


def _wake_busy(company_file: CompanyFile, now: dt.datetime) -> None:
    busy = Posting.objects.filter(company_file=company_file, state=State.BUSY, try_after__lte=now)
    if woken := outbox.move(list(busy.values_list("pk", flat=True)), State.BUSY, State.WAITING, now=now):
        place(company_file, Posting.objects.filter(pk__in=woken), now=now)


def _reading_is_due(company_file: CompanyFile, now: dt.datetime) -> bool:
    every = dt.timedelta(seconds=company_file.options.read_every)
    return company_file.read_requested or company_file.read_at is None or now - company_file.read_at >= every


def _is_owed(company_file: CompanyFile, now: dt.datetime) -> bool:
    return (
        Posting.objects.filter(
            ~Q(state=State.UNKNOWN) | snapshot.waits_no_longer(now),
            company_file=company_file,
            state__in=[State.READY, State.SENT, State.UNKNOWN],
        ).exists()
        or Exchange.objects.filter(
            company_file=company_file, writes=True, status=Exchange.Status.UNKNOWN
        ).exists()
        or bool(reading.touched_invoices(company_file))
    )


# -- sendRequestXML ------------------------------------------------------------------------------------------------


def request(
    *,
    ticket: str,
    company_data: str,
    company_file_name: str,
    country: str,
    major: int,
    minor: int,
    now: dt.datetime,
    new_key: Callable[[], str],
) -> str:
    """The next text for QuickBooks; "" when the session must end, and `last_error` says why.

    `company_data` is the Web Connector's own description of QuickBooks and the company file, with the first call of a
    session only.
    """
    session = _open_session(ticket, now)
    if session is None:
        return ""
    try:
        if company_data:
            _check_company(session, company_data, company_file_name, now)
        return _planned(session, now, new_key)
    except company.NotThisFile as refusal:
        log.warning(
            "company_file_refused",
            company_file=session.company_file_id,
            code=refusal.code,
            detail=refusal.detail,
        )
        _end_with_trouble(session, refusal.code, refusal.detail, now)
        return ""


def _planned(session: ConnectorSession, now: dt.datetime, new_key: Callable[[], str]) -> str:
    """Plan until there is something to say; "" when the session is over."""
    for plans_left in reversed(range(PLANS)):
        company_file = session.company_file
        if company_file.status != CompanyFile.Status.ACTIVE:
            _stop(session, now)
            return ""
        if (repeated := _repeat(session)) is not None:
            return repeated
        try:
            # So much was settled without QuickBooks that the client has waited long enough: any question will do.
            text = _next_text(session, now, new_key) if plans_left else _identify(session, now, new_key())
        except Overtaken:
            text = None
        if text is not None:
            return text
        still_open = _open_sessions().filter(pk=session.pk).first()
        if still_open is None:
            return ""
        session = still_open
    return ""


def _stop(session: ConnectorSession, now: dt.datetime) -> None:
    """Somebody paused or switched off the integration while the session was under way."""
    log.info("session_stopped", session=session.pk)
    still_open = ConnectorSession.objects.filter(pk=session.pk, status=ConnectorSession.Status.OPEN)
    still_open.update(status=ConnectorSession.Status.FINISHED, ended_at=now, error=STOPPED)


def _open_session(ticket: str, now: dt.datetime) -> ConnectorSession | None:
    session = next(map(_with_file, _session_of_ticket.rows(ticket_digest=digest(ticket))), None)
    if session is None or now - session.heard_at > TICKET_LIFE:
        return None
    return session


def _columns(model: type[Model], path: str = "") -> list[str]:
    return [f"{path}{field.attname}" for field in model._meta.concrete_fields]


@CompiledQuery
def _session_of_ticket() -> QuerySet[Any, Any]:
    sessions = ConnectorSession.objects.filter(
        status=ConnectorSession.Status.OPEN, ticket_digest=Given("ticket_digest")
    )
    return sessions.values_list(*_columns(ConnectorSession), *_columns(CompanyFile, "company_file__"))


def _with_file(row: tuple[Any, ...]) -> ConnectorSession:
    """The session with its company file, as select_related() gives them."""
    values = iter(row)
    session = _next_record(ConnectorSession, values)
    session.company_file = _next_record(CompanyFile, values)
    return session


Record = TypeVar("Record", bound=Model)


def _next_record(model: type[Record], values: Iterator[Any]) -> Record:
    names = _columns(model)
    return model.from_db(connection.alias, names, list(itertools.islice(values, len(names))))


def _open_sessions() -> QuerySet[ConnectorSession]:
    sessions = ConnectorSession.objects.select_related("company_file")
    return sessions.filter(status=ConnectorSession.Status.OPEN)


def _check_company(session: ConnectorSession, company_data: str, file_name: str, now: dt.datetime) -> None:
    try:
        described = codec.read_answers(company_data)
    except errors.QbxmlError as problem:
        # Asked again by ourselves (Identify), so nothing hangs on this copy.
        log.warning("company_data_unreadable", session=session.pk, problem=str(problem))
        return
    _accept_company(session, described.answers, file_name=file_name, now=now)


def _accept_company(
    session: ConnectorSession, described: tuple[codec.Answer, ...], *, file_name: str, now: dt.datetime
) -> None:
    company_file = session.company_file
    known_preferences = company_file.preferences
    company.check(company_file, described, file_name=file_name, now=now)
    company_file.trouble = company_file.trouble_detail = ""
    company_file.trouble_since = None
    company_file.last_heard_at = now
    company_file.save(
        update_fields=[
            "qbxml_version",
            "product_name",
            "major_version",
            "country",
            "company_name",
            "file_name",
            "bound_at",
            "preferences",
            "trouble",
            "trouble_detail",
            "trouble_since",
            "last_heard_at",
        ]
    )
    session.company_checked = True
    session.save(update_fields=["company_checked"])
    if company_file.preferences != known_preferences:
        outbox.reconsider(company_file, now=now)


def _repeat(session: ConnectorSession) -> str | None:
    """A second sendRequestXML with nothing answered between: our text or its answer was lost on the way."""
    exchange = _outstanding(session)
    if exchange is None:
        return None
    step = from_json(exchange.step)
    if isinstance(step, Read) and _continues_an_iterator(session, step):
        # Asking for the next page twice would skip one: begin these readings anew.
        for name in step.readings:
            _save_progress(session, name, state="due", iterator="")
        Exchange.objects.filter(pk=exchange.pk).update(status=Exchange.Status.DROPPED)
        session.save(update_fields=["readings"])
        return None
    Exchange.objects.filter(pk=exchange.pk).update(handed_out_times=F("handed_out_times") + 1)
    return Evidence(exchange.request).text()


def _continues_an_iterator(session: ConnectorSession, step: Read) -> bool:
    return any(session.readings[name]["iterator"] for name in step.readings if name in session.readings)


def _outstanding(session: ConnectorSession) -> Exchange | None:
    return next(iter(_handed_out.records(session=session.pk)), None)


def _is_outstanding(session: ConnectorSession) -> bool:
    return bool(_handed_out_ids.rows(session=session.pk))


@CompiledQuery
def _handed_out() -> QuerySet[Any, Any]:
    unanswered = Exchange.objects.filter(session=Given("session"), status=Exchange.Status.HANDED_OUT)
    return unanswered.order_by("-handed_out_at", "-pk")[:1]


@CompiledQuery
def _handed_out_ids() -> QuerySet[Any, Any]:
    unanswered = Exchange.objects.filter(session=Given("session"), status=Exchange.Status.HANDED_OUT)
    return unanswered.values_list("pk")[:1]


def _next_text(session: ConnectorSession, now: dt.datetime, new_key: Callable[[], str]) -> str | None:
    """Plan and hand out one message; None when planning settled something without asking QuickBooks."""
    match next_step(snapshot.situation(session, session.company_file, now=now)):
        case CheckCompany() | None:
            return _identify(session, now, new_key())
        case AskAgain(exchange):
            return _ask_again(session, exchange, now)
        case AskForStored(exchange):
            return _ask_whether(session, exchange, now, new_key())
        case FindOut(postings):
            return _look_for(session, postings, now, new_key())
        case ReadPages(readings):
            return _read(session, readings, now, new_key())
        case Send(postings):
            return _send(session, postings, now, new_key())


def _identify(session: ConnectorSession, now: dt.datetime, key: str) -> str:
    return _ask(session, Identify(), company.identity_queries(session.company_file), now, key)


def _version(company_file: CompanyFile) -> str:
    """Before QuickBooks said what it speaks, what every QuickBooks we take speaks."""
    return company_file.qbxml_version or company.SPOKEN[-1]


def _requests(key: str, bodies: Sequence[object]) -> list[Request]:
    return [Request(request_id=f"{key}-{number}", body=body) for number, body in enumerate(bodies)]


def _ask(session: ConnectorSession, step: Step, bodies: Sequence[object], now: dt.datetime, key: str) -> str:
    """Hand out a message that only reads."""
    version = _version(session.company_file)
    text = write_message_set(_requests(key, bodies), version=version, on_error="continueOnError")
    with transaction.atomic():
        _take_turn(session, now)
        _keep(session, key, step, text, writes=False, now=now)
    return text


def _keep(
    session: ConnectorSession, key: str, step: Step, text: str, *, writes: bool, now: dt.datetime
) -> Exchange:
    exchange = Exchange(
        company_file=session.company_file,
        session=session,
        key=key,
        writes=writes,
        step=to_json(step),
        handed_out_at=now,
        request=Evidence.of(text).packed,
    )
    insert(exchange)
    return exchange


def _take_turn(session: ConnectorSession, now: dt.datetime) -> None:
    """Inside a transaction: hand out only while nothing of this session is unanswered. The same call may come twice."""
    _hold_session(session, now)
    if _is_outstanding(session):
        raise Overtaken


def _hold_session(session: ConnectorSession, now: dt.datetime) -> None:
    """Inside a transaction: go on only while this session is the one that may."""
    if not write(
        ConnectorSession, {"heard_at": now}, pk=session.pk, status=ConnectorSession.Status.OPEN.value
    ):
        raise Overtaken


def _ask_again(session: ConnectorSession, exchange_id: int, now: dt.datetime) -> str:
    """The same text with the same message set id."""
    with transaction.atomic():
        _take_turn(session, now)
        unknown = Exchange.objects.filter(pk=exchange_id, status=Exchange.Status.UNKNOWN)
        if not unknown.update(
            status=Exchange.Status.HANDED_OUT,
            session=session,
            handed_out_at=now,
            handed_out_times=F("handed_out_times") + 1,
        ):
            raise Overtaken
        return Evidence(Exchange.objects.get(pk=exchange_id).request).text()


def _ask_whether(session: ConnectorSession, exchange_id: int, now: dt.datetime, key: str) -> str:
    doubtful = Exchange.objects.get(pk=exchange_id)
    text = write_message_set(
        [],
        version=_version(session.company_file),
        on_error="continueOnError",
        new_message_set_id=doubtful.key,
        old_message_set_id=doubtful.key,
    )
    step = AskWhether(exchange=doubtful.pk, sent=_sent(from_json(doubtful.step)))
    with transaction.atomic():
        _take_turn(session, now)
        _keep(session, key, step, text, writes=False, now=now)
    return text


def _sent(step: Step) -> tuple[Sent, ...]:
    assert isinstance(step, Post), f"only a posting step writes, not {step}"
    return step.sent


def _look_for(session: ConnectorSession, posting_ids: Sequence[int], now: dt.datetime, key: str) -> str:
    postings = Posting.objects.filter(pk__in=posting_ids).select_related("exchange").in_bulk()
    sent = []
    for pk in posting_ids:
        posting = postings[pk]
        assert posting.exchange is not None, f"posting {pk} is in doubt and was never handed out"
        one = next(each for each in _sent(from_json(posting.exchange.step)) if each.posting == pk)
        known_id = str(posting.refusal_facts.get("quickbooks_id", "")) or one.quickbooks_id
        sent.append(
            Sent(posting=pk, action=one.action, content=one.content, quickbooks_id=known_id, name=one.name)
        )
    bodies = [_search(postings[one.posting].kind, one) for one in sent]
    return _ask(session, LookFor(sent=tuple(sent)), bodies, now, key)


def _search(kind: str, sent: Sent) -> object:
    if kind == "invoice":
        if sent.quickbooks_id:
            return messages.InvoiceQueryRq(txn_id=(sent.quickbooks_id,), include_line_items=True)
        return messages.InvoiceQueryRq(ref_number_case_sensitive=(sent.name,), include_line_items=True)
    if sent.quickbooks_id:
        return messages.CustomerQueryRq(list_id=(sent.quickbooks_id,))
    return messages.CustomerQueryRq(full_name=(sent.name,))


def _read(session: ConnectorSession, names: tuple[str, ...], now: dt.datetime, key: str) -> str:
    company_file = session.company_file
    if names == (reading.TOUCHED,):
        txn_ids = reading.touched_invoices(company_file)
        if reading.TOUCHED in session.readings and session.readings[reading.TOUCHED]["alone"]:
            txn_ids = txn_ids[:1]
        step = Read(readings=names, txn_ids=tuple(txn_ids))
        return _ask(session, step, [reading.touched_query(txn_ids)], now, key)
    alone = [name for name in names if session.readings[name]["alone"]]
    names = tuple(alone[:1]) or names
    bodies = [reading.READINGS[name].query(_progress(session, name)) for name in names]
    return _ask(session, Read(readings=names), bodies, now, key)


def _progress(session: ConnectorSession, name: str) -> reading.Progress:
    return reading.Progress(**session.readings[name])


def _save_progress(session: ConnectorSession, name: str, **changes: object) -> None:
    session.readings[name] = {**session.readings[name], **changes}


def _send(session: ConnectorSession, posting_ids: Sequence[int], now: dt.datetime, key: str) -> str | None:
    """Hand out a message that writes; None when none of the postings had anything to send."""
    company_file = session.company_file
    prepared = snapshot.prepare(company_file, posting_ids)
    try:
        text = _written(company_file, prepared, key)
    except errors.NotWritable:
        prepared = [_checked(one, _version(company_file)) for one in prepared]
        text = _written(company_file, prepared, key)
    going = _going(prepared)
    with transaction.atomic():
        _take_turn(session, now)
        _settle_without_sending(company_file, prepared, now)
        if going:
            step = Post(sent=tuple(_as_sent(one) for one in going))
            exchange = _keep(session, key, step, text, writes=True, now=now)
            _leave(going, exchange, now)
    return text or None


def _going(prepared: Sequence[snapshot.Prepared]) -> list[snapshot.Prepared]:
    return [one for one in prepared if one.message is not None and one.message.body is not None]


def _written(company_file: CompanyFile, prepared: Sequence[snapshot.Prepared], key: str) -> str:
    """The text for QuickBooks; "" when none of the postings has anything to say. Raises NotWritable."""
    bodies = [one.message.body for one in _going(prepared) if one.message]
    if not bodies:
        return ""
    return write_message_set(
        _requests(key, bodies),
        version=_version(company_file),
        on_error="continueOnError",
        new_message_set_id=key,
        old_message_set_id=company_file.settled_set_id or None,
    )


def _checked(one: snapshot.Prepared, version: str) -> snapshot.Prepared:
    """What the language itself cannot write is our bug, shown at its record; the others go."""
    if one.message is None or one.message.body is None:
        return one
    try:
        codec.check(one.message.body, version=version)
    except errors.NotWritable as problem:
        log.error("posting_not_writable", posting=one.posting.pk, problem=str(problem))
        return snapshot.Prepared(posting=one.posting, blocked=Blocked("not-writable", problem=str(problem)))
    return one


def _as_sent(one: snapshot.Prepared) -> Sent:
    assert one.message is not None
    return Sent(
        posting=one.posting.pk,
        action=one.message.action,
        content=one.message.content,
        quickbooks_id=one.quickbooks_id,
        name=one.name,
    )


def _leave(going: Sequence[snapshot.Prepared], exchange: Exchange, now: dt.datetime) -> None:
    ids = [one.posting.pk for one in going]
    if len(outbox.move(ids, State.READY, State.SENT, now=now, exchange=exchange)) != len(ids):
        raise Overtaken
    for action in Posting.Action:
        acting = [
            one.posting.pk
            for one in going
            if one.message and one.message.action == action != one.posting.action
        ]
        if acting:
            Posting.objects.filter(pk__in=acting).update(action=action)


def _settle_without_sending(
    company_file: CompanyFile, prepared: Sequence[snapshot.Prepared], now: dt.datetime
) -> None:
    for one in prepared:
        if one.blocked is not None:
            outbox.move(
                [one.posting.pk],
                State.READY,
                State.REFUSED,
                now=now,
                refusal=one.blocked.code,
                refusal_text="",
                refusal_facts=one.blocked.facts,
            )
    same = [one.posting.pk for one in prepared if one.message is not None and one.message.body is None]
    outbox.move(
        same, State.READY, State.IN_QUICKBOOKS, now=now, refusal="", refusal_text="", refusal_facts={}
    )


# -- receiveResponseXML --------------------------------------------------------------------------------------------


def receive(*, ticket: str, answer: Evidence, hresult: str, message: str, now: dt.datetime) -> int:
    """Store and apply an answer; how much of the session is done in percent, or -1 and `last_error` says why.

    The same answer twice changes nothing and gets the same number.
    """
    session = _open_session(ticket, now)
    if session is None:
        return -1
    exchange = _outstanding(session)
    if hresult or not answer:
        if exchange is None:
            return session.percent
        return _not_answered(session, exchange, hresult, message, now)
    step = from_json(exchange.step) if exchange is not None else None
    try:
        # Before the transaction, in which SQLite lets nobody else write. Pages of a reading may be too large for memory.
        told = (
            codec.read_answers(answer.pieces()) if step is not None and not isinstance(step, Read) else None
        )
        key = answers.key_told(told) if told is not None else answers.key_of(answer)
    except errors.QbxmlError as problem:
        return _unusable(session, exchange, answer, str(problem), now)
    if exchange is None or step is None or key not in ("", answers.key_expected(exchange, step)):
        return _answer_to_another(session, exchange, answer, key, now)
    try:
        return _take(session, exchange, step, answer, told, now)
    except Overtaken:
        return -1
    except company.NotThisFile as refusal:
        _end_with_trouble(session, refusal.code, refusal.detail, now)
        return -1
    except errors.QbxmlError as problem:
        return _unusable(session, exchange, answer, str(problem), now)
    except (InterfaceError, OperationalError):
        raise  # the database's trouble says nothing about the answer
    except Exception as problem:
        # A bug of ours must cost neither the evidence nor, for ever, the records behind it.
        log.exception("answer_not_applied", session=session.pk, exchange=exchange.key)
        return _unusable(session, exchange, answer, f"{type(problem).__name__}: {problem}", now)


def _answer_to_another(
    session: ConnectorSession, exchange: Exchange | None, answer: Evidence, key: str, now: dt.datetime
) -> int:
    """An answer that came a second time, or to a question no longer asked; or to nothing we ever asked."""
    earlier = Exchange.objects.filter(company_file=session.company_file, key=key).first()
    if earlier is None:
        return _unusable(session, exchange, answer, f"it answers {key}, which was never asked", now)
    log.info("answer_repeated", session=session.pk, key=key)
    is_taken = earlier.session_id == session.pk and earlier.status == Exchange.Status.ANSWERED
    return earlier.percent if is_taken else session.percent


def _take(
    session: ConnectorSession,
    exchange: Exchange,
    step: Step,
    answer: Evidence,
    told: codec.AnswerSet | None,
    now: dt.datetime,
) -> int:
    """`told` is the answer in whole; None of a reading, which is streamed."""
    posted = _posted(session, exchange, step, told)
    with transaction.atomic():
        _hold_session(session, now)
        [(status, percent, handed_out_times)] = _locked.rows(exchange=exchange.pk)
        if status != Exchange.Status.HANDED_OUT:
            return int(percent)
        if handed_out_times != exchange.handed_out_times:
            # A text that went out a second time meanwhile may have run twice, and then its answer proves less.
            exchange.handed_out_times = handed_out_times
            posted = _posted(session, exchange, step, told)
        match step:
            case Post():
                assert posted is not None
                answers.take_posted(session, exchange, step, posted, now=now)
            case Read():
                answers.take_reading(session, exchange, step, answer, now=now)
            case Identify():
                assert told is not None
                _accept_company(session, told.answers, file_name="", now=now)
            case AskWhether() | LookFor():
                assert told is not None
                answers.take(session, exchange, step, told, now=now)
        exchange.status = Exchange.Status.ANSWERED
        exchange.answer = answer.packed
        exchange.answered_at = now
        answered = {name: getattr(exchange, name) for name in ("status", "answer", "answered_at", "outcomes")}
        write(Exchange, answered, pk=exchange.pk)
        return _note_progress(session, exchange, step, now)


def _posted(
    session: ConnectorSession, exchange: Exchange, step: Step, told: codec.AnswerSet | None
) -> answers.Posted | None:
    if not isinstance(step, Post):
        return None
    assert told is not None, "the answer to a message that writes is read in whole"
    return answers.posted(session.company_file, exchange, step, told)


@CompiledQuery
def _locked() -> QuerySet[Any, Any]:
    exchange = Exchange.objects.select_for_update().filter(pk=Given("exchange"))
    return exchange.values_list("status", "percent", "handed_out_times")


def _reconsider_after_lists(session: ConnectorSession, step: Step, now: dt.datetime) -> None:
    """News in QuickBooks' lists may be what refused postings waited for: an item, a tax rate, a name."""
    if not isinstance(step, Read):
        return
    states = [session.readings[name] for name in session.readings]
    if any(each["news"] for each in states) and not any(
        each["state"] in ("due", "paging") for each in states
    ):
        outbox.reconsider(session.company_file, now=now)


def _percent(session: ConnectorSession, now: dt.datetime) -> int:
    company_file = session.company_file
    situation = snapshot.situation(session, company_file, now=now)
    if next_step(situation) is None:
        return 100
    pages = sum(
        1 + progress["remaining"] // reading.PAGE
        for progress in session.readings.values()
        if progress["state"] in ("due", "paging")
    )
    batches = -(-snapshot.ready_count(company_file) // max(1, company_file.batch_size))
    done = sum(count for (count,) in _answered.rows(session=session.pk))
    # What was read may bring more to do than was known; the figure waits then, it does not fall.
    return max(session.percent, percent(done=done, left=max(1, pages + batches + len(situation.in_doubt))))


@CompiledQuery
def _answered() -> QuerySet[Any, Any]:
    answered = Exchange.objects.filter(session=Given("session"), status=Exchange.Status.ANSWERED)
    return answered.order_by().values("session").annotate(count=Count("*")).values_list("count")


def _complete(session: ConnectorSession, now: dt.datetime) -> None:
    """Everything asked and sent. The readings count as done only when none of them failed."""
    if not session.readings:
        return
    failed = sorted(name for name, progress in session.readings.items() if progress["state"] == "failed")
    company_file = CompanyFile.objects.filter(pk=session.company_file_id)
    if failed:
        detail = ", ".join(name.replace("_", " ") for name in failed)
        company_file.update(trouble="reading-failed", trouble_detail=detail, trouble_since=now)
    else:
        company_file.update(read_at=now, read_requested=False)


def _not_answered(
    session: ConnectorSession, exchange: Exchange, hresult: str, message: str, now: dt.datetime
) -> int:
    """QuickBooks gave no answer. A text it could not parse did nothing; anything else leaves the outcome unknown."""
    log.warning("no_answer", session=session.pk, exchange=exchange.key, hresult=hresult, message=message)
    with transaction.atomic():
        _hold_session(session, now)
        Exchange.objects.filter(pk=exchange.pk).update(hresult=hresult[:12], message=message, answered_at=now)
        if hresult.lower() == HRESULT_PARSE_ERROR.lower() and answers.not_parsed(
            session, exchange, message, now=now
        ):
            return _note_progress(session, exchange, from_json(exchange.step), now)
        _doubt(session.company_file, now)
        if hresult.lower() in BROKE_OFF:
            answers.count_lost(session.company_file)
    _end_with_trouble(session, hresult or "no-answer", message, now)
    return -1


def _unusable(
    session: ConnectorSession, exchange: Exchange | None, answer: Evidence, problem: str, now: dt.datetime
) -> int:
    """An answer that cannot be read or applied: kept as evidence; what it would have told is asked again.

    A reading or a search goes on without the culprit. The answer to writes is asked for again in the next session.
    """
    log.error("answer_unusable", session=session.pk, exchange=exchange and exchange.key, problem=problem)
    if exchange is None:
        return session.percent
    # What was changed of it while the answer was taken in is rolled back.
    still_open = _open_sessions().filter(pk=session.pk).first()
    if still_open is None:
        return -1
    session = still_open
    with transaction.atomic():
        Exchange.objects.filter(pk=exchange.pk).update(answer=answer.packed, message=problem, answered_at=now)
        if answers.unusable(session, exchange, now=now):
            return _note_progress(session, exchange, from_json(exchange.step), now)
        _doubt(session.company_file, now)
        answers.count_lost(session.company_file)
    _end_with_trouble(session, "answer-unreadable", problem, now)
    return -1


def _note_progress(session: ConnectorSession, exchange: Exchange, step: Step, now: dt.datetime) -> int:
    """After an exchange: what the session has come to, in percent."""
    _reconsider_after_lists(session, step, now)
    is_stopped = session.company_file.status != CompanyFile.Status.ACTIVE
    session.percent = 100 if is_stopped else _percent(session, now)
    progress = {name: getattr(session, name) for name in _PROGRESS}
    write(ConnectorSession, progress, pk=session.pk)
    write(Exchange, {"percent": session.percent}, pk=exchange.pk)
    if session.percent == 100 and not is_stopped:
        _complete(session, now)
    return session.percent


_PROGRESS = ("percent", "readings", "objects_sent", "objects_read")


def _end_with_trouble(session: ConnectorSession, code: str, detail: str, now: dt.datetime) -> None:
    sentence = cures.cure(code, {"detail": detail}).sentence
    with transaction.atomic():
        ConnectorSession.objects.filter(pk=session.pk).update(
            status=ConnectorSession.Status.FAILED, ended_at=now, error=sentence
        )
        CompanyFile.objects.filter(pk=session.company_file_id).update(
            trouble=code[:30], trouble_detail=detail, trouble_since=now
        )


# -- the rest of the interface -------------------------------------------------------------------------------------


def connection_error(*, ticket: str, hresult: str, message: str, now: dt.datetime) -> str:
    """The Web Connector could not open QuickBooks or the company file. Nothing was sent; the next run tries again."""
    session = _open_session(ticket, now)
    if session is not None:
        log.warning("connection_error", session=session.pk, hresult=hresult, message=message)
        _end_with_trouble(session, hresult or "no-connection", message, now)
    return "done"


def last_error(*, ticket: str, now: dt.datetime) -> str:
    """Why the session ended, as a sentence for the Web Connector's status column. Never blank."""
    session = ConnectorSession.objects.filter(ticket_digest=digest(ticket)).first()
    if session is None or session.status == ConnectorSession.Status.FENCED:
        return NOT_VALID
    return session.error or NOT_VALID


def close(*, ticket: str, now: dt.datetime) -> str:
    """End the session; a sentence on what it did."""
    session = ConnectorSession.objects.filter(ticket_digest=digest(ticket)).first()
    if session is None:
        return NOT_VALID
    still_open = ConnectorSession.objects.filter(pk=session.pk, status=ConnectorSession.Status.OPEN)
    still_open.update(status=ConnectorSession.Status.FINISHED, ended_at=now)
    if session.error:
        return session.error
    return f"Done: {session.objects_sent} sent to QuickBooks, {session.objects_read} read from it."
