"""Intuit's Web Connector, played over SOAP: one `update` is one session with the service (protocol.md A.4, E.9)."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from qbemulator import meddling, stamps
from qbemulator import qwc as qwc_file
from qbemulator.company_file import CompanyFile
from qbemulator.faults import EXCHANGE, SESSION, Fault, Pending
from qbemulator.hresults import OBSTACLES, PARSE_ERROR, HResult
from qbemulator.mishaps import Mishaps
from qbemulator.qwc import Qwc
from qbemulator.request_processor import Connection, RequestProcessor
from qbemulator.soap import Fault as SoapFault
from qbemulator.soap import SoapClient
from qbemulator.transport import CallFailed, HttpTransport, Reply, Transport, Unreachable, WsgiTransport

__all__ = ["HttpTransport", "Update", "WebConnector", "WsgiTransport"]

T = TypeVar("T")
Watch = Callable[[str, bytes, Reply], None]

VERSION = "34.0.10007.56"
CONNECTION_RETRIES = 2
FINISHED = 100
CRASHED = ("0x80040402", "There was an unexpected error. QuickBooks may have crashed.")
EDITION_EXCLUDED = ("0x8004041A", "The application does not support this edition of QuickBooks.")
# Faults of a whole session, and what QuickBooks says then.
CLOSED_DOORS = {
    "quickbooks-closed": OBSTACLES["quickbooks_closed"],
    "wrong-file": OBSTACLES["other_file_open"],
    "no-permission": OBSTACLES["needs_admin"],
}
# What the Web Connector's log calls an exception in each method (protocol.md A.3).
FAILURES = {
    "clientVersion": "QBWC1036",
    "authenticate": "QBWC1012",
    "sendRequestXML": "QBWC1041",
    "receiveResponseXML": "QBWC1042",
    "getLastError": "QBWC1043",
    "closeConnection": "QBWC1044",
    "connectionError": "QBWC1045",
}
NULL_REFERENCE = "Object reference not set to an instance of an object."
# authenticate's word -> (outcome, what the status column shows)
NOTHING_TO_DO = {
    "none": ("no_data", "No data exchange"),
    "nvu": ("refused", "Invalid password"),
    "busy": ("busy", "Application busy"),
}
WENT_WRONG = ("busy", "error", "quickbooks", "unreachable")
HCP_QUERIES = (
    '<?xml version="1.0" ?><?qbxml version="{version}"?><QBXML><QBXMLMsgsRq onError="continueOnError">'
    '<HostQueryRq requestID="0"></HostQueryRq><CompanyQueryRq requestID="1"><OwnerID>{owner}</OwnerID></CompanyQueryRq>'
    '<PreferencesQueryRq requestID="2"></PreferencesQueryRq></QBXMLMsgsRq></QBXML>'
)
_REQUESTS = re.compile(r"<(?!QBXMLMsgs)[A-Za-z]+Rq[\s/>]")


class Cut(Exception):
    """The session ends here and nobody tells the service."""


class SessionEnded(Exception):
    """The session ends in an orderly way, with an outcome other than finished."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


@dataclass
class Update:
    """What one session did.

    `outcome`: finished, no_data (none), refused (nvu), busy, error (the service said so or could not be read),
    quickbooks (QuickBooks could not be opened), unreachable, interrupted (a fault cut the session).
    """

    outcome: str = "finished"
    soap_calls: int = 0
    exchanges: int = 0
    objects: int = 0  # requests handed to QuickBooks
    progress: list[int] = field(default_factory=list)
    last_error: str = ""
    message: str = ""  # what closeConnection said
    log: list[str] = field(default_factory=list)
    postponed_seconds: int | None = None
    shortest_interval: int | None = None


class WebConnector:
    """One application in the Web Connector of one PC."""

    def __init__(
        self,
        *,
        qwc: Qwc,
        password: str,
        processor: RequestProcessor,
        transport: Transport | None = None,
        no_op_wait: float = 5.0,
        sleep: Callable[[float], None] = time.sleep,
        check_urls: bool = False,
        computer: str = "",
        watch: Watch | None = None,
    ) -> None:
        """`watch` sees every SOAP call and reply; `check_urls` asks for the application's addresses first, as an
        import does. Raises qwc.Refused when an address will not do."""
        self.qwc = qwc
        self.password = password
        self.processor = processor
        self.transport = transport or HttpTransport()
        self.no_op_wait = no_op_wait
        self.sleep = sleep
        self.computer = computer or socket.gethostname().upper()
        self.watch = watch
        if check_urls:
            check_addresses(qwc, self.transport)

    @property
    def books(self) -> CompanyFile:
        return self.processor.books

    def update(self, faults: Iterable[Fault] | Pending = ()) -> Update:
        """One session, with `faults` striking in it. Give a Pending to see which of them are left."""
        pending = faults if isinstance(faults, Pending) else Pending(faults)
        return _Session(self, pending, Mishaps(self.transport, pending)).run()

    def update_until_idle(self, *, faults: Iterable[Fault] | Pending = (), limit: int = 200) -> list[Update]:
        """Sessions until the service has nothing to do; faults count on from one to the next.

        A session that went wrong is followed by another, as the scheduler would; two in a row that went wrong in the
        same way, or a refused password, end it. At most `limit` sessions.
        """
        pending = faults if isinstance(faults, Pending) else Pending(faults)
        transport = Mishaps(self.transport, pending)
        updates: list[Update] = []
        while len(updates) < limit:
            updates.append(_Session(self, pending, transport).run())
            outcome = updates[-1].outcome
            is_stuck = outcome in WENT_WRONG and [each.outcome for each in updates[-2:]] == [outcome] * 2
            if outcome in ("no_data", "refused") or is_stuck:
                break
        return updates


def check_addresses(qwc: Qwc, transport: Transport) -> None:
    """Ask for AppSupport and AppURL (or CertURL), as adding the application does. Raises qwc.Refused."""
    for address, code, accepted in (
        (qwc.app_support, "QBWC1003", (200, 202)),
        (qwc.cert_url or qwc.app_url, "QBWC1048", (200,)),
    ):
        try:
            status = transport.get(address).status
        except CallFailed as problem:
            raise qwc_file.Refused(code, f"{address} cannot be reached: {problem}") from problem
        if status not in accepted:
            raise qwc_file.Refused(code, f"{address} answers {status}.")


class _Session:
    def __init__(self, connector: WebConnector, faults: Pending, transport: Transport) -> None:
        self._connector = connector
        self._qwc = connector.qwc
        self._books = connector.books
        self._faults = faults
        self._update = Update()
        self._soap = SoapClient(connector.qwc.app_url, transport, watch=connector.watch)
        self._ticket = ""
        self._connection: Connection | None = None
        self._holds_lock = False

    def run(self) -> Update:
        self._faults.count(SESSION)
        restores = any(fault.name == "restore-backup" for fault in self._faults.left)
        backup = self._books.storage.snapshot() if restores else None
        try:
            self._greet()
            company_file = self._authenticate()
            description = self._open_quickbooks(company_file)
            self._exchange_all(description, backup)
            self._leave_quickbooks()
            self._close()
        except Cut as cut:
            self._end("interrupted", str(cut))
        except SessionEnded as ended:
            self._end(ended.outcome, ended.reason)
        finally:
            self._leave_quickbooks()
            self._update.soap_calls = self._soap.calls
        return self._update

    def _end(self, outcome: str, reason: str) -> None:
        self._update.outcome = outcome
        self._log(reason)

    def _log(self, line: str) -> None:
        self._update.log.append(line)

    # -- calls ---------------------------------------------------------------------------------------------------------

    def _called(self, method: str, call: Callable[[], T]) -> T:
        """What `call` returns; an exception in it ends the session under the method's number."""
        try:
            return call()
        except CallFailed as problem:
            outcome = "unreachable" if isinstance(problem, Unreachable) else "error"
            raise SessionEnded(outcome, f"{FAILURES.get(method, method)}: {problem}") from problem

    def _text(self, method: str, *parameters: tuple[str, str]) -> str | None:
        return self._called(method, lambda: self._soap.text(method, *parameters))

    def _greet(self) -> None:
        """serverVersion and clientVersion; a service need not have them (protocol.md A.4)."""
        try:
            self._log(f"server version: {self._soap.text('serverVersion')}")
        except Unreachable as problem:
            raise SessionEnded("unreachable", str(problem)) from problem
        except CallFailed as problem:
            self._log(f"serverVersion: {problem}")
        answer = self._called("clientVersion", self._client_version)
        if answer.startswith("E:"):
            raise SessionEnded("error", answer[2:])
        if answer.startswith(("W:", "O:")):
            self._log(f"clientVersion: {answer}")
        elif answer:
            raise SessionEnded("error", f"QBWC1046: clientVersion said {answer!r}")

    def _client_version(self) -> str:
        try:
            return self._soap.text("clientVersion", ("strVersion", VERSION)) or ""
        except SoapFault as fault:
            self._log(f"clientVersion: {fault}")
            return ""

    def _authenticate(self) -> str:
        """The company file to open; "" for the one that is open."""
        user, password = ("strUserName", self._qwc.user_name), ("strPassword", self._connector.password)
        result = self._called("authenticate", lambda: self._soap.array("authenticate", user, password))
        if result is not None and len(result) < 2:
            raise SessionEnded("error", "QBWC1012: Index was outside the bounds of the array.")
        if result is None or result[0] is None or result[1] is None:
            raise SessionEnded("error", f"QBWC1012: {NULL_REFERENCE}")
        self._ticket, wanted = result[0], result[1]
        self._schedule(result[2:])
        if wanted.lower() in NOTHING_TO_DO:
            self._close()
            raise SessionEnded(*NOTHING_TO_DO[wanted.lower()])
        return wanted

    def _schedule(self, seconds: Sequence[str | None]) -> None:
        numbers = [int(text) if text and text.strip().isdigit() else None for text in seconds]
        self._update.postponed_seconds, self._update.shortest_interval = [*numbers, None, None][:2]

    def _close(self) -> None:
        self._update.message = self._text("closeConnection", ("ticket", self._ticket)) or ""
        self._log(self._update.message)

    # -- QuickBooks ----------------------------------------------------------------------------------------------------

    def _open_quickbooks(self, wanted: str) -> str:
        """Open the company file and stamp it; tell the service when that fails, and try what it says.

        Returns strHCPResponse: the answers about host, company and preferences, for the first sendRequestXML.
        """
        for _ in range(CONNECTION_RETRIES + 1):
            try:
                return self._opened(wanted)
            except HResult as problem:
                self._leave_quickbooks()
                self._log(f"{problem.code} {problem.message}")
                answer = self._text(
                    "connectionError",
                    ("ticket", self._ticket),
                    ("hresult", problem.code),
                    ("message", problem.message),
                )
            except stamps.NotStamped as problem:
                self._log(str(problem))
                break
            if answer is None or answer.lower() == "done":
                break
            wanted = answer
        self._close()
        raise SessionEnded("quickbooks", "QuickBooks could not be opened.")

    def _opened(self, wanted: str) -> str:
        self._refuse_closed_door(wanted)
        self._connection = self._connector.processor.connect(self._qwc.app_name, self._qwc.app_id)
        now = self._connector.processor.clock()
        stamps.put_on(self._books, self._qwc, computer=self._connector.computer, now=now)
        self._holds_lock = True
        major, minor = self._version()
        return self._process(HCP_QUERIES.format(version=f"{major}.{minor}", owner=self._qwc.owner_id))

    def _refuse_closed_door(self, wanted: str) -> None:
        for name, hresult in CLOSED_DOORS.items():
            if self._faults.strikes(name):
                raise HResult(*hresult)
        if wanted and wanted.lower() != str(self._books.path).lower():
            raise HResult(*OBSTACLES["other_file_open"])
        if not self._qwc.allows(self._books.host.product_name):
            raise HResult(*EDITION_EXCLUDED)

    def _leave_quickbooks(self) -> None:
        if self._connection is not None:
            self._connection.end()
            self._connection = None
        if self._holds_lock:
            stamps.take_lock_off(self._books, self._qwc)
            self._holds_lock = False

    def _version(self) -> tuple[int, int]:
        """The highest version of qbXML the request processor speaks."""
        major, _, minor = self._books.supported_versions[-1].partition(".")
        return int(major), int(minor)

    def _process(self, text: str) -> str:
        assert self._connection is not None, "QuickBooks is open while requests are exchanged"
        return self._connection.process(text)

    # -- requests and answers ------------------------------------------------------------------------------------------

    def _exchange_all(self, description: str, backup: bytes | None) -> None:
        while True:
            self._faults.count(EXCHANGE)
            text = self._ask(description)
            description = ""
            percent = self._run(text, backup) if text else -1
            if text:
                self._update.progress.append(percent)
            if percent == FINISHED or (percent < 0 and not self._may_go_on()):
                return

    def _ask(self, description: str) -> str:
        major, minor = self._version()
        text = self._text(
            "sendRequestXML",
            ("ticket", self._ticket),
            ("strHCPResponse", description),
            ("strCompanyFileName", str(self._books.path)),
            ("qbXMLCountry", self._books.host.country),
            ("qbXMLMajorVers", str(major)),
            ("qbXMLMinorVers", str(minor)),
        )
        if text is None or text == "NoOp":
            # The real client crashes in its own logger (protocol.md A.5, J).
            raise SessionEnded("error", f"QBWC1041: {NULL_REFERENCE}")
        return text

    def _run(self, text: str, backup: bytes | None) -> int:
        if self._faults.strikes("lose-request"):
            raise Cut("the text was lost on its way to QuickBooks")
        answer, hresult, message = self._in_quickbooks(text)
        self._update.exchanges += 1
        self._update.objects += len(_REQUESTS.findall(text))
        if self._faults.strikes("kill"):
            self._holds_lock = False  # it stays in the file
            raise Cut("the Web Connector was killed")
        if self._faults.strikes("lose-answer"):
            raise Cut("the answer was lost on its way to the service")
        percent = self._deliver(answer, hresult, message)
        if backup is not None and self._faults.strikes("restore-backup"):
            self._books.storage.restore(backup)
            raise Cut("the company file was restored from a backup")
        return percent

    def _in_quickbooks(self, text: str) -> tuple[str, str, str]:
        """QuickBooks' answer, or its HRESULT and message."""
        undo = self._meddle()
        try:
            return self._processed(text), "", ""
        except HResult as problem:
            self._log(f"{problem.code} {problem.message}")
            return "", problem.code, problem.message
        finally:
            for act in undo:
                act()

    def _processed(self, text: str) -> str:
        if self._faults.strikes("busy"):
            raise HResult(*OBSTACLES["dialog_open"])
        if self._faults.strikes("parse-error"):
            raise HResult(*PARSE_ERROR)
        crash = self._faults.strikes("crash-quickbooks")
        if crash is None:
            return self._process(text)
        if crash.detail == "done":
            self._process(text)
        raise HResult(*CRASHED)

    def _meddle(self) -> list[meddling.Undo]:
        """Let people do in QuickBooks what the faults say; how each is undone afterwards."""
        return [
            act(self._books, self._connector.processor.clock)
            for name, act in meddling.ACTS.items()
            if self._faults.strikes(name)
        ]

    def _deliver(self, answer: str, hresult: str, message: str) -> int:
        parameters = (
            ("ticket", self._ticket),
            ("response", answer),
            ("hresult", hresult),
            ("message", message),
        )
        lost = self._faults.strikes("lose-reply")
        percent = self._receive(parameters)
        if lost is not None and lost.detail == "die":
            raise Cut("the reply of the service was lost")
        if lost is not None:
            percent = self._receive(parameters)
        if percent > FINISHED:
            raise SessionEnded("error", f"QBWC1042: receiveResponseXML returned {percent}")
        return percent

    def _receive(self, parameters: tuple[tuple[str, str], ...]) -> int:
        method = "receiveResponseXML"
        return self._called(method, lambda: self._soap.integer(method, *parameters))

    def _may_go_on(self) -> bool:
        """Ask what went wrong. True when the service only wants a pause (protocol.md A.5)."""
        said = self._text("getLastError", ("ticket", self._ticket)) or ""
        if said == "NoOp":
            self._connector.sleep(self._connector.no_op_wait)
            return True
        if said == "Interactive mode":
            said = self._decline_interactive_mode()
        self._update.last_error = said
        self._end("error", f"QBWC1031: {said}")
        return False

    def _decline_interactive_mode(self) -> str:
        """Nobody sits at this PC: what the service says to that."""
        ticket = ("wcTicket", self._ticket)
        self._log(f"interactive mode: {self._text('getInteractiveURL', ticket, ('sessionID', self._ticket))}")
        return self._text("interactiveRejected", ticket, ("reason", "Nobody is at this computer.")) or ""
