"""The SOAP client of the Web Connector: envelopes as .NET writes them, replies read as strictly as .NET reads them.

Shapes from recorded calls (protocol.md A.2); what the .NET client does with odd replies from protocol.md J.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit
from xml.sax.saxutils import escape

from lxml import etree

NAMESPACE = "http://developer.intuit.com/"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
USER_AGENT = "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)"
TIMEOUT_SECONDS = 100
# .NET Framework goes on with the body when the server did not say "100 Continue" in this time.
CONTINUE_SECONDS = 0.35

_INT = re.compile(r"\s*[+-]?[0-9]+\s*")


class CallFailed(Exception):
    """The client of the Web Connector throws: the service could not be reached, or its reply cannot be read."""


class Unreachable(CallFailed):
    """No reply at all: refused, cut, timed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class Transport(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply: ...

    def get(self, url: str) -> Reply: ...


def envelope(method: str, parameters: Sequence[tuple[str, str]]) -> bytes:
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
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<soap:Body>{call}</soap:Body></soap:Envelope>"
    ).encode()


def _text(value: str) -> str:
    # .NET writes control characters as references, which XML 1.0 forbids; the service must live with them.
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", lambda found: f"&#x{ord(found[0]):X};", escape(value))


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
        if result is None or result.get(NIL) in ("true", "1"):
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
        if result is None or result.get(NIL) in ("true", "1"):
            return None
        return [
            None if item.get(NIL) in ("true", "1") else item.text or ""
            for item in result
            if item.tag == f"{{{NAMESPACE}}}string"
        ]

    def _call(self, method: str, parameters: Sequence[tuple[str, str]]) -> etree._Element | None:
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
        raise CallFailed("Response is not well-formed XML.")
    charset = re.search(r"charset=\"?([\w-]+)", content_type)
    # Without a charset the body is read as ASCII, and every other character becomes "??" without an error.
    text = (
        reply.body.decode(charset[1])
        if charset
        else re.sub(r"[^\x00-\x7f]", "??", reply.body.decode("utf-8"))
    )
    if "<!DOCTYPE" in text:
        raise CallFailed("For security reasons DTD is prohibited in this XML document.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as problem:
        raise CallFailed(f"Response is not well-formed XML: {problem}") from problem


def _result(method: str, document: etree._Element) -> etree._Element | None:
    if document.tag != f"{{{ENVELOPE}}}Envelope":
        raise CallFailed(f"The root element {document.tag} is no SOAP 1.1 envelope.")
    body = document.find(f"{{{ENVELOPE}}}Body")
    if body is None or not len(body):
        raise CallFailed("The envelope has no body.")
    fault = body.find(f"{{{ENVELOPE}}}Fault")
    if fault is not None:
        raise CallFailed(fault.findtext("faultstring") or "a fault without a text")
    # A wrapper or result in another namespace is silently not there (protocol.md J).
    return body.find(f"{{{NAMESPACE}}}{method}Response/{{{NAMESPACE}}}{method}Result")


class HttpTransport:
    """One kept-alive connection, without Nagle's delay, redirects or compression; TLS certificates are checked."""

    def __init__(self, *, timeout: float = TIMEOUT_SECONDS, trusted_certificates: str | None = None) -> None:
        self._timeout = timeout
        self._trusted = trusted_certificates
        self._connection: http.client.HTTPConnection | None = None
        self._address = ""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return self._request("POST", url, headers, body)

    def get(self, url: str) -> Reply:
        return self._request("GET", url, {"User-Agent": USER_AGENT}, b"")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _request(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        is_kept = self._connection is not None and self._address == parts.netloc
        try:
            return self._exchange(self._connected(parts), verb, path or "/", headers, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as problem:
            self.close()
            if not is_kept:
                raise Unreachable(f"The underlying connection was closed: {problem}") from problem
            # The server had closed the kept connection meanwhile; .NET Framework sends the POST a second time.
            return self._again(parts, verb, path or "/", headers, body)
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            raise Unreachable(f"Unable to connect to the remote server: {problem}") from problem

    def _again(
        self, parts: SplitResult, verb: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        try:
            return self._exchange(self._connected(parts), verb, path, headers, body)
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            raise Unreachable(f"Unable to connect to the remote server: {problem}") from problem

    def _connected(self, parts: SplitResult) -> http.client.HTTPConnection:
        if self._connection is not None and self._address == parts.netloc:
            return self._connection
        self.close()
        host, port = parts.hostname or "", parts.port
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self._trusted)
            connection = http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=self._timeout)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection, self._address = connection, parts.netloc
        return connection

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        verb: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Reply:
        connection.putrequest(verb, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if verb == "POST":
            connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "Keep-Alive")
        connection.endheaders()
        if "Expect" in headers:
            _await_continue(connection.sock)
        connection.send(body)
        # http.client reads a "100 Continue" away by itself.
        response = connection.getresponse()
        content = response.read()
        if response.will_close:
            self.close()
        return Reply(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=content,
        )


def _await_continue(connected: socket.socket) -> None:
    """Wait as .NET does for the server's word to send the body, without taking a byte of it away."""
    timeout = connected.gettimeout()
    connected.settimeout(CONTINUE_SECONDS)
    try:
        if isinstance(connected, ssl.SSLSocket):
            return  # TLS records cannot be peeked at; .NET's wait is a delay only
        connected.recv(1, socket.MSG_PEEK)
    except TimeoutError:
        return
    finally:
        connected.settimeout(timeout)


class WsgiTransport:
    """Calls a WSGI application in this process: for tests that need speed rather than sockets."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return self._call("POST", url, headers, body)

    def get(self, url: str) -> Reply:
        return self._call("GET", url, {}, b"")

    def _call(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        parts = urlsplit(url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": verb,
            "SCRIPT_NAME": "",
            "PATH_INFO": parts.path or "/",
            "QUERY_STRING": parts.query,
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "HTTP_HOST": parts.netloc,
        }
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        started: dict[str, Any] = {}

        def start_response(status: str, response_headers: list[tuple[str, str]], _: object = None) -> None:
            started["status"] = int(status.split()[0])
            started["headers"] = {name.lower(): value for name, value in response_headers}

        chunks = self._application(environ, start_response)
        try:
            content = b"".join(chunks)
        finally:
            if (close := getattr(chunks, "close", None)) is not None:
                close()
        return Reply(status=started["status"], headers=started["headers"], body=content)
