"""The methods of the Web Connector's service: each translates a call and hands it to the connector session.

protocol.md A.1 has their parameters, A.5 every value they may return.
"""

import datetime as dt
import re
import secrets
from base64 import b32encode
from collections.abc import Callable
from importlib.metadata import version
from typing import Protocol

import structlog

from centerpoint.metrics import count_log_in
from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.webconnector import credentials, refused
from centerpoint.quickbooks.webconnector.credentials import Verdict
from centerpoint.quickbooks.webconnector.envelope import Call, NotACall, Result

log = structlog.get_logger(__name__)

# Handed out when no session was opened, so that the closeConnection that follows needs no look into the database.
NO_SESSION = "no-session"
OLDEST_WEB_CONNECTOR = 2


class Sessions(Protocol):
    """What sync/session.py offers. A ticket that is unknown, foreign, expired or fenced never raises."""

    def log_in(self, *, company_file_id: int, ticket: str, now: dt.datetime) -> bool: ...

    def request(
        self,
        *,
        ticket: str,
        company_data: str,
        company_file_name: str,
        country: str,
        major: int,
        minor: int,
        now: dt.datetime,
        new_key: Callable[[], str],
    ) -> str: ...

    def receive(
        self, *, ticket: str, answer: Evidence, hresult: str, message: str, now: dt.datetime
    ) -> int: ...

    def connection_error(self, *, ticket: str, hresult: str, message: str, now: dt.datetime) -> str: ...

    def last_error(self, *, ticket: str, now: dt.datetime) -> str: ...

    def close(self, *, ticket: str, now: dt.datetime) -> str: ...


def answer(call: Call, *, sessions: Sessions, now: dt.datetime) -> Result:
    """What the method returns. Raises NotACall for a method we do not have or a parameter that cannot be read."""
    method = _METHODS.get(call.method)
    if method is None:
        raise NotACall(f"Centerpoint's service has no method {call.method}.", call.soap)
    return method(call, sessions, now)


def known(method: str) -> bool:
    return method in _METHODS


def new_key() -> str:
    """The name of a message set: 22 characters, one less than QuickBooks takes (protocol.md C.4), 100 random bits."""
    return "cp" + b32encode(secrets.token_bytes(13)).decode()[:20]


def _server_version(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    return SERVER_VERSION


def _client_version(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    major = re.match(r"\s*([0-9]+)", call["strVersion"])
    if major and int(major[1]) < OLDEST_WEB_CONNECTOR:
        return (
            f"W:This Web Connector is version {call['strVersion'].strip()}. Centerpoint is made for version "
            f"{OLDEST_WEB_CONNECTOR}.0 and later; please install the current one from Intuit."
        )
    return ""


def _authenticate(call: Call, sessions: Sessions, now: dt.datetime) -> tuple[str, str]:
    user_name = call["strUserName"]
    log_in = credentials.check(user_name=user_name, password=call["strPassword"], now=now)
    count_log_in(log_in.verdict.value)
    if log_in.verdict not in (Verdict.WELCOME, Verdict.PAUSED):
        log.warning(
            "log-in refused",
            reason=log_in.verdict.value,
            user_name=user_name[:60],
            company_file=log_in.company_file_id,
        )
        refused.remember(log_in, user_name=user_name, now=now)
        return NO_SESSION, "nvu"
    if log_in.verdict is Verdict.PAUSED:
        log.info("log-in while paused", company_file=log_in.company_file_id)
    if not log_in.something_to_do or log_in.company_file_id is None:
        return NO_SESSION, "none"
    ticket = secrets.token_urlsafe(32)
    if not sessions.log_in(company_file_id=log_in.company_file_id, ticket=ticket, now=now):
        return NO_SESSION, "none"
    # An empty name is the company file that is open: naming a path fails on every other PC (protocol.md H 34).
    return ticket, ""


def _send_request_xml(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    return sessions.request(
        ticket=call["ticket"],
        company_data=call["strHCPResponse"],
        company_file_name=call["strCompanyFileName"],
        country=call["qbXMLCountry"],
        major=call.number("qbXMLMajorVers"),
        minor=call.number("qbXMLMinorVers"),
        now=now,
        new_key=new_key,
    )


def _receive_response_xml(call: Call, sessions: Sessions, now: dt.datetime) -> int:
    return sessions.receive(
        ticket=call["ticket"],
        answer=call.response,
        hresult=call["hresult"].strip(),
        message=call["message"],
        now=now,
    )


def _connection_error(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    return sessions.connection_error(
        ticket=call["ticket"], hresult=call["hresult"].strip(), message=call["message"], now=now
    )


def _get_last_error(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    if call["ticket"] == NO_SESSION:
        return "There was nothing to do."
    return sessions.last_error(ticket=call["ticket"], now=now)


def _close_connection(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    if call["ticket"] == NO_SESSION:
        return "No data exchange."
    return sessions.close(ticket=call["ticket"], now=now)


def _get_interactive_url(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    """Never asked for by us, because it needs Internet Explorer; an empty address opens nothing."""
    return ""


def _interactive_rejected(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    return "Centerpoint works without a dialog; run the update again."


def _interactive_done(call: Call, sessions: Sessions, now: dt.datetime) -> str:
    return "Done"


SERVER_VERSION = f"Centerpoint {version('centerpoint')}"

_METHODS: dict[str, Callable[[Call, Sessions, dt.datetime], Result]] = {
    "serverVersion": _server_version,
    "clientVersion": _client_version,
    "authenticate": _authenticate,
    "sendRequestXML": _send_request_xml,
    "receiveResponseXML": _receive_response_xml,
    "connectionError": _connection_error,
    "getLastError": _get_last_error,
    "closeConnection": _close_connection,
    "getInteractiveURL": _get_interactive_url,
    "interactiveRejected": _interactive_rejected,
    "interactiveDone": _interactive_done,
}
