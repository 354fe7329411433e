"""The SOAP client of the Web Connector: envelopes as .NET writes them, replies read as strictly as .NET reads them.

Shapes from recorded calls (protocol.md A.2); what the .NET client does with odd replies from protocol.md J.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from qbemulator.transport import USER_AGENT, CallFailed, Reply, Transport

NAMESPACE = "http://developer.intuit.com/"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

Parameters = Sequence[tuple[str, str]]

_INT = re.compile(r"\s*[+-]?[0-9]+\s*")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Fault(CallFailed):
    """The service answered with a SOAP fault; the text is its faultstring."""


def envelope(method: str, parameters: Parameters) -> bytes:
    """One call on one line, empty parameters as empty elements."""
    inside = "".join(
        f"<{name}>{_text(value)}</{name}>" if value else f"<{name} />" for name, value in parameters
    )
    call = (
        f'<{method} xmlns="{NAMESPACE}">{inside}</{method}>'
        if inside
        else f'<{method} xmlns="{NAMESPACE}" />'
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{ENVELOPE}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<soap:Body>{call}</soap:Body></soap:Envelope>"
    ).encode()


def _text(value: str) -> str:
    # .NET writes control characters as references, which XML 1.0 forbids; the service must live with them.
    return _FORBIDDEN.sub(lambda found: f"&#x{ord(found[0]):X};", escape(value))


@dataclass
class SoapClient:
    """Calls one service address. Every reply that .NET would not read raises CallFailed in its words."""

    url: str
    transport: Transport
    calls: int = 0
    # Every request as sent and reply as read: (method, request body, reply).
    watch: Callable[[str, bytes, Reply], None] | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    def text(self, method: str, *parameters: tuple[str, str]) -> str | None:
        """The result as text; None where .NET gets null (no result element, or a nil one)."""
        result = self._call(method, parameters)
        if result is None or _is_nil(result):
            return None
        if len(result):
            raise CallFailed(f"{method}Result holds elements where text is expected.")
        return result.text or ""

    def integer(self, method: str, *parameters: tuple[str, str]) -> int:
        """The result as an int; 0 where the element is missing, as .NET gives it."""
        result = self._call(method, parameters)
        if result is None:
            return 0
        text = result.text or ""
        if not _INT.fullmatch(text) or not -(2**31) <= int(text) < 2**31:
            raise CallFailed(f"There is an error in the XML document: {text!r} is no valid Int32.")
        return int(text)

    def array(self, method: str, *parameters: tuple[str, str]) -> list[str | None] | None:
        """The result as an array of strings; items of another name or namespace are skipped, as .NET does."""
        result = self._call(method, parameters)
        if result is None or _is_nil(result):
            return None
        items = result.iterchildren(f"{{{NAMESPACE}}}string")
        return [None if _is_nil(item) else item.text or "" for item in items]

    def _call(self, method: str, parameters: Parameters) -> etree._Element | None:
        body = envelope(method, parameters)
        headers = {
            "User-Agent": USER_AGENT,
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{NAMESPACE}{method}"',
            "Expect": "100-continue",
        }
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.calls += 1
        reply = self.transport.post(self.url, headers, body)
        if self.watch is not None:
            self.watch(method, body, reply)
        self._keep_cookie(reply)
        return _result(method, _document(reply))

    def _keep_cookie(self, reply: Reply) -> None:
        name, equals, value = reply.headers.get("set-cookie", "").partition(";")[0].partition("=")
        if equals:
            self.cookies[name.strip()] = value.strip()


def _is_nil(element: etree._Element) -> bool:
    return element.get(NIL) in ("true", "1")


def _document(reply: Reply) -> etree._Element:
    """The reply's XML, or the exception the generated client throws (protocol.md A.3, J)."""
    content_type = reply.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if reply.status >= 300 and reply.status not in (400, 500):
        raise CallFailed(f"The request failed with HTTP status {reply.status}.")
    if reply.status == 204 or not reply.body:
        raise CallFailed("The request failed with an empty response.")
    if media_type not in ("text/xml", "application/soap+xml"):
        raise CallFailed(
            f"Client found response content type of '{content_type}', but expected 'text/xml'. "
            f"The request failed with the error message: {reply.body[:200]!r}"
        )
    if reply.headers.get("content-encoding", "identity") != "identity":
        raise CallFailed("Response is not well-formed XML: it is compressed.")
    text = _decoded(reply.body, content_type)
    if "<!DOCTYPE" in text:
        raise CallFailed("For security reasons DTD is prohibited in this XML document.")
    # The charset of the header has decided; what the XML declaration says does not count any more.
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as problem:
        raise CallFailed(f"Response is not well-formed XML: {problem}") from problem


def _decoded(body: bytes, content_type: str) -> str:
    """The text by the charset of the content type; without one it is ASCII, and every other byte becomes "?"."""
    named = re.search(r"charset=\"?([\w-]+)", content_type)
    if named is None:
        return body.decode("ascii", "replace").replace("\ufffd", "?")
    try:
        return body.decode(named[1], "replace").removeprefix("\ufeff")
    except LookupError as problem:
        raise CallFailed(f"'{named[1]}' is not a supported encoding name.") from problem


def _result(method: str, document: etree._Element) -> etree._Element | None:
    if document.tag != f"{{{ENVELOPE}}}Envelope":
        raise CallFailed(f"The root element {document.tag} is no SOAP 1.1 envelope.")
    body = document.find(f"{{{ENVELOPE}}}Body")
    if body is None or not len(body):
        raise CallFailed("The envelope has no body.")
    fault = body.find(f"{{{ENVELOPE}}}Fault")
    if fault is not None:
        raise Fault(fault.findtext("faultstring") or "a fault without a text")
    # A wrapper or result in another namespace is silently not there (protocol.md J).
    return body.find(f"{{{NAMESPACE}}}{method}Response/{{{NAMESPACE}}}{method}Result")
