"""QuickBooks' request processor: a message set in, its answer out, and everything on disk before the answer leaves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from lxml import etree

from qbemulator import grammar
from qbemulator.company_file import CompanyFile, recovery
from qbemulator.company_file.recovery import StoredSet
from qbemulator.company_file.refusals import Refused
from qbemulator.grammar import MessageSet, NotParsable
from qbemulator.hresults import OBSTACLES, PARSE_ERROR, SESSION_ENDED, HResult
from qbemulator.requests import HANDLERS, READ_ONLY, is_known
from qbemulator.requests.answers import Outcome, escaped
from qbemulator.requests.context import Context
from qbemulator.requests.iterators import Iterators

__all__ = ["Connection", "HResult", "RequestProcessor"]

Clock = Callable[[], datetime]

SET_FINE = 0
NOTHING_TO_CLEAR = 600
SET_DIFFERS = 9001
NO_STORED_ANSWER = 9002
SET_ID_TOO_LONG = 9004
ANSWER_NOT_STORED = 9005


def system_clock() -> datetime:
    return datetime.now(UTC)


class RequestProcessor:
    """What a PC with QuickBooks offers to programs, for one company file."""

    def __init__(
        self, books: CompanyFile, *, clock: Clock = system_clock, time_zone: str | None = None
    ) -> None:
        """`clock` returns aware datetimes; `time_zone` is the PC's, by default the one kept in the file."""
        self.books = books
        self.clock = clock
        self.time_zone = time_zone

    def connect(self, app_name: str = "Centerpoint", app_id: str = "") -> Connection:
        """Begin a session for an application. Raises HResult when QuickBooks or its user stands in the way."""
        with self.books.storage.transaction(write=False):
            _refuse_if_unavailable(self.books)
        return Connection(self, f"{app_name}\n{app_id}")


class Connection:
    """One session of one application; its iterators end with it."""

    def __init__(self, processor: RequestProcessor, application: str) -> None:
        self.books = processor.books
        self._processor = processor
        self._application = application
        self._iterators = Iterators(lambda: f"{{{uuid.uuid4()}}}")
        self._ended = False

    def process(self, request_text: str) -> str:
        """Answer a message set. Raises HResult when the set as a whole is refused: then nothing of it was done."""
        if self._ended:
            raise HResult(*SESSION_ENDED)
        with self.books.storage.transaction(write=False):
            _refuse_if_unavailable(self.books)
            try:
                message_set = grammar.parse(request_text, supported_versions=self.books.supported_versions)
                faults = [self._fault(request, message_set.version) for request in message_set.requests]
            except NotParsable as error:
                raise HResult(*PARSE_ERROR) from error
        with self.books.storage.transaction(write=_writes(message_set)):
            return _SetRun(self, message_set, faults, request_text).answer()

    def end(self) -> None:
        """End the session. Its iterators are lost."""
        self._ended = True

    def context(self, version: str) -> Context:
        major, minor = version.split(".")
        return Context(
            books=self.books,
            storage=self.books.storage,
            now=int(self._processor.clock().timestamp()),
            local_time=self.books.local_time(self._processor.time_zone),
            version=int(major) * 10 + int(minor),
            iterators=self._iterators,
        )

    @property
    def application(self) -> str:
        """Whose stored message sets these are (protocol.md C.4: per application)."""
        return self._application

    def _fault(self, request: etree._Element, version: str) -> Refused | None:
        name = str(request.tag)
        if name in HANDLERS:
            return grammar.check(
                request, version=version, missing_required=self.books.switches.missing_required
            )
        if not is_known(name):
            raise NotParsable(f"{name} is unknown")
        return Refused(1030, "This request is not supported by this implementation.")


class _SetRun:
    """One message set inside one transaction."""

    def __init__(
        self, connection: Connection, message_set: MessageSet, faults: list[Refused | None], text: str
    ) -> None:
        self._connection = connection
        self._set = message_set
        self._faults = faults
        self._text = text
        self._storage = connection.books.storage
        self._switches = connection.books.switches

    def answer(self) -> str:
        new, old = self._set.new_id, self._set.old_id
        if new is None and old is None:
            return self._written(self._run())
        longest = self._switches.longest_message_set_id
        if any(len(each) > longest for each in (new, old) if each and each != recovery.CLEAR_ALL):
            return self._written([], SET_ID_TOO_LONG)
        if new is None:
            return self._cleared(old or "")
        stored = recovery.find(self._storage, self._connection.application, new)
        if stored is not None:
            return self._stored_answer(stored)
        if new == old and not self._set.requests:
            return self._written([], NO_STORED_ANSWER)
        if old is not None:
            recovery.clear(self._storage, self._connection.application, old)
        return self._run_and_store(new)

    def _cleared(self, old: str) -> str:
        found = recovery.clear(self._storage, self._connection.application, old)
        return self._written(self._run(), SET_FINE if found else NOTHING_TO_CLEAR)

    def _stored_answer(self, stored: StoredSet) -> str:
        """The set ran before: tell its outcome, run nothing."""
        is_status_check = not self._set.requests and self._set.new_id == self._set.old_id
        if not is_status_check and stored.checksum != recovery.checksum(self._text):
            return self._written([], SET_DIFFERS)
        holds = self._switches.stored_answer
        answers = [
            Outcome.of_kept(kept["outcome"]).answer(
                kept["name"], kept["request_id"], body=holds == "full", identity=holds != "status_only"
            )
            for kept in stored.answers
        ]
        return self._written(answers)

    def _run_and_store(self, new: str) -> str:
        answers: list[str] = []
        kept = []
        for name, request_id, outcome in self._outcomes():
            answers.append(outcome.answer(name, request_id, body=self._set.response_data == "includeAll"))
            kept.append({"name": name, "request_id": request_id, "outcome": outcome.kept()})
        if not self._switches.answers_can_be_stored:
            return self._written(answers, ANSWER_NOT_STORED)
        stored = StoredSet(recovery.checksum(self._text), kept)
        recovery.store(self._storage, self._connection.application, new, stored)
        return self._written(answers)

    def _run(self) -> list[str]:
        with_body = self._set.response_data == "includeAll"
        return [
            outcome.answer(name, request_id, body=with_body) for name, request_id, outcome in self._outcomes()
        ]

    def _outcomes(self) -> list[tuple[str, str | None, Outcome]]:
        context = self._connection.context(self._set.version)
        outcomes = []
        stopped = False
        for request, fault in zip(self._set.requests, self._faults, strict=True):
            if stopped:
                outcome = Outcome(code=3231, severity="Error", message="The request has not been processed.")
            else:
                outcome = self._one(context, request, fault)
            stopped = stopped or (outcome.severity == "Error" and self._set.on_error == "stopOnError")
            outcomes.append((str(request.tag).removesuffix("Rq"), request.get("requestID"), outcome))
        return outcomes

    def _one(self, context: Context, request: etree._Element, fault: Refused | None) -> Outcome:
        try:
            if fault is not None:
                raise fault
            with self._storage.step():
                return HANDLERS[str(request.tag)](context, request)
        except Refused as refusal:
            return Outcome(code=refusal.code, severity=refusal.severity, message=refusal.message)

    def _written(self, answers: list[str], set_status: int = SET_FINE) -> str:
        attributes = ""
        if self._set.new_id is not None:
            attributes += f' newMessageSetID="{escaped(self._set.new_id)}"'
        if self._set.new_id is not None or self._set.old_id is not None:
            attributes += f' messageSetStatusCode="{set_status}"'
        messages = (
            f"<QBXMLMsgsRs{attributes}>\n{''.join(answers)}</QBXMLMsgsRs>\n"
            if answers
            else f"<QBXMLMsgsRs{attributes} />\n"
        )
        return f'<?xml version="1.0" ?>\n<QBXML>\n{messages}</QBXML>\n'


def _writes(message_set: MessageSet) -> bool:
    return bool(message_set.new_id or message_set.old_id) or any(
        str(request.tag) not in READ_ONLY for request in message_set.requests
    )


def _refuse_if_unavailable(books: CompanyFile) -> None:
    for obstacle, hresult in OBSTACLES.items():
        if getattr(books, obstacle):
            raise HResult(*hresult)
