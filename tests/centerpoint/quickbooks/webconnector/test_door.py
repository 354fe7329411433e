"""HTTP as the .NET client speaks and reads it (protocol.md A.2, A.3, J)."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest
import structlog.testing
from django.db import OperationalError

from centerpoint.quickbooks.webconnector import door, methods
from centerpoint.quickbooks.webconnector.door import Door
from centerpoint.quickbooks.webconnector.envelope import NotACall

TEXT_XML = "text/xml; charset=utf-8"


def test_a_reply_says_its_charset_and_its_length(call):
    reply = call("interactiveDone", wcTicket="t")

    assert (reply.status, reply.headers) == (
        200,
        {"Content-Type": TEXT_XML, "Content-Length": str(len(reply.body)), "Cache-Control": "no-store"},
    )


def test_a_reply_to_soap_1_2_is_soap_1_2(http, soap):
    body = soap("interactiveDone").replace(
        b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
    )

    reply = http(body=body, CONTENT_TYPE="application/soap+xml; charset=utf-8")

    assert reply.headers["Content-Type"] == "application/soap+xml; charset=utf-8"
    assert b'xmlns:soap="http://www.w3.org/2003/05/soap-envelope"' in reply.body
    assert reply.result == ["Done"]


@pytest.mark.parametrize("path", ["", "other=1"])
def test_a_get_is_answered_so_that_the_application_can_be_added(http, path):
    reply = http("GET", QUERY_STRING=path)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert b"Web Connector" in reply.body


def test_a_head_has_the_headers_of_a_get_and_no_body(http):
    assert (http("HEAD").status, http("HEAD").headers, http("HEAD").body) == (200, http("GET").headers, b"")


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_verbs_are_refused(http, verb):
    reply = http(verb)

    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost:8000", "http://localhost:8000/quickbooks/webconnector"),
        ("office-server:9000", "http://office-server:9000/quickbooks/webconnector"),
        ('a"><script>', "http://localhost:8000/quickbooks/webconnector"),
    ],
)
def test_the_description_names_the_address_it_was_asked_at(http, host, address):
    reply = http("GET", QUERY_STRING="WSDL", HTTP_HOST=host)

    assert (reply.status, reply.headers["Content-Type"]) == (200, TEXT_XML)
    assert reply.body.count(f'location="{address}"'.encode()) == 2


def test_behind_a_proxy_that_speaks_tls_the_description_names_the_public_address(http, settings):
    settings.CENTERPOINT_URL = "https://centerpoint.example.com"

    reply = http("GET", QUERY_STRING="wsdl", HTTP_HOST="centerpoint.example.com")

    assert b'location="https://centerpoint.example.com/quickbooks/webconnector"' in reply.body


# -- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The request has no body."),
        (b"hello", "The request is not well-formed XML: syntax error (line 1, column 1)."),
        (b"<html/>", "The request is no SOAP envelope: its root is html in no namespace."),
    ],
)
def test_what_is_no_call_gets_a_fault_with_a_sentence(http, body, sentence):
    reply = http(body=body)

    assert (reply.status, reply.headers["Content-Type"], reply.fault) == (
        500,
        TEXT_XML,
        ("soap:Client", sentence),
    )


def test_an_unknown_method_gets_a_fault_that_names_it(call):
    reply = call("dropTable")

    assert (reply.status, reply.fault) == (
        500,
        ("soap:Client", "Centerpoint's service has no method dropTable."),
    )


def test_a_body_that_says_it_is_too_large_is_refused_unread(http, settings):
    settings.WEB_CONNECTOR_BODY_LIMIT = 1000

    class Unreadable:
        def read(self, size: int) -> bytes:
            raise AssertionError("the body was read")

    reply = http(CONTENT_LENGTH="1001", **{"wsgi.input": Unreadable()})

    assert reply.fault == (
        "soap:Client",
        "The request is larger than 1000 bytes, all that WEB_CONNECTOR_BODY_LIMIT allows.",
    )


def test_a_body_without_a_length_is_read_up_to_the_limit(http, soap, settings):
    body = soap("interactiveDone")
    chunked = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    settings.WEB_CONNECTOR_BODY_LIMIT = len(body)
    assert http(**chunked, **{"wsgi.input": io.BytesIO(body)}).result == ["Done"]

    settings.WEB_CONNECTOR_BODY_LIMIT = len(body) - 1
    reply = http(**chunked, **{"wsgi.input": io.BytesIO(body)})
    assert "larger than" in reply.fault[1]


def test_a_body_cut_off_on_the_way_is_refused(http, soap):
    body = soap("receiveResponseXML", ticket="t", response="x" * 100)

    reply = http(body=body[:-80], CONTENT_LENGTH=str(len(body)))

    assert reply.fault[1].startswith("The request is not well-formed XML: no element found")


def test_seventy_megabytes_need_only_a_few(http, sessions):
    """Twenty times the piece that is read at once would already show as 1.3 MB."""
    record = (
        b"&lt;CustomerRet&gt;&lt;Name&gt;Acme Roofing and Sheet Metal&lt;/Name&gt;&lt;/CustomerRet&gt;\n"
        * 1000
    )
    head = (
        b'<?xml version="1.0" encoding="utf-8"?>'
        b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        b'<receiveResponseXML xmlns="http://developer.intuit.com/"><ticket>t</ticket><response>'
    )
    tail = b"</response><hresult /><message /></receiveResponseXML></soap:Body></soap:Envelope>"
    times = 70_000_000 // len(record) + 1

    class Stream:
        def __init__(self) -> None:
            self._pieces = self._make()
            self._rest = b""

        def _make(self) -> Iterator[bytes]:
            yield head
            for _ in range(times):
                yield record
            yield tail

        def read(self, size: int) -> bytes:
            if not self._rest:
                self._rest = next(self._pieces, b"")
            piece, self._rest = self._rest[:size], self._rest[size:]
            return piece

    # What the session does with the packed answer is not measured here.
    sizes: list[int] = []
    sessions.receive = lambda *, answer, **given: sizes.append(len(answer.packed)) or 55
    length = len(head) + times * len(record) + len(tail)
    tracemalloc.start()
    try:
        reply = http(CONTENT_LENGTH=str(length), **{"wsgi.input": Stream()})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (reply.result, len(sizes)) == (["55"], 1)
    assert length > 70_000_000
    assert peak < 8_000_000 + 2 * sizes[0]


# -- bugs -----------------------------------------------------------------------------------------------------------


def test_a_bug_shows_as_a_fault_with_the_number_under_which_it_is_logged(call, sessions):
    sessions.problem = RuntimeError("secret inside")

    with structlog.testing.capture_logs() as logged:
        reply = call("sendRequestXML", ticket="t")

    [line] = logged
    assert (line["event"], line["log_level"], line["exc_info"]) == ("call failed", "error", True)
    assert (reply.status, reply.fault) == (
        500,
        (
            "soap:Server",
            "Something went wrong in Centerpoint. Nothing is lost; run the update again. "
            f"If it stays so, tell support the incident number {line['incident']}.",
        ),
    )


@pytest.mark.parametrize(
    ("method", "beginning"),
    [
        ("receiveResponseXML", "-1"),
        ("getLastError", "Something went wrong in Centerpoint. Nothing is lost;"),
        ("connectionError", "done"),
        ("closeConnection", "Something went wrong in Centerpoint. Nothing is lost;"),
    ],
)
def test_a_bug_where_a_fault_would_do_harm_ends_the_update_in_order(call, sessions, method, beginning):
    sessions.problem = RuntimeError("secret inside")

    reply = call(method, ticket="t", response="&lt;QBXML/&gt;")

    assert reply.status == 200
    assert reply.result[0].startswith(beginning)
    assert b"secret inside" not in reply.body


@pytest.fixture
def answer(monkeypatch):
    """What methods.answer does, in turn: an exception is raised, anything else returned."""

    def script(*outcomes):
        left = list(outcomes)

        def scripted(call, *, sessions, now):
            outcome = left.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(methods, "answer", scripted)
        return left

    return script


class DatabaseConnection:
    """This thread's connection, as the door sees it."""

    def __init__(self, *, usable: bool) -> None:
        self.connection: object | None = object()
        self.errors_occurred = True
        self.closed = 0
        self._usable = usable

    def is_usable(self) -> bool:
        return self._usable

    def close_if_unusable_or_obsolete(self) -> None:
        self.errors_occurred = False

    def close(self) -> None:
        self.connection = None
        self.closed += 1


@pytest.fixture
def database(monkeypatch):
    def connected(*, usable: bool) -> DatabaseConnection:
        stand_in = DatabaseConnection(usable=usable)
        monkeypatch.setattr(door, "connection", stand_in)
        return stand_in

    return connected


def test_a_connection_the_database_dropped_costs_one_retry_and_no_error(call, answer, database):
    dropped = database(usable=False)
    left = answer(OperationalError("server closed the connection unexpectedly"), "All is well.")

    assert call("getLastError", ticket="t").result == ["All is well."]
    assert (left, dropped.closed) == ([], 1)


def test_a_database_that_is_only_busy_is_not_asked_twice(call, answer, database):
    busy = database(usable=True)
    left = answer(OperationalError("database is locked"), "never asked")

    assert call("sendRequestXML", ticket="t").fault[0] == "soap:Server"
    assert (left, busy.closed) == (["never asked"], 0)


def test_a_log_in_while_the_database_is_away_is_told_to_come_back(call, answer, database):
    database(usable=False)
    answer(OperationalError("no connection"), OperationalError("no connection"))

    assert call("authenticate", strUserName="a", strPassword="b").result == ["no-session", "busy"]


def test_after_an_error_the_connection_is_looked_at_before_the_next_call(call, answer, database):
    looked_at = database(usable=True)
    answer("Done")

    call("interactiveDone")

    assert looked_at.errors_occurred is False


def test_a_refusal_inside_a_method_reaches_the_caller(call, answer):
    answer(NotACall("qbXMLMajorVers must be a whole number."))

    assert call("sendRequestXML").fault == ("soap:Client", "qbXMLMajorVers must be a whole number.")


def test_the_door_is_a_wsgi_application(sessions, soap):
    from wsgiref.validate import validator

    body = soap("interactiveDone")
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/quickbooks/webconnector",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": TEXT_XML,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    started = []
    answer = validator(Door(sessions))(environ, lambda status, headers, exc_info=None: started.append(status))
    try:
        assert b"Done" in b"".join(answer)
    finally:
        answer.close()
    assert started == ["200 OK"]
