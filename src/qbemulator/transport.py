"""How a call reaches the service: over HTTP as the .NET client class does it, or into a WSGI application in this process.

Facts about the .NET client: protocol.md A.2, A.3, A.7 and J.
"""

from __future__ import annotations

import http.client
import io
import select
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

USER_AGENT = "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)"
TIMEOUT_SECONDS = 100
# .NET Framework goes on with the body when the server did not say "100 Continue" in this time.
CONTINUE_SECONDS = 0.35
_CONTINUE = b"HTTP/1.1 100"


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
    """Raises Unreachable when there is no reply."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply: ...

    def get(self, url: str) -> Reply: ...


class HttpTransport:
    """One kept-alive connection, without Nagle's delay, redirects or compression; TLS certificates are checked."""

    def __init__(self, *, timeout: float = TIMEOUT_SECONDS, trusted_certificates: str | None = None) -> None:
        """`timeout` in seconds; `trusted_certificates` is a PEM file to trust instead of the system's."""
        self._timeout = timeout
        self._trusted = trusted_certificates
        self._connection: http.client.HTTPConnection | None = None
        self._address = ""

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return self._request("POST", url, headers, body)

    def get(self, url: str) -> Reply:
        return self._request("GET", url, {"User-Agent": USER_AGENT}, b"")

    def _request(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        parts = urlsplit(url)
        try:
            if self._connection is not None and self._address == parts.netloc:
                try:
                    return self._exchange(self._connection, verb, parts, headers, body)
                except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                    # The server had closed the kept connection meanwhile: .NET Framework sends the POST again.
                    self.close()
            return self._exchange(self._connect(parts), verb, parts, headers, body)
        except TimeoutError as problem:
            self.close()
            raise Unreachable("The operation has timed out") from problem
        except (http.client.HTTPException, ConnectionResetError, BrokenPipeError) as problem:
            self.close()
            raise Unreachable(f"The underlying connection was closed: {problem}") from problem
        except OSError as problem:
            self.close()
            raise Unreachable(f"Unable to connect to the remote server: {problem}") from problem

    def _connect(self, parts: SplitResult) -> http.client.HTTPConnection:
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
        parts: SplitResult,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Reply:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.putrequest(verb, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if verb == "POST":
            connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "Keep-Alive")
        connection.endheaders()
        is_wanted = "Expect" not in headers or _body_is_wanted(connection.sock)
        if is_wanted:
            connection.send(body)
        # http.client reads a "100 Continue" away by itself.
        response = connection.getresponse()
        content = response.read()
        if response.will_close or not is_wanted:
            self.close()
        return Reply(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=content,
        )


def _body_is_wanted(connected: socket.socket) -> bool:
    """Wait as .NET does for the server's word. False when it answered already, without "100 Continue"."""
    has_spoken, _, _ = select.select([connected], [], [], CONTINUE_SECONDS)
    if not has_spoken or isinstance(
        connected, ssl.SSLSocket
    ):  # what TLS brought cannot be looked at in advance
        return True
    said = connected.recv(len(_CONTINUE), socket.MSG_PEEK)
    return not said or _CONTINUE.startswith(said)


class WsgiTransport:
    """Calls a WSGI application in this process: for tests that need speed rather than sockets."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return self._call("POST", url, headers, body)

    def get(self, url: str) -> Reply:
        return self._call("GET", url, {}, b"")

    def _call(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        started: dict[str, Any] = {}

        def start_response(status: str, response_headers: list[tuple[str, str]], _: object = None) -> None:
            started["status"] = int(status.split()[0])
            started["headers"] = {name.lower(): value for name, value in response_headers}

        chunks = self._application(_environ(verb, urlsplit(url), headers, body), start_response)
        try:
            content = b"".join(chunks)
        finally:
            if (close := getattr(chunks, "close", None)) is not None:
                close()
        return Reply(status=started["status"], headers=started["headers"], body=content)


def _environ(verb: str, parts: SplitResult, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """A request as PEP 3333 describes it."""
    return {
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
        "HTTP_HOST": parts.netloc,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
