"""Take an answer in: match each answer to what was asked, and apply it. Runs inside the caller's transaction."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from django.db.models import F

from centerpoint.quickbooks import inbox, outbox
from centerpoint.quickbooks.compiled_query import write
from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.models import (
    CompanyFile,
    ConnectorSession,
    Counterpart,
    Exchange,
    Posting,
    RecordKind,
)
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync import postings, reading
from centerpoint.quickbooks.sync.apply import apply_outcomes, known_postings
from centerpoint.quickbooks.sync.outcomes import LOST_ROUNDS, Outcome, by_state, of_answer, of_search
from centerpoint.quickbooks.sync.planner import next_batch_size, next_try_minutes
from centerpoint.quickbooks.sync.postings import PostingRow
from centerpoint.quickbooks.sync.steps import AskWhether, LookFor, Post, Read, Sent, Step, from_json
from qbxml import codec
from qbxml.codec import Answer, AnswerClosed, AnswerOpened, AnswerSet, Record, SetOpened
from qbxml.status import MessageSetStatus, StatusClass, classify

log = structlog.get_logger(__name__)

CHUNK = 500
BEGINNING = 1024  # characters of an answer, in which its first request id nearly always stands
OBJECT_NOT_FOUND = 3120
# Message set statuses after which the stored answer is of no use: the objects themselves are looked for.
NO_USE = {
    MessageSetStatus.TEXT_DIFFERS,
    MessageSetStatus.NOT_FOUND,
    MessageSetStatus.NOT_STORED,
}


def key_of(answer: Evidence) -> str:
    """The key of the exchange that an answer belongs to, from its message set id or first request id; "" for none."""
    for event in codec.stream_answers(_from_its_beginning(answer)):
        if isinstance(event, SetOpened):
            if event.new_message_set_id:
                return event.new_message_set_id
        elif isinstance(event, AnswerOpened):
            return _key_in(event.request_id)
    return ""


def key_told(told: AnswerSet) -> str:
    """The same of an answer that was read in whole."""
    return told.new_message_set_id or next((_key_in(each.request_id) for each in told.answers), "")


def _key_in(request_id: str | None) -> str:
    return (request_id or "").rpartition("-")[0]


def _from_its_beginning(answer: Evidence) -> Iterator[str]:
    """In such pieces that the parser need not read on after the first answer has begun."""
    for piece in answer.pieces():
        yield piece[:BEGINNING]
        yield piece[BEGINNING:]


def key_expected(exchange: Exchange, step: Step) -> str:
    """The key that the answer to `exchange` bears: a status check bears that of the set it asks about."""
    if isinstance(step, AskWhether):
        return str(Exchange.objects.values_list("key", flat=True).get(pk=step.exchange))
    return exchange.key


@dataclass(frozen=True, slots=True)
class Posted:
    """What the answer to a message that writes means for its postings. The database need not be locked to see that."""

    postings: dict[int, PostingRow]
    outcomes: list[Outcome]
    is_stored: bool  # whether QuickBooks keeps what it answers


def posted(company_file: CompanyFile, exchange: Exchange, step: Post, told: AnswerSet) -> Posted:
    answers = _by_number(told, exchange.key)
    rows = postings.read([sent.posting for sent in step.sent])
    known = known_postings(company_file, rows)
    if _is_of_no_use(told, exchange):
        log.error("message_set_not_stored", exchange=exchange.key, status=told.message_set_status_code)
        outcomes = [
            Outcome(posting=sent.posting, state=State.UNKNOWN, code=str(told.message_set_status_code))
            for sent in step.sent
        ]
    else:
        outcomes = [
            of_answer(sent, known[sent.posting], answers.get(number)) for number, sent in enumerate(step.sent)
        ]
    is_stored = told.message_set_status_code != str(MessageSetStatus.NOT_STORED.value)
    return Posted(rows, outcomes, is_stored)


def take(
    session: ConnectorSession,
    exchange: Exchange,
    step: AskWhether | LookFor,
    told: AnswerSet,
    *,
    now: dt.datetime,
) -> None:
    """Apply the whole answer to the step it answers, which neither reads nor writes."""
    match step:
        case AskWhether():
            _take_stored(session, exchange, step, told, now=now)
        case LookFor():
            _take_found(session, exchange, step, told, now=now)


# -- postings ------------------------------------------------------------------------------------------------------


def _by_number(answer_set: AnswerSet, key: str) -> dict[int, Answer]:
    """Answers by the number in their request id. One that names no request of ours, or names one twice, proves nothing."""
    answers: dict[int, list[Answer]] = defaultdict(list)
    for answer in answer_set.answers:
        number = _number(answer.request_id, key)
        if number is None:
            log.error("answer_to_no_request", exchange=key, request_id=answer.request_id)
        else:
            answers[number].append(answer)
    return {number: found[0] for number, found in answers.items() if len(found) == 1}


def _number(request_id: str | None, key: str) -> int | None:
    """The number of a request of the exchange `key`; None when the id is not of that form."""
    stem, _, number = (request_id or "").rpartition("-")
    return int(number) if stem == key and number.isdecimal() else None


def take_posted(
    session: ConnectorSession, exchange: Exchange, step: Post, posted: Posted, *, now: dt.datetime
) -> None:
    company_file = session.company_file
    company_file.answers_are_stored = posted.is_stored
    exchange.outcomes = by_state(posted.outcomes, posted.postings)
    session.objects_sent += _apply(company_file, posted.outcomes, posted.postings, now=now)
    if exchange.handed_out_times == 1:
        seconds = (now - exchange.handed_out_at).total_seconds()
        company_file.batch_size = next_batch_size(
            company_file.batch_size, sent=len(step.sent), seconds=seconds
        )
    company_file.settled_set_id = exchange.key
    learned = {name: getattr(company_file, name) for name in _LEARNED_BY_SENDING}
    write(CompanyFile, learned, pk=company_file.pk)


_LEARNED_BY_SENDING = ("batch_size", "settled_set_id", "answers_are_stored")


def _is_of_no_use(answer_set: AnswerSet, exchange: Exchange) -> bool:
    """Whether QuickBooks lost track of the set: no answers, or a set that was not stored and may have run twice."""
    code = answer_set.message_set_status_code
    lost_track = code is not None and code in {str(status.value) for status in NO_USE}
    return lost_track and (not answer_set.answers or exchange.handed_out_times > 1)


def _apply(
    company_file: CompanyFile,
    outcomes: Sequence[Outcome],
    rows: Mapping[int, PostingRow],
    *,
    now: dt.datetime,
) -> int:
    """Postings of one message set are all SENT, or UNKNOWN when the set was asked about again."""
    done = 0
    for old in (State.SENT, State.UNKNOWN):
        of_state = [outcome for outcome in outcomes if rows[outcome.posting].state == old]
        if of_state:
            done += apply_outcomes(company_file, of_state, rows, old=old, now=now)
    return done


def _take_stored(
    session: ConnectorSession,
    exchange: Exchange,
    step: AskWhether,
    answer_set: AnswerSet,
    *,
    now: dt.datetime,
) -> None:
    """QuickBooks' stored outcome of a set that must not run again. When there is none, its objects are looked for."""
    asked_about = Exchange.objects.select_for_update().get(pk=step.exchange)
    exchange.outcomes = asked_about.outcomes = {}
    if answer_set.answers:
        asked_about.handed_out_times += 1
        post = Post(sent=step.sent)
        told = posted(session.company_file, asked_about, post, answer_set)
        take_posted(session, asked_about, post, told, now=now)
        exchange.outcomes = asked_about.outcomes
    asked_about.status = Exchange.Status.ANSWERED
    asked_about.answered_at = now
    asked_about.save(update_fields=["status", "answered_at", "outcomes"])


def _take_found(
    session: ConnectorSession, exchange: Exchange, step: LookFor, answer_set: AnswerSet, *, now: dt.datetime
) -> None:
    answers = _by_number(answer_set, exchange.key)
    rows = postings.read([sent.posting for sent in step.sent])
    known = known_postings(session.company_file, rows)
    outcomes = []
    for number, sent in enumerate(step.sent):
        answer = answers.get(number)
        if answer is None or not _is_found_or_empty(answer):
            log.warning("search_failed", posting=sent.posting, status=answer and answer.status.code)
            _look_later([sent.posting], now=now)
            continue
        outcomes.append(
            of_search(sent, known[sent.posting], list(answer.records), by_id=bool(sent.quickbooks_id))
        )
    exchange.outcomes = by_state(outcomes, rows)
    session.objects_sent += _apply(session.company_file, outcomes, rows, now=now)


def _is_found_or_empty(answer: Answer) -> bool:
    kind = classify(answer.status.code, answer.status.message, is_query=True, has_record=bool(answer.records))
    return kind in (StatusClass.OK, StatusClass.SAVED_WITH_WARNING, StatusClass.EMPTY)


def _look_later(posting_ids: Sequence[int], *, now: dt.datetime) -> None:
    """QuickBooks did not say whether they are there: asked again later, and nothing else of these records goes before."""
    doubtful = Posting.objects.filter(pk__in=posting_ids, state=State.UNKNOWN)
    for pk, attempts in doubtful.values_list("pk", "attempts"):
        try_after = now + dt.timedelta(minutes=next_try_minutes(attempts + 1))
        Posting.objects.filter(pk=pk).update(attempts=attempts + 1, try_after=try_after)


def _search_failed(step: LookFor, *, now: dt.datetime) -> None:
    """The whole search failed: in halves, until the culprit stands alone and waits."""
    ids = [sent.posting for sent in step.sent]
    if len(ids) > 1:
        Posting.objects.filter(pk__in=ids).update(batch_limit=len(ids) // 2)
    else:
        _look_later(ids, now=now)


def unusable(session: ConnectorSession, exchange: Exchange, *, now: dt.datetime) -> bool:
    """An answer that cannot be read or applied; False when the session cannot go on without it."""
    step = from_json(exchange.step)
    if isinstance(step, Read):
        _read_alone(session, step)
    elif isinstance(step, LookFor):
        _search_failed(step, now=now)
    else:
        return False
    Exchange.objects.filter(pk=exchange.pk).update(status=Exchange.Status.DROPPED)
    return True


def count_lost(company_file: CompanyFile) -> None:
    """One more time the set in doubt brought nothing. After some, its records are looked for instead (protocol.md C.4).

    Should they have to be sent again, they travel in halves, until what breaks QuickBooks or us stands alone.
    """
    lost = Exchange.objects.filter(company_file=company_file, writes=True, status=Exchange.Status.UNKNOWN)
    for exchange in lost:
        doubtful = Posting.objects.filter(exchange=exchange, state=State.UNKNOWN)
        doubtful.update(attempts=F("attempts") + 1)
        attempts = list(doubtful.values_list("attempts", flat=True))
        if attempts and max(attempts) < LOST_ROUNDS:
            continue
        log.error("exchange_set_aside", exchange=exchange.key, postings=len(attempts))
        Exchange.objects.filter(pk=exchange.pk).update(status=Exchange.Status.NEEDS_A_PERSON)
        if len(attempts) > 1:
            doubtful.update(attempts=0, batch_limit=len(attempts) // 2)


def not_parsed(session: ConnectorSession, exchange: Exchange, message: str, *, now: dt.datetime) -> bool:
    """QuickBooks could not read the text, so nothing of it was done; False when there is no way round it."""
    step = from_json(exchange.step)
    Exchange.objects.filter(pk=exchange.pk).update(status=Exchange.Status.NOT_DONE)
    if isinstance(step, Post):
        _halve(step.sent, message, is_sure=exchange.handed_out_times == 1, now=now)
        return True
    if isinstance(step, Read):
        _read_alone(session, step)
        return True
    if isinstance(step, LookFor):
        _search_failed(step, now=now)
        return True
    if isinstance(step, AskWhether):
        Exchange.objects.filter(pk=step.exchange).update(status=Exchange.Status.NEEDS_A_PERSON)
        return True
    return False


def _halve(sent: Sequence[Sent], message: str, *, is_sure: bool, now: dt.datetime) -> None:
    """The same postings in two messages, until the culprit stands alone and the others went through.

    Of a text that was handed out before, the parse error says nothing about the first time: they are looked for.
    """
    ids = [one.posting for one in sent]
    if not is_sure:
        doubtful = Posting.objects.filter(pk__in=ids)
        outbox.move(ids, State.SENT, State.UNKNOWN, now=now)
        doubtful.update(batch_limit=max(1, len(ids) // 2))
        return
    for old in (State.SENT, State.UNKNOWN):
        of_state = list(Posting.objects.filter(pk__in=ids, state=old).values_list("pk", flat=True))
        if len(ids) == 1:
            outbox.move(
                of_state,
                old,
                State.REFUSED,
                now=now,
                refusal="0x80040400",
                refusal_text=message,
                refusal_facts={},
            )
        else:
            outbox.move(of_state, old, State.READY, now=now, batch_limit=len(ids) // 2)


def _read_alone(session: ConnectorSession, step: Read) -> None:
    """One question QuickBooks cannot read must not cost the others."""
    if step.readings == (reading.TOUCHED,):
        _touched_failed(session, one_by_one=len(step.txn_ids) > 1)
        return
    for name in step.readings:
        state = "failed" if len(step.readings) == 1 else "due"
        session.readings[name] = {**session.readings[name], "state": state, "iterator": "", "alone": True}


# -- readings ------------------------------------------------------------------------------------------------------


def take_reading(
    session: ConnectorSession, exchange: Exchange, step: Read, answer: Evidence, *, now: dt.datetime
) -> None:
    """Stream the answer through: records are taken in by the chunk, so that its size does not matter."""
    company_file = session.company_file
    unanswered = set(step.readings)
    for name, opened, records in _by_reading(exchange.key, step, answer):
        unanswered.discard(name)
        if name == reading.TOUCHED:
            seen = _take_touched(session, step, opened, records, now=now)
        else:
            seen = _take_page(session, company_file, name, opened, records, now=now)
        session.objects_read += seen
    for name in unanswered:
        log.error("reading_not_answered", session=session.pk, reading=name)
        if name == reading.TOUCHED:
            _touched_failed(session, one_by_one=False)
        else:
            session.readings[name] = _begin_anew(reading.Progress(**session.readings[name]))


def _by_reading(key: str, step: Read, answer: Evidence) -> Iterator[tuple[str, AnswerOpened, Iterator[Any]]]:
    events = codec.stream_answers(answer.pieces())
    for event in events:
        if isinstance(event, AnswerOpened):
            number = _number(event.request_id, key)
            records = _records(events)
            if number is not None and number < len(step.readings):
                yield step.readings[number], event, records
            for _ in records:  # whoever took the answer may have left some
                pass


def _records(events: Iterator[Any]) -> Iterator[Any]:
    for event in events:
        if isinstance(event, AnswerClosed):
            return
        if isinstance(event, Record):
            yield event.record


def _chunks(records: Iterator[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for record in records:
        chunk.append(record)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _take_page(
    session: ConnectorSession,
    company_file: CompanyFile,
    name: str,
    opened: AnswerOpened,
    records: Iterator[Any],
    *,
    now: dt.datetime,
) -> int:
    progress = reading.Progress(**session.readings[name])
    status = opened.status
    kind = classify(status.code, status.message, is_query=True, has_record=False)
    if kind is StatusClass.ITERATOR_LOST:
        session.readings[name] = _begin_anew(progress)
        return 0
    if kind not in (StatusClass.OK, StatusClass.EMPTY, StatusClass.SAVED_WITH_WARNING):
        log.warning(
            "reading_refused", session=session.pk, reading=name, code=status.code, message=status.message
        )
        session.readings[name] = {**session.readings[name], "state": "failed", "iterator": ""}
        return 0
    seen, modified_to = 0, progress.modified_to
    for chunk in _chunks(records):
        reading.READINGS[name].take(company_file, chunk, now=now)
        seen += len(chunk)
        modified_to = max([modified_to, *(_stamp(record) for record in chunk)])
    remaining = opened.iterator_remaining_count or 0
    progress = reading.Progress(
        state="paging" if remaining else "done",
        since=progress.since,
        iterator=(opened.iterator_id or "") if remaining else "",
        remaining=remaining,
        modified_to=modified_to,
        restarts=progress.restarts,
        alone=progress.alone,
    )
    news = not remaining and reading.finish(company_file, name, progress, now=now)
    session.readings[name] = {**asdict(progress), "news": news}
    return seen


def _begin_anew(progress: reading.Progress) -> dict[str, Any]:
    """An iterator QuickBooks no longer knows, or one too many: alone, from the start."""
    restarts = progress.restarts + 1
    state = "failed" if restarts > reading.RESTARTS else "due"
    return asdict(reading.Progress(state=state, since=progress.since, restarts=restarts, alone=True))


def _stamp(record: Any) -> str:
    return getattr(record, "time_modified", None) or getattr(record, "time_deleted", None) or ""


def _take_touched(
    session: ConnectorSession, step: Read, opened: AnswerOpened, records: Iterator[Any], *, now: dt.datetime
) -> int:
    """The invoices asked for by ID. One that QuickBooks says it does not find is not there any more."""
    company_file, status = session.company_file, opened.status
    kind = classify(status.code, status.message, is_query=True, has_record=False)
    if kind not in (StatusClass.OK, StatusClass.EMPTY, StatusClass.SAVED_WITH_WARNING):
        log.warning("touched_invoices_refused", session=session.pk, code=status.code, message=status.message)
        _touched_failed(session, one_by_one=False)
        return 0
    if status.code == OBJECT_NOT_FOUND and len(step.txn_ids) > 1:
        # An error brings no data: which one is missing shows when each is asked for alone (protocol.md C.5).
        _touched_failed(session, one_by_one=True)
        return 0
    seen: set[str] = set()
    for chunk in _chunks(records):
        inbox.take_invoices(company_file, chunk, now=now)
        seen.update(record.txn_id for record in chunk)
    touched = Counterpart.objects.filter(company_file=company_file, kind=RecordKind.INVOICE)
    touched.filter(quickbooks_id__in=step.txn_ids).update(read_again=False)
    if gone := set(step.txn_ids) - seen:
        inbox.invoices_vanished(company_file, sorted(gone), now=now)
        _touched_again_together(session)
    return len(seen)


def _touched_failed(session: ConnectorSession, *, one_by_one: bool) -> None:
    """Ask for each alone, or leave them to the next session."""
    state = "done" if one_by_one else "failed"
    session.readings[reading.TOUCHED] = asdict(reading.Progress(state=state, alone=one_by_one))


def _touched_again_together(session: ConnectorSession) -> None:
    session.readings.pop(reading.TOUCHED, None)
