"""A SOAP service for the Web Connector to talk to, written by hand; and the .qwc file that leads to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from lxml import etree

from qbemulator.transport import Reply
from qbemulator.web_connector import WebConnector

Connect = Callable[..., WebConnector]

NAMESPACE = "http://developer.intuit.com/"
URL = "https://centerpoint.example.com/quickbooks/webconnector"
OWNER_ID = "{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}"
FILE_ID = "{57F3B9B6-86F1-4FCC-B1FF-966DE1813D21}"
USER, PASSWORD = "lakeside", "4xS-9Qt-7Lm"
TICKET = "b8b2e1f0-7c58-4d3a-9a43-0f6d3b0f2a11"


def qwc(**changes: str | None) -> bytes:
    """A .qwc file; `changes` replaces, adds or (None) leaves out elements. Values are XML text."""
    values: dict[str, str | None] = {
        "AppName": "Centerpoint",
        "AppID": "",
        "AppURL": URL,
        "AppDescription": "Sends invoices to QuickBooks",
        "AppSupport": "https://centerpoint.example.com/support",
        "UserName": USER,
        "OwnerID": OWNER_ID,
        "FileID": FILE_ID,
        "QBType": "QBFS",
        "Scheduler": "<RunEveryNMinutes>15</RunEveryNMinutes>",
        **changes,
    }
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value is not None)
    return f'<?xml version="1.0"?><QBWCXML>{inside}</QBWCXML>'.encode()


def soap(inside: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<soap:Body>{inside}</soap:Body></soap:Envelope>"
    ).encode()


def result(method: str, value: str | int | list[str]) -> bytes:
    """A reply as protocol.md A.3 wants it; a list becomes an array of strings."""
    if isinstance(value, list):
        inside = "".join(f"<string>{escape(item, quote=False)}</string>" for item in value)
    else:
        inside = escape(str(value), quote=False)
    return soap(
        f'<{method}Response xmlns="{NAMESPACE}"><{method}Result>{inside}</{method}Result></{method}Response>'
    )


def fault(text: str) -> Reply:
    inside = f"<soap:Fault><faultcode>soap:Server</faultcode><faultstring>{text}</faultstring></soap:Fault>"
    return reply(soap(inside), status=500)


def reply(body: bytes, *, status: int = 200, content_type: str = "text/xml; charset=utf-8") -> Reply:
    return Reply(status=status, headers={"content-type": content_type}, body=body)


@dataclass
class Service:
    """A WSGI application that hands out `texts` one after the other and writes down every call.

    `script` holds what it says instead, per method and in turn: a result, or a whole Reply.
    """

    texts: tuple[str, ...] = ()
    script: dict[str, list[str | int | list[str] | Reply]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)
    status_of_gets: int = 200
    # Called with the method before it is answered.
    before: Callable[[str], None] | None = None
    answered: int = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            self.gets.append(environ["PATH_INFO"])
            start_response(f"{self.status_of_gets} .", [("Content-Type", "text/plain")])
            return [b"here"]
        [call] = etree.fromstring(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))[0]
        method = etree.QName(call).localname
        parameters = {etree.QName(each).localname: each.text or "" for each in call}
        self.calls.append((method, parameters))
        if self.before is not None:
            self.before(method)
        said = self._say(method, parameters)
        answer = said if isinstance(said, Reply) else reply(result(method, said))
        start_response(f"{answer.status} .", list(answer.headers.items()))
        return [answer.body]

    def _say(self, method: str, parameters: dict[str, str]) -> str | int | list[str] | Reply:
        if self.script.get(method):
            return self.script[method].pop(0)
        if method == "authenticate":
            return self._log_in(parameters)
        if method == "sendRequestXML":
            return self.texts[self.answered] if self.answered < len(self.texts) else ""
        if method == "receiveResponseXML":
            self.answered += 1
            return min(100, 100 * self.answered // max(len(self.texts), 1))
        return {"serverVersion": "7.1", "clientVersion": "", "connectionError": "done"}.get(method, method)

    def _log_in(self, parameters: dict[str, str]) -> list[str]:
        if (parameters["strUserName"], parameters["strPassword"]) != (USER, PASSWORD):
            return [TICKET, "nvu"]
        return [TICKET, "" if self.answered < len(self.texts) else "none"]

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    def parameters_of(self, method: str) -> list[dict[str, str]]:
        return [parameters for name, parameters in self.calls if name == method]
