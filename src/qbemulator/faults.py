"""DATA: what can go wrong between QuickBooks, the Web Connector and the service, each at the Nth time.

A fault is written `name@N` or `name:detail@N`; without `@N` it is the first time. `qbemulator connect --help` prints the
table below. The acts themselves: web_connector.py (exchanges and sessions), mishaps.py (calls), meddling.py (people).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

SESSION, EXCHANGE, CALL = "session", "exchange", "call"
METHODS = (
    "serverVersion",
    "clientVersion",
    "authenticate",
    "sendRequestXML",
    "receiveResponseXML",
    "connectionError",
    "getLastError",
    "closeConnection",
)


class Kind(NamedTuple):
    """`counted` says what N counts; with a method as detail, N counts the calls of that method."""

    counted: str
    what: str
    details: tuple[str, ...] = ()
    default: str = ""


FAULTS: Mapping[str, Kind] = {
    "lose-request": Kind(
        EXCHANGE, "the text for QuickBooks is lost before QuickBooks sees it; the session is cut"
    ),
    "lose-answer": Kind(EXCHANGE, "QuickBooks did it, its answer is never delivered; the session is cut"),
    "lose-reply": Kind(
        EXCHANGE,
        "the service took the answer, its reply is lost; the call is made again, or the session is cut",
        ("retry", "die"),
        "retry",
    ),
    "duplicate-call": Kind(CALL, "the call arrives twice; the client reads the second reply", METHODS),
    "late": Kind(CALL, "a copy of the call arrives once more, after the call that follows it", METHODS),
    "kill": Kind(
        EXCHANGE, "the Web Connector is killed when QuickBooks has answered; its lock stays in the file"
    ),
    "http-500": Kind(CALL, "the reply becomes a 500 without a body, after the service did its work", METHODS),
    "http-502-html": Kind(
        CALL, "the reply becomes a proxy's 502 page, after the service did its work", METHODS
    ),
    "timeout": Kind(CALL, "the reply takes too long, after the service did its work", METHODS),
    "busy": Kind(EXCHANGE, "a dialog box is open in QuickBooks (0x80040414) when the text should run"),
    "parse-error": Kind(EXCHANGE, "QuickBooks cannot read the text (0x80040400), whatever it says"),
    "crash-quickbooks": Kind(
        EXCHANGE,
        "QuickBooks crashes (0x80040402) after, or before, it ran the text",
        ("done", "not-done"),
        "done",
    ),
    "quickbooks-closed": Kind(SESSION, "QuickBooks cannot be started (0x80040408)"),
    "wrong-file": Kind(SESSION, "another company file is open (0x8004040A)"),
    "no-permission": Kind(SESSION, "QuickBooks does not let the application in (0x80040418)"),
    "restore-backup": Kind(
        EXCHANGE, "after the exchange, the company file is put back as it was before the session"
    ),
    "record-locked": Kind(
        EXCHANGE, "every customer and invoice is open on a screen (3175, 3176) during the exchange"
    ),
    "closed-period": Kind(EXCHANGE, "the books are closed up to today from the exchange on"),
    "edit-between": Kind(
        EXCHANGE, "somebody changes the latest customer and invoice in QuickBooks before the exchange"
    ),
}
_SPEC = re.compile(r"(?P<name>[a-z0-9-]+)(:(?P<detail>[A-Za-z-]+))?(@(?P<at>[0-9]+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """`name` happens at its `at`th time (from 1), in the way `detail` says."""

    name: str
    at: int = 1
    detail: str = ""

    def __str__(self) -> str:
        return self.name + (f":{self.detail}" if self.detail else "") + f"@{self.at}"


def parse(spec: str) -> Fault:
    """`lose-answer@2` as a Fault. Raises ValueError with what is wrong."""
    found = _SPEC.fullmatch(spec)
    if found is None or found["name"] not in FAULTS:
        raise ValueError(f"{spec!r} is no fault; known: {', '.join(FAULTS)}, written like lose-answer@2")
    name, detail, at = found["name"], found["detail"] or "", int(found["at"] or 1)
    kind = FAULTS[name]
    if detail and detail not in kind.details:
        raise ValueError(f"{name} takes {' or '.join(kind.details) or 'no detail'}, not {detail!r}")
    if at < 1:
        raise ValueError(f"{spec!r}: counting starts at 1")
    return Fault(name, at, detail or kind.default)


class Pending:
    """Faults that have not happened yet, with what was counted so far. Each happens once."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = list(faults)
        self._counts: dict[str, int] = {}

    def count(self, *what: str) -> None:
        """One more session, exchange, call, or call of a method begins."""
        for each in what:
            self._counts[each] = self._counts.get(each, 0) + 1

    def strikes(self, name: str, *, method: str = "") -> Fault | None:
        """The fault of this name if its moment is now, which uses it up. `method` is the call it would happen to."""
        for fault in self._faults:
            if fault.name == name and self._is_due(fault, method):
                self._faults.remove(fault)
                return fault
        return None

    def _is_due(self, fault: Fault, method: str) -> bool:
        counted = FAULTS[fault.name].counted
        if counted == CALL and fault.detail:
            return fault.detail == method and self._counts.get(method, 0) >= fault.at
        return self._counts.get(counted, 0) >= fault.at

    @property
    def left(self) -> tuple[Fault, ...]:
        return tuple(self._faults)


def table() -> str:
    """The faults for --help, one a paragraph."""
    lines = []
    for name, kind in FAULTS.items():
        detail = (
            f"[:{'METHOD' if kind.details == METHODS else '|'.join(kind.details)}]" if kind.details else ""
        )
        lines.append(f"{name}{detail}@N: at the Nth {kind.counted}, {kind.what}.")
    return "\n\n".join(lines)
