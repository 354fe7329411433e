"""The door with sessions that only remember what they were asked, and a Web Connector that speaks in literal SOAP."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import pytest

from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.webconnector.door import Door
from centerpoint.quickbooks.webconnector.qwc import SERVICE_PATH

NOW = dt.datetime(2026, 3, 2, 15, 30, tzinfo=dt.UTC)


@dataclass
class Sessions:
    """Stands in for sync/session.py."""

    something_to_do: bool = True
    text: str = "<QBXML/>"
    percent: int = 100
    problem: Exception | None = None
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def _remember(self, name: str, given: dict[str, Any]) -> None:
        self.asked.append((name, given))
        if self.problem is not None:
            raise self.problem

    def log_in(self, **given: Any) -> bool:
        self._remember("log_in", given)
        return self.something_to_do

    def request(self, **given: Any) -> str:
        self._remember("request", given)
        return self.text

    def receive(self, *, answer: Evidence, **given: Any) -> int:
        self._remember("receive", {**given, "answer": answer.text()})
        return self.percent

    def connection_error(self, **given: Any) -> str:
        self._remember("connection_error", given)
        return "done"

    def last_error(self, **given: Any) -> str:
        self._remember("last_error", given)
        return "The item Labor is missing."

    def close(self, **given: Any) -> str:
        self._remember("close", given)
        return "3 invoices sent."


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def result(self) -> list[str]:
        """The texts of an array, or the one text of another result."""
        element = ElementTree.fromstring(self.body)[0][0][0]
        return [item.text or "" for item in element.iter() if not len(item)]

    @property
    def fault(self) -> tuple[str, str]:
        """faultcode and faultstring of SOAP 1.1."""
        element = ElementTree.fromstring(self.body)[0][0]
        assert element.tag == "{http://schemas.xmlsoap.org/soap/envelope/}Fault", self.body
        return element.findtext("faultcode") or "", element.findtext("faultstring") or ""


Ask = Callable[..., Reply]


def envelope(method: str, **parameters: str) -> bytes:
    """A call as the .NET client writes it, on one line."""
    inside = "".join(
        f"<{name}>{text}</{name}>" if text else f"<{name} />" for name, text in parameters.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f'<soap:Body><{method} xmlns="http://developer.intuit.com/">{inside}</{method}></soap:Body></soap:Envelope>'
    ).encode()


@pytest.fixture
def soap() -> Callable[..., bytes]:
    return envelope


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def http(sessions: Sessions) -> Ask:
    """Any HTTP request to the door; keyword arguments are WSGI variables."""
    door = Door(sessions, clock=lambda: NOW)

    def ask(verb: str = "POST", body: bytes = b"", **variables: Any) -> Reply:
        heard: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            heard.update(status=int(status.split()[0]), headers=dict(headers))

        environ = {
            "REQUEST_METHOD": verb,
            "PATH_INFO": SERVICE_PATH,
            "QUERY_STRING": "",
            "CONTENT_TYPE": "text/xml; charset=utf-8",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "localhost:8000",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            **variables,
        }
        return Reply(body=b"".join(door(environ, start_response)), **heard)

    return ask


@pytest.fixture
def call(http: Ask) -> Ask:
    """One SOAP call; keyword arguments are its parameters."""

    def ask(method: str, **parameters: str) -> Reply:
        return http(body=envelope(method, **parameters))

    return ask


@pytest.fixture
def now() -> dt.datetime:
    return NOW
