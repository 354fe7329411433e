"""DATA: what can go wrong between QuickBooks, the Web Connector and the service, each at the Nth time.

A fault is written `name@N` or `name:detail@N`; without `@N` it is the first time. `qbemulator connect --help` prints the
table below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# name -> (what is counted, details allowed (the first is the default), what happens)
FAULTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "lose-request": (
        "exchange",
        (),
        "the text for QuickBooks is lost before QuickBooks sees it; the session is cut",
    ),
    "lose-answer": ("exchange", (), "QuickBooks did it, its answer is never delivered; the session is cut"),
    "lose-reply": (
        "exchange",
        ("retry", "die"),
        "the service took the answer, its reply is lost; the call is made again, or the session is cut",
    ),
    "duplicate-call": (
        "call",
        (),
        "every POST of the method named as detail (or any) arrives twice, at the Nth call",
    ),
    "late": ("call", (), "a copy of the Nth call arrives once more, after the call that follows it"),
    "kill": (
        "exchange",
        (),
        "the Web Connector is killed when QuickBooks has answered; its stamp stays in the file",
    ),
    "http-500": (
        "call",
        (),
        "the reply to the Nth call becomes a 500 without a body, after the service did its work",
    ),
    "http-502-html": (
        "call",
        (),
        "the reply to the Nth call becomes a proxy's 502 page, after the service did its work",
    ),
    "timeout": ("call", (), "the reply to the Nth call takes too long, after the service did its work"),
    "busy": ("exchange", (), "a dialog box is open in QuickBooks (0x80040414) when the text should run"),
    "parse-error": ("exchange", (), "QuickBooks cannot read the text (0x80040400), whatever it says"),
    "crash-quickbooks": (
        "exchange",
        ("done", "not-done"),
        "QuickBooks crashes (0x80040402) after, or before, it ran the text",
    ),
    "quickbooks-closed": ("session", (), "QuickBooks cannot be started (0x80040408)"),
    "wrong-file": ("session", (), "another company file is open (0x8004040A)"),
    "no-permission": ("session", (), "QuickBooks does not let the application in (0x80040418)"),
    "restore-backup": (
        "exchange",
        (),
        "after the exchange, the company file is put back as it was before the session",
    ),
    "record-locked": (
        "exchange",
        (),
        "every record of the company file is open on a screen during the exchange",
    ),
    "closed-period": ("exchange", (), "the books are closed up to today from the exchange on"),
    "edit-between": (
        "exchange",
        (),
        "somebody changes the latest customer and invoice in QuickBooks before the exchange",
    ),
}
_SPEC = re.compile(r"(?P<name>[a-z0-9-]+?)(:(?P<detail>[A-Za-z-]+))?(@(?P<at>[0-9]+))?")


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
    _, details, _ = FAULTS[name]
    if details and detail not in ("", *details):
        raise ValueError(f"{name} takes {' or '.join(details)}, not {detail!r}")
    if at < 1:
        raise ValueError(f"{spec!r}: counting starts at 1")
    return Fault(name, at, detail or (details[0] if details else ""))


class Pending:
    """Faults that have not happened yet, with what was counted so far. Each happens once."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = list(faults)
        self._counts = dict.fromkeys(("session", "exchange", "call"), 0)

    def count(self, what: str) -> None:
        """One more session, exchange or call begins."""
        self._counts[what] += 1

    def strikes(self, name: str, *, call: str = "") -> Fault | None:
        """The fault of this name if its moment is now, which uses it up. `call` narrows faults that name a method."""
        counted, _, _ = FAULTS[name]
        for fault in self._faults:
            if fault.name != name or self._counts[counted] < fault.at:
                continue
            if counted == "call" and fault.detail and fault.detail != call:
                continue
            self._faults.remove(fault)
            return fault
        return None

    @property
    def left(self) -> tuple[Fault, ...]:
        return tuple(self._faults)


def table() -> str:
    """The faults for --help, one a line."""
    lines = []
    for name, (counted, details, what) in FAULTS.items():
        spec = name + (f":{'|'.join(details)}" if details else "")
        lines.append(f"{spec}@N  ({counted})  {what}")
    return "\n\n".join(lines)
