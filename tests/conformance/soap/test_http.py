"""HTTP as .NET's client and other programs write it, byte by byte, against a live server."""

import socket
import time
from urllib.parse import urlsplit

import pytest

BODY = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
    b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    b'<soap:Body><clientVersion xmlns="http://developer.intuit.com/"><strVersion>2.2.0.71</strVersion>'
    b"</clientVersion></soap:Body></soap:Envelope>"
)
DOT_NET = (
    "POST /quickbooks/webconnector HTTP/1.1\r\n"
    "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)\r\n"
    "Content-Type: text/xml; charset=utf-8\r\n"
    'SOAPAction: "http://developer.intuit.com/clientVersion"\r\n'
    "Host: localhost\r\n"
)
RESULT = b"<clientVersionResult></clientVersionResult>"


@pytest.fixture
def line(service):
    with socket.create_connection(("127.0.0.1", urlsplit(service.url).port), timeout=10) as connected:
        yield connected


def read_answer(line: socket.socket) -> tuple[bytes, bytes]:
    """Head and body of one answer with a Content-Length."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += line.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(field.split(b": ", 1) for field in head.lower().split(b"\r\n")[1:])
    length = int(fields[b"content-length"])
    while len(body) < length:
        body += line.recv(65536)
    return head, body


def test_who_expects_a_100_gets_it_at_once(line):
    """.NET waits 350 ms for it before it sends the body."""
    line.sendall(
        f"{DOT_NET}Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\nConnection: Keep-Alive\r\n\r\n".encode()
    )
    started = time.monotonic()
    assert line.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert time.monotonic() - started < 0.3

    line.sendall(BODY)
    head, body = read_answer(line)
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert RESULT in body


def test_one_connection_carries_many_calls(line):
    for _ in range(3):
        line.sendall(f"{DOT_NET}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
        assert RESULT in read_answer(line)[1]


def test_a_body_in_chunks_is_read(line):
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:70], BODY[70:71], BODY[71:]))
    line.sendall(f"{DOT_NET}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n")

    assert RESULT in read_answer(line)[1]


def test_a_call_that_is_refused_does_not_spoil_the_connection(line):
    line.sendall(f"{DOT_NET}Content-Length: 7\r\n\r\n".encode() + b"<call/>")
    head, body = read_answer(line)
    assert head.startswith(b"HTTP/1.1 500")
    assert b"<faultstring>The request is no SOAP envelope" in body

    line.sendall(f"{DOT_NET}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
    assert RESULT in read_answer(line)[1]


def test_an_answer_is_neither_compressed_nor_without_charset_nor_length(line):
    line.sendall(f"{DOT_NET}Accept-Encoding: gzip\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY)

    head = read_answer(line)[0].lower()

    assert b"content-type: text/xml; charset=utf-8" in head
    assert b"content-encoding" not in head
    assert b"transfer-encoding" not in head
    assert b"set-cookie" not in head
