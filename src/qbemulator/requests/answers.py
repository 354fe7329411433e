"""Answers written by hand in the recorded shape: one element a line, no indentation, pure ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from qbemulator.company_file import amounts

# Only what XML needs and the two quotes, as in every recorded answer; the rest above ASCII becomes decimal entities.
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&apos;"}
_PLAIN = re.compile(r"[^&<>\"'\x80-\U0010ffff]*")

OK_MESSAGE = "Status OK"
NOTHING_FOUND = "A query request did not find a matching object in QuickBooks"

Version = int
"""A qbXML version as a number: 13.0 is 130."""


def escaped(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return text.translate(_ESCAPES).encode("ascii", "xmlcharrefreplace").decode("ascii")


def line(tag: str, text: str) -> str:
    return f"<{tag}>{escaped(text)}</{tag}>\n"


def truth(value: bool) -> str:
    return "true" if value else "false"


class Named(NamedTuple):
    """A reference as answers print it."""

    list_id: str
    full_name: str


class Identity(NamedTuple):
    """What ErrorRecovery tells about a record that was made or changed."""

    list_id: str | None = None
    txn_id: str | None = None
    txn_number: int | None = None
    edit_sequence: str | None = None
    external_guid: str | None = None

    def lines(self) -> str:
        parts = ["<ErrorRecovery>\n"]
        for tag, value in (
            ("ListID", self.list_id),
            ("TxnID", self.txn_id),
            ("TxnNumber", self.txn_number),
            ("EditSequence", self.edit_sequence),
            ("ExternalGUID", self.external_guid),
        ):
            if value is not None:
                parts.append(line(tag, str(value)))
        parts.append("</ErrorRecovery>\n")
        return "".join(parts)


@dataclass(slots=True)
class Outcome:
    """What became of one request."""

    body: str = ""
    code: int = 0
    severity: str = "Info"
    message: str = OK_MESSAGE
    ret_count: int | None = None
    remaining: int | None = None
    iterator_id: str | None = None
    identity: Identity | None = None

    def warn(self, code: int, message: str) -> Outcome:
        self.code, self.severity, self.message = code, "Warn", message
        return self

    def answer(self, name: str, request_id: str | None, *, body: bool = True, identity: bool = False) -> str:
        """The ...Rs element; attributes in the recorded order."""
        inner = self.body if body else ""
        if identity and self.identity is not None:
            inner += self.identity.lines()
        attributes = [
            ("requestID", request_id),
            ("statusCode", str(self.code)),
            ("statusSeverity", self.severity),
            ("statusMessage", self.message),
            ("retCount", _text(self.ret_count)),
            ("iteratorRemainingCount", _text(self.remaining)),
            ("iteratorID", self.iterator_id),
        ]
        head = f"{name}Rs" + "".join(
            f' {attribute}="{escaped(value)}"' for attribute, value in attributes if value is not None
        )
        return f"<{head}>\n{inner}</{name}Rs>\n" if inner else f"<{head} />\n"

    def kept(self) -> dict[str, Any]:
        """JSON-ready, for the store of message sets."""
        return {
            "body": self.body,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "ret_count": self.ret_count,
            "remaining": self.remaining,
            "iterator_id": self.iterator_id,
            "identity": list(self.identity) if self.identity else None,
        }

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> Outcome:
        identity = kept["identity"]
        return cls(**{**kept, "identity": Identity(*identity) if identity else None})


class Ret:
    """One returned record, written element by element in wire order.

    Leaves out what has no value, what is newer than the version asked in, and what IncludeRetElement does not name.
    """

    __slots__ = ("_include", "_parts", "_tag", "version")

    def __init__(self, tag: str, version: Version, include: frozenset[str] = frozenset()) -> None:
        self.version = version
        self._tag = tag
        self._include = include
        self._parts: list[str] = []

    def text(self, tag: str, value: object, *, since: Version = 0) -> None:
        if value is not None and value != "" and self._wanted(tag, since):
            self._parts.append(f"<{tag}>{escaped(str(value))}</{tag}>\n")

    def flag(self, tag: str, value: bool | None, *, since: Version = 0) -> None:
        if value is not None and self._wanted(tag, since):
            self._parts.append(f"<{tag}>{'true' if value else 'false'}</{tag}>\n")

    def amount(self, tag: str, value: int | None, *, since: Version = 0) -> None:
        if value is not None and self._wanted(tag, since):
            self._parts.append(f"<{tag}>{amounts.amount_text(value)}</{tag}>\n")

    def ref(self, tag: str, value: Named | None, *, since: Version = 0) -> None:
        if value is not None and self._wanted(tag, since):
            self._parts.append(
                f"<{tag}>\n<ListID>{value.list_id}</ListID>\n<FullName>{escaped(value.full_name)}</FullName>\n</{tag}>\n"
            )

    def group(self, tag: str, inner: str, *, since: Version = 0) -> None:
        """An aggregate whose lines are already written."""
        if inner and self._wanted(tag, since):
            self._parts.append(f"<{tag}>\n{inner}</{tag}>\n")

    def raw(self, tag: str, written: str) -> None:
        """Elements of the name `tag` that are already written, their own tags included."""
        if written and self._wanted(tag, 0):
            self._parts.append(written)

    def inner(self) -> str:
        return "".join(self._parts)

    def close(self) -> str:
        return f"<{self._tag}>\n{''.join(self._parts)}</{self._tag}>\n"

    def _wanted(self, tag: str, since: Version) -> bool:
        return self.version >= since and (not self._include or tag in self._include)


PRINTED_LINE = 41
ADDRESS_LINES = (("Addr1", 0), ("Addr2", 0), ("Addr3", 0), ("Addr4", 20), ("Addr5", 60))
ADDRESS_PARTS = (*ADDRESS_LINES, ("City", 0), ("State", 0), ("PostalCode", 0), ("Country", 0), ("Note", 60))


def address(fields: Mapping[str, str] | None, version: Version) -> str:
    """The lines of BillAddress, ShipAddress and their kind."""
    if not fields:
        return ""
    return "".join(
        line(tag, fields[tag]) for tag, since in ADDRESS_PARTS if fields.get(tag) and version >= since
    )


def address_block(fields: Mapping[str, str] | None) -> str:
    """The printed lines: Addr1..., then "City, ST zip", then the country; five at most (protocol.md E.3).

    The schema ends each at 41 characters, and a long city with its code makes more.
    """
    if not fields:
        return ""
    printed = [fields[tag] for tag, _ in ADDRESS_LINES if fields.get(tag)]
    state_and_code = " ".join(fields[tag] for tag in ("State", "PostalCode") if fields.get(tag))
    city_line = ", ".join(part for part in (fields.get("City", ""), state_and_code) if part)
    printed += [part for part in (city_line, fields.get("Country", "")) if part]
    return "".join(
        line(f"Addr{number}", text[:PRINTED_LINE].rstrip())
        for number, text in enumerate(printed[:5], start=1)
    )


def lines(pairs: Iterable[tuple[str, str | None]]) -> str:
    """The lines of a small aggregate; what has no text is left out."""
    return "".join(line(tag, text) for tag, text in pairs if text)


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)
