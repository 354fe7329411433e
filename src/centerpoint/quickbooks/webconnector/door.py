"""The door the Web Connector knocks at: HTTP on one side, SOAP calls on the other, no middleware in between.

Everything a caller may send gets an answer in the shape he reads (protocol.md A.3, J). A bug inside is logged with its
stack under an incident number; the number is all that leaves.
"""

import datetime as dt
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from wsgiref.types import StartResponse, WSGIEnvironment
from xml.sax.saxutils import quoteattr

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from centerpoint.contractors.history import acting
from centerpoint.metrics import count_call
from centerpoint.quickbooks.webconnector import methods
from centerpoint.quickbooks.webconnector.envelope import Call, NotACall, Result, Soap, fault, read_call, reply
from centerpoint.quickbooks.webconnector.qwc import SERVICE_PATH

log = structlog.get_logger(__name__)

PIECE = 64 * 1024
PLAIN_TEXT = "text/plain; charset=utf-8"
GREETING = (
    "Centerpoint's service for the QuickBooks Web Connector is here and well.\n"
    "Add it to the Web Connector with the .qwc file from Integration Settings.\n"
)
_WSDL = files(__package__).joinpath("service.wsdl").read_text("utf-8")
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]+)?|\[[0-9A-Fa-f:]+\](:[0-9]+)?")

# What a method returns when a bug stopped it and a Fault would do harm: a Fault in receiveResponseXML loses the answer
# that is stored already (protocol.md A.3), a getLastError without text is a riddle, the others only end the update.
_INSTEAD_OF_A_FAULT: dict[str, Callable[[str], Result]] = {
    "receiveResponseXML": lambda sentence: -1,
    "getLastError": lambda sentence: sentence,
    "connectionError": lambda sentence: "done",
    "closeConnection": lambda sentence: sentence,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over HTTP; `outcome` is the word for the metrics."""

    body: bytes
    content_type: str = PLAIN_TEXT
    status: str = "200 OK"
    outcome: str = "answered"


class Door:
    """A WSGI application for the service's address. `sessions` is sync/session.py; tests bring their own."""

    def __init__(self, sessions: methods.Sessions, clock: Callable[[], dt.datetime] = timezone.now) -> None:
        self._sessions = sessions
        self._clock = clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        headers = [("Cache-Control", "no-store")]
        match environ["REQUEST_METHOD"]:
            case "POST":
                answer = self._post(environ)
            case "GET" | "HEAD":
                answer = _get(environ)
            case _:
                answer = Answer(status="405 Method Not Allowed", body=b"The Web Connector calls by POST.\n")
                headers.append(("Allow", "GET, HEAD, POST"))
        headers += [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
        start_response(answer.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _post(self, environ: WSGIEnvironment) -> Answer:
        started = time.perf_counter()
        method = "unknown"
        try:
            call = read_call(_body(environ), content_type=environ.get("CONTENT_TYPE", ""))
            if methods.known(call.method):
                method = call.method
            structlog.contextvars.bind_contextvars(call=method, **_session(call))
            answer = self._answer(call)
        except NotACall as refusal:
            log.warning("call refused", reason=refusal.sentence, peer=environ.get("REMOTE_ADDR", ""))
            answer = _fault(refusal.soap, refusal.sentence, by_sender=True)
        finally:
            structlog.contextvars.clear_contextvars()
        count_call(method, answer.outcome, time.perf_counter() - started)
        return answer

    def _answer(self, call: Call) -> Answer:
        """The reply to a call. This is the one place that catches what nobody foresaw."""
        try:
            with acting(through="QuickBooks"):
                return _reply(call, self._result(call))
        except NotACall:
            raise
        except Exception as problem:
            incident = secrets.token_hex(4)
            log.exception("call failed", incident=incident)
            if call.method == "authenticate" and isinstance(problem, OperationalError | InterfaceError):
                return _reply(call, (methods.NO_SESSION, "busy"), outcome="failed")
            sentence = (
                "Something went wrong in Centerpoint. Nothing is lost; run the update again. "
                f"If it stays so, tell support the incident number {incident}."
            )
            if (instead := _INSTEAD_OF_A_FAULT.get(call.method)) is not None:
                return _reply(call, instead(sentence), outcome="failed")
            return _fault(call.soap, sentence, by_sender=False)

    def _result(self, call: Call) -> Result:
        """One answer; a second try when the database had dropped this thread's connection since the last call.

        The connection stays open from call to call, and no Django signal looks after it here. Every method bears
        repetition, because the client repeats, too.
        """
        if connection.errors_occurred:
            connection.close_if_unusable_or_obsolete()
        now = self._clock()
        try:
            return methods.answer(call, sessions=self._sessions, now=now)
        except (OperationalError, InterfaceError):
            if connection.connection is not None and connection.is_usable():
                raise
            connection.close()
            return methods.answer(call, sessions=self._sessions, now=now)


def _reply(call: Call, result: Result, outcome: str = "answered") -> Answer:
    return Answer(body=reply(call, result), content_type=call.soap.content_type, outcome=outcome)


def _fault(soap: Soap, sentence: str, *, by_sender: bool) -> Answer:
    return Answer(
        status="500 Internal Server Error",
        content_type=soap.content_type,
        body=fault(soap, sentence, by_sender=by_sender),
        outcome="refused" if by_sender else "failed",
    )


def _get(environ: WSGIEnvironment) -> Answer:
    """What the Web Connector asks for when an application is added, and what SOAP tools ask for."""
    if environ.get("QUERY_STRING", "").lower() in ("wsdl", "singlewsdl"):
        return Answer(body=wsdl(_address(environ)).encode(), content_type=Soap.V1_1.content_type)
    return Answer(body=GREETING.encode())


def wsdl(address: str) -> str:
    """The description of the service at `address`."""
    return _WSDL.replace('"{address}"', quoteattr(address))


def _address(environ: WSGIEnvironment) -> str:
    """The address as the caller wrote it; behind a proxy that speaks TLS for us, the one the settings name."""
    host = environ.get("HTTP_HOST", "")
    site: str = settings.CENTERPOINT_URL
    if not _HOST.fullmatch(host) or site.endswith(f"//{host}"):
        return f"{site}{SERVICE_PATH}"
    return f"{environ['wsgi.url_scheme']}://{host}{SERVICE_PATH}"


def _body(environ: WSGIEnvironment) -> Iterator[bytes]:
    """The request body in pieces. Raises NotACall as soon as it is, or says that it is, too large."""
    limit: int = settings.WEB_CONNECTOR_BODY_LIMIT
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit():
        left = int(length)
    else:
        # A chunked body has no length; only a server that ends the stream itself lets us read to its end.
        left = limit + 1 if environ.get("wsgi.input_terminated") else 0
    if left == 0:
        raise NotACall("The request has no body.")
    if length and left > limit:
        raise _too_large(limit)
    received = 0
    while piece := environ["wsgi.input"].read(min(PIECE, left - received)):
        received += len(piece)
        if received > limit:
            raise _too_large(limit)
        yield piece


def _too_large(limit: int) -> NotACall:
    return NotACall(f"The request is larger than {limit} bytes, all that WEB_CONNECTOR_BODY_LIMIT allows.")


def _session(call: Call) -> dict[str, str]:
    """What tells the calls of one session apart in the log, without the ticket, which is a secret."""
    ticket = call["ticket"] or call["wcTicket"]
    return {"session": sha256(ticket.encode()).hexdigest()[:12]} if ticket else {}
