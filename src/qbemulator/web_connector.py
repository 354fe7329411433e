"""Intuit's Web Connector, played over SOAP: one `update` is one session with the service (protocol.md A.4, E.9)."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qbemulator import meddling
from qbemulator import qwc as qwc_file
from qbemulator.company_file import CompanyFile
from qbemulator.faults import Fault, Pending
from qbemulator.hresults import HResult
from qbemulator.mishaps import Mishaps
from qbemulator.qwc import Qwc
from qbemulator.request_processor import Connection, RequestProcessor
from qbemulator.soap import (
    CallFailed,
    HttpTransport,
    Reply,
    SoapClient,
    Transport,
    Unreachable,
    WsgiTransport,
)

__all__ = ["HttpTransport", "Update", "WebConnector", "WsgiTransport"]

VERSION = "34.0.10007.56"
FILE_ID, APP_LOCK = "FileID", "AppLock"
# .NET counts time in steps of 100 nanoseconds from the year 1.
TICKS_AT_UNIX_EPOCH, TICKS_A_SECOND = 621_355_968_000_000_000, 10_000_000
CONNECTION_RETRIES = 2
_REQUESTS = re.compile(r"<[A-Za-z]+Rq[ />]")

# What the Web Connector's log calls an exception in each method (protocol.md A.3).
FAILURES = {
    "serverVersion": "QBWC1036",
    "clientVersion": "QBWC1036",
    "authenticate": "QBWC1012",
    "sendRequestXML": "QBWC1041",
    "receiveResponseXML": "QBWC1042",
    "getLastError": "QBWC1043",
    "closeConnection": "QBWC1044",
    "connectionError": "QBWC1045",
}
WENT_WRONG = ("busy", "error", "quickbooks", "unreachable")
HCP_QUERIES = (
    '<?xml version="1.0" ?><?qbxml version="{version}"?><QBXML><QBXMLMsgsRq onError="continueOnError">'
    '<HostQueryRq requestID="0"></HostQueryRq><CompanyQueryRq requestID="1"><OwnerID>{owner}</OwnerID></CompanyQueryRq>'
    '<PreferencesQueryRq requestID="2"></PreferencesQueryRq></QBXMLMsgsRq></QBXML>'
)


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
    quickbooks (connectionError), unreachable, interrupted (a fault cut the session).
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
        watch: Callable[[str, bytes, Reply], None] | None = None,
    ) -> None:
        """`watch` sees every SOAP call and reply; `check_urls` asks for the application's addresses first, as an
        import does. Raises qwc.Refused when the file or an address will not do."""
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

    def update(self, faults: Iterable[Fault] = (), *, pending: Pending | None = None) -> Update:
        """One session. `faults` strike within it; `pending` carries faults and counts on from session to session."""
        return _Session(self, pending or Pending(faults)).run()

    def update_until_idle(self, *, faults: Iterable[Fault] = (), limit: int = 200) -> list[Update]:
        """Sessions until the service has nothing to do. One that went wrong is followed by the next, as the scheduler
        would; two in a row that went wrong in the same way, or a refused password, end it. At most `limit`."""
        pending = Pending(faults)
        updates: list[Update] = []
        while len(updates) < limit:
            updates.append(self.update(pending=pending))
            outcomes = [update.outcome for update in updates[-2:]]
            if outcomes[-1] in ("no_data", "refused") or (
                outcomes[-1] in WENT_WRONG and len(set(outcomes)) < len(outcomes)
            ):
                break
        return updates


def check_addresses(qwc: Qwc, transport: Transport) -> None:
    """Ask for AppSupport and AppURL, as adding the application does. Raises qwc.Refused."""
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
    def __init__(self, connector: WebConnector, pending: Pending) -> None:
        self._connector = connector
        self._qwc = connector.qwc
        self._books = connector.books
        self._faults = pending
        self._update = Update()
        self._soap = SoapClient(
            connector.qwc.app_url, Mishaps(connector.transport, pending, self._log), watch=connector.watch
        )
        self._ticket = ""
        self._connection: Connection | None = None
        self._stamp_stays = False

    def run(self) -> Update:
        self._faults.count("session")
        backup = self._books.storage.snapshot() if self._has("restore-backup") else None
        try:
            self._talk(backup)
        except Cut as cut:
            self._end("interrupted", str(cut))
        except SessionEnded as ended:
            self._end(ended.outcome, ended.reason)
        finally:
            self._leave_quickbooks()
            self._update.soap_calls = self._soap.calls
        return self._update

    def _has(self, name: str) -> bool:
        return any(fault.name == name for fault in self._faults.left)

    def _end(self, outcome: str, reason: str) -> None:
        self._update.outcome = outcome
        self._log(reason)

    def _log(self, line: str) -> None:
        self._update.log.append(line)

    # -- the calls -------------------------------------------------------------------------------------------------

    def _talk(self, backup: bytes | None) -> None:
        self._greet()
        company_file = self._authenticate()
        self._open_quickbooks(company_file)
        self._exchange_all(backup)
        self._close()

    def _text(self, method: str, *parameters: tuple[str, str]) -> str | None:
        return self._checked(method, lambda: self._soap.text(method, *parameters))

    def _checked(self, method: str, call: Callable[[], str | None]) -> str | None:
        try:
            return call()
        except Unreachable as problem:
            raise SessionEnded("unreachable", f"{FAILURES[method]}: {problem}") from problem
        except CallFailed as problem:
            raise SessionEnded("error", f"{FAILURES[method]}: {problem}") from problem

    def _greet(self) -> None:
        try:
            self._log(f"server version: {self._soap.text('serverVersion')}")
        except Unreachable as problem:
            raise SessionEnded("unreachable", str(problem)) from problem
        except CallFailed as problem:
            # A service need not have it (protocol.md A.4).
            self._log(f"serverVersion: {problem}")
        answer = self._text("clientVersion", ("strVersion", VERSION)) or ""
        if answer.startswith("E:"):
            raise SessionEnded("error", answer[2:])
        if answer.startswith("W:"):
            self._log(f"warning: {answer[2:]}")
        elif answer and not answer.startswith("O:"):
            raise SessionEnded("error", f"QBWC1046: clientVersion said {answer!r}")

    def _authenticate(self) -> str:
        """The company file to open; "" for the one that is open."""
        try:
            result = self._soap.array(
                "authenticate",
                ("strUserName", self._qwc.user_name),
                ("strPassword", self._connector.password),
            )
        except Unreachable as problem:
            raise SessionEnded("unreachable", f"QBWC1012: {problem}") from problem
        except CallFailed as problem:
            raise SessionEnded("error", f"QBWC1012: {problem}") from problem
        if result is None:
            raise SessionEnded("error", "QBWC1012: Object reference not set to an instance of an object.")
        if len(result) < 2:
            raise SessionEnded("error", "QBWC1012: Index was outside the bounds of the array.")
        if result[0] is None or result[1] is None:
            raise SessionEnded("error", "QBWC1012: Object reference not set to an instance of an object.")
        self._ticket = result[0]
        self._schedule(result[2:])
        word = result[1].lower()
        if word in ("none", "nvu", "busy"):
            self._update.message = self._text("closeConnection", ("ticket", self._ticket)) or ""
            outcome = {"none": "no_data", "nvu": "refused", "busy": "busy"}[word]
            reason = {"none": "No data exchange", "nvu": "Invalid password", "busy": "Application busy"}[word]
            raise SessionEnded(outcome, reason)
        return result[1]

    def _schedule(self, seconds: Sequence[str | None]) -> None:
        numbers = [int(text) if text and text.strip().isdigit() else None for text in seconds]
        if numbers:
            self._update.postponed_seconds = numbers[0]
        if len(numbers) > 1:
            self._update.shortest_interval = numbers[1]

    def _close(self) -> None:
        self._leave_quickbooks()
        self._update.message = self._text("closeConnection", ("ticket", self._ticket)) or ""
        self._log(self._update.message)

    # -- QuickBooks ------------------------------------------------------------------------------------------------

    def _open_quickbooks(self, wanted: str) -> None:
        """Open the company file and stamp it; tell the service when that fails, and try what it says."""
        for _ in range(CONNECTION_RETRIES + 1):
            try:
                self._connection = self._connect(wanted)
                self._stamp()
            except HResult as problem:
                self._log(f"{problem.code} {problem.message}")
                answer = self._text(
                    "connectionError",
                    ("ticket", self._ticket),
                    ("hresult", problem.code),
                    ("message", problem.message),
                )
                if answer is None or answer.lower() == "done":
                    break
                wanted = answer
            else:
                return
        self._update.message = self._text("closeConnection", ("ticket", self._ticket)) or ""
        raise SessionEnded("quickbooks", "QuickBooks could not be opened.")

    def _connect(self, wanted: str) -> Connection:
        for name, code, message in (
            ("quickbooks-closed", "0x80040408", "Could not start QuickBooks."),
            (
                "wrong-file",
                "0x8004040A",
                "A QuickBooks company data file is already open and it is different.",
            ),
            (
                "no-permission",
                "0x80040418",
                "This application has not accessed this company data file before.",
            ),
        ):
            if self._faults.strikes(name):
                raise HResult(code, message)
        if wanted and wanted.lower() != str(self._books.path).lower():
            raise HResult("0x8004040A", "A QuickBooks company data file is already open and it is different.")
        return self._connector.processor.connect(self._qwc.app_name, self._qwc.app_id)

    def _stamp(self) -> None:
        """FileID once and for all, AppLock for this session (protocol.md A.6, B.2)."""
        owner = self._qwc.owner_id
        if self._qwc.is_read_only:
            raise HResult(
                "QBWC1039", "3263: the application has read-only access and cannot write its stamps."
            )
        if self._books.data_ext(owner, FILE_ID) is None:
            self._books.set_data_ext(owner, FILE_ID, self._qwc.file_id)
        lock = self._books.data_ext(owner, APP_LOCK) or ""
        if lock.startswith("LOCKED:") and lock.split(":")[1] != self._connector.computer:
            raise HResult("QBWC1039", f"The company file is being updated by {lock.split(':')[1]}.")
        self._books.set_data_ext(owner, APP_LOCK, f"LOCKED:{self._connector.computer}:{self._ticks()}")

    def _ticks(self) -> int:
        now: datetime = self._connector.processor.clock()
        return TICKS_AT_UNIX_EPOCH + int(now.timestamp() * TICKS_A_SECOND)

    def _leave_quickbooks(self) -> None:
        if self._connection is None:
            return
        self._connection.end()
        self._connection = None
        if not self._stamp_stays:
            self._books.set_data_ext(self._qwc.owner_id, APP_LOCK, "UNLOCKED")

    def _describe_company(self) -> str:
        """strHCPResponse: the answers about host, company and preferences, for the first sendRequestXML."""
        major, minor = self._version()
        return self._process(HCP_QUERIES.format(version=f"{major}.{minor}", owner=self._qwc.owner_id))

    def _version(self) -> tuple[int, int]:
        versions = self._books.supported_versions
        return max((int(major), int(minor)) for major, minor in (version.split(".") for version in versions))

    def _process(self, text: str) -> str:
        assert self._connection is not None, "QuickBooks is open while requests are exchanged"
        return self._connection.process(text)

    # -- requests and answers --------------------------------------------------------------------------------------

    def _exchange_all(self, backup: bytes | None) -> None:
        description = self._describe_company()
        while True:
            self._faults.count("exchange")
            text = self._ask(description)
            if not text:
                if not self._go_on_after_error():
                    return
                continue
            description = ""
            percent = self._run(text, backup)
            self._update.progress.append(percent)
            if percent == 100:
                return
            if percent < 0:
                self._take_last_error()
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
            raise SessionEnded("error", "QBWC1041: Object reference not set to an instance of an object.")
        return text

    def _run(self, text: str, backup: bytes | None) -> int:
        if self._faults.strikes("lose-request"):
            raise Cut("the text was lost on its way to QuickBooks")
        answer, hresult, message = self._in_quickbooks(text)
        self._update.exchanges += 1
        self._update.objects += len(_REQUESTS.findall(text))
        if self._faults.strikes("kill"):
            self._stamp_stays = True
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
        crash = self._faults.strikes("crash-quickbooks")
        try:
            if self._faults.strikes("busy"):
                raise HResult("0x80040414", "A modal dialog box is showing in the QuickBooks user interface.")
            if self._faults.strikes("parse-error"):
                raise HResult(
                    "0x80040400", "QuickBooks found an error when parsing the provided XML text stream."
                )
            if crash is None or crash.detail == "done":
                answer = self._process(text)
            if crash is not None:
                raise HResult("0x80040402", "There was an unexpected error. QuickBooks may have crashed.")
        except HResult as problem:
            self._log(f"{problem.code} {problem.message}")
            return "", problem.code, problem.message
        finally:
            for act in undo:
                act()
        return answer, "", ""

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
        try:
            percent = self._soap.integer("receiveResponseXML", *parameters)
            if lost is not None and lost.detail == "die":
                raise Cut("the reply of the service was lost")
            if lost is not None:
                percent = self._soap.integer("receiveResponseXML", *parameters)
        except Unreachable as problem:
            raise SessionEnded("unreachable", f"QBWC1042: {problem}") from problem
        except CallFailed as problem:
            raise SessionEnded("error", f"QBWC1042: {problem}") from problem
        if percent > 100:
            raise SessionEnded("error", f"QBWC1042: receiveResponseXML returned {percent}")
        return percent

    def _go_on_after_error(self) -> bool:
        """An empty text: the service says why. True when it only wants to wait."""
        said = self._text("getLastError", ("ticket", self._ticket)) or ""
        if said == "NoOp":
            self._connector.sleep(self._connector.no_op_wait)
            return True
        self._update.last_error = said
        self._update.outcome = "error"
        return False

    def _take_last_error(self) -> None:
        self._update.last_error = self._text("getLastError", ("ticket", self._ticket)) or ""
        self._update.outcome = "error"
        self._log(f"QBWC1031: {self._update.last_error}")
