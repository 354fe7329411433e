"""The request processor alone, over HTTP."""

import http.client
import threading
from collections.abc import Iterator

import pytest
from by_hand.desktop import Desktop, _validated, message_set
from by_hand.requests import customer_add, customer_query

from qbemulator import serve
from qbemulator.request_processor import RequestProcessor


@pytest.fixture
def http_connection(desktop: Desktop) -> Iterator[http.client.HTTPConnection]:
    processor = RequestProcessor(desktop.books, clock=lambda: desktop.now)
    server = serve.make_server(processor, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()
    server.shutdown()
    server.server_close()
    thread.join()


def post(connection: http.client.HTTPConnection, text: str) -> tuple[int, str]:
    connection.request("POST", "/", text.encode())
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_qbxml_is_answered(http_connection: http.client.HTTPConnection, desktop: Desktop) -> None:
    status, answer = post(http_connection, message_set(customer_add("Anna Berg")))

    assert status == 200
    assert _validated(answer, "answer")[0][0].findtext("CustomerRet/Name") == "Anna Berg"
    assert "Anna Berg" in [customer["Name"] for customer in desktop.books.customers]


def test_a_refusal_is_told_with_its_hresult(http_connection: http.client.HTTPConnection) -> None:
    assert post(http_connection, "<QBXML/>") == (
        422,
        "0x80040400 QuickBooks found an error when parsing the provided XML text stream.\n",
    )


def test_a_closed_quickbooks_is_told(http_connection: http.client.HTTPConnection, desktop: Desktop) -> None:
    desktop.books.quickbooks_closed = True

    assert post(http_connection, message_set(customer_add("Anna Berg"))) == (
        422,
        "0x80040408 Could not start QuickBooks.\n",
    )


def test_an_iterator_does_not_outlive_its_post(http_connection: http.client.HTTPConnection) -> None:
    _, page = post(
        http_connection,
        message_set(customer_query("<MaxReturned>5</MaxReturned>", ' iterator="Start"')),
    )
    iterator = _validated(page, "answer")[0][0].get("iteratorID")

    _, lost = post(
        http_connection,
        message_set(
            customer_query("<MaxReturned>5</MaxReturned>", f' iterator="Continue" iteratorID="{iterator}"')
        ),
    )

    assert _validated(lost, "answer")[0][0].get("statusCode") == "3391"


def test_a_get_says_who_is_there(http_connection: http.client.HTTPConnection) -> None:
    http_connection.request("GET", "/")
    answer = http_connection.getresponse()

    assert (answer.status, answer.read()) == (200, b"Practice Roofing Company: POST qbXML here.\n")


@pytest.mark.parametrize(("length", "status"), [("", 411), ("many", 411), (str(serve.LARGEST + 1), 413)])
def test_a_body_must_say_its_length_and_keep_to_the_limit(
    http_connection: http.client.HTTPConnection, length: str, status: int
) -> None:
    http_connection.putrequest("POST", "/")
    if length:
        http_connection.putheader("Content-Length", length)
    http_connection.endheaders()
    answer = http_connection.getresponse()

    assert (answer.status, answer.getheader("Connection")) == (status, "close")
