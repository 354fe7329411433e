"""HTTP as .NET speaks it, against a server that reads and writes single bytes (protocol.md A.2 and J)."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from qbemulator.transport import HttpTransport, Reply, Unreachable

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\nok"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HEADERS = {"Content-Type": "text/xml; charset=utf-8", "Expect": "100-continue"}
BODY = b"<soap/>"


class Wire:
    """The server's end of one connection."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        connected.settimeout(5)

    def head(self) -> bytes:
        """Everything up to the empty line, and nothing behind it."""
        read = b""
        while not read.endswith(b"\r\n\r\n"):
            byte = self.socket.recv(1)
            if not byte:
                return read
            read += byte
        return read

    def body(self) -> bytes:
        read = b""
        while len(read) < len(BODY):
            read += self.socket.recv(len(BODY) - len(read))
        return read

    def comes_within(self, seconds: float) -> bool:
        self.socket.settimeout(seconds)
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(5)

    def say(self, text: bytes) -> None:
        self.socket.sendall(text)


@contextmanager
def server(*handlers: Callable[[Wire], None]) -> Iterator[str]:
    """Serves one connection with each handler, in turn; gives the address. A handler's error is raised at the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(5)
    problems: list[BaseException] = []

    def serve() -> None:
        try:
            for handler in handlers:
                connected, _ = listening.accept()
                with connected:
                    handler(Wire(connected))
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://localhost:{listening.getsockname()[1]}/qb?x=1"
    finally:
        thread.join(10)
        listening.close()
    assert not problems, problems


def answering(text: bytes, *, times: int = 1) -> Callable[[Wire], None]:
    def handle(wire: Wire) -> None:
        for _ in range(times):
            wire.head()
            wire.say(CONTINUE)
            wire.body()
            wire.say(text)

    return handle


def posted(transport: HttpTransport, url: str) -> Reply:
    return transport.post(url, HEADERS, BODY)


def test_the_body_waits_for_the_servers_word() -> None:
    def handle(wire: Wire) -> None:
        head = wire.head()
        assert (
            head
            == (
                b"POST /qb?x=1 HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: text/xml; charset=utf-8\r\n"
                b"Expect: 100-continue\r\nContent-Length: 7\r\nConnection: Keep-Alive\r\n\r\n"
            )
            % wire.socket.getsockname()[1]
        )
        assert not wire.comes_within(0.15)
        wire.say(CONTINUE)
        assert wire.body() == BODY
        wire.say(OK)

    with server(handle) as url, HttpTransport() as transport:
        assert posted(transport, url) == Reply(
            status=200, headers={"content-type": "text/xml", "content-length": "2"}, body=b"ok"
        )


def test_a_server_that_does_not_say_continue_gets_the_body_after_a_third_of_a_second() -> None:
    waited: list[float] = []

    def handle(wire: Wire) -> None:
        wire.head()
        began = time.monotonic()
        wire.body()
        waited.append(time.monotonic() - began)
        wire.say(OK)

    with server(handle) as url, HttpTransport() as transport:
        posted(transport, url)

    assert 0.3 < waited[0] < 1.0


def test_a_server_that_refuses_at_once_never_gets_the_body() -> None:
    def handle(wire: Wire) -> None:
        wire.head()
        wire.say(b"HTTP/1.1 413 Too Large\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n")
        assert wire.head() == b""  # the client hangs up

    with server(handle) as url, HttpTransport() as transport:
        assert posted(transport, url).status == 413


def test_one_connection_serves_all_calls() -> None:
    with server(answering(OK, times=3)) as url, HttpTransport() as transport:
        assert [posted(transport, url).status for _ in range(3)] == [200, 200, 200]


def test_small_packets_are_sent_at_once() -> None:
    with server(answering(OK)) as url, HttpTransport() as transport:
        posted(transport, url)
        assert transport._connection is not None
        assert transport._connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_call_on_a_connection_that_died_is_made_again() -> None:
    """So sendRequestXML and receiveResponseXML must bear repetition (protocol.md J)."""

    def take_and_die(wire: Wire) -> None:
        answering(OK)(wire)
        wire.head()
        wire.say(CONTINUE)
        wire.body()

    with server(take_and_die, answering(OK)) as url, HttpTransport() as transport:
        assert [posted(transport, url).status for _ in range(2)] == [200, 200]


def test_a_call_on_a_new_connection_that_dies_is_not_made_again() -> None:
    def die(wire: Wire) -> None:
        wire.head()

    with (
        server(die) as url,
        HttpTransport() as transport,
        pytest.raises(Unreachable, match="The underlying connection was closed"),
    ):
        posted(transport, url)


def test_a_server_that_closes_after_its_answer_is_asked_on_a_new_connection() -> None:
    closing = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    with server(answering(closing), answering(OK)) as url, HttpTransport() as transport:
        assert [posted(transport, url).body for _ in range(2)] == [b"ok", b"ok"]


def test_a_chunked_answer_is_read() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"

    with server(answering(chunked)) as url, HttpTransport() as transport:
        assert posted(transport, url).body == b"ok"


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    with server(answering(b"HTTP/1.1 200 OK\r\n\r\nok")) as url, HttpTransport() as transport:
        assert posted(transport, url).body == b"ok"


def test_a_redirect_is_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"

    with server(answering(moved)) as url, HttpTransport() as transport:
        assert posted(transport, url).status == 302


def test_nobody_waits_for_ever() -> None:
    gone = threading.Event()

    def silent(wire: Wire) -> None:
        wire.head()
        gone.wait(5)

    with (
        server(silent) as url,
        HttpTransport(timeout=0.5) as transport,
        pytest.raises(Unreachable, match="The operation has timed out"),
    ):
        try:
            posted(transport, url)
        finally:
            gone.set()


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://localhost:{taken.getsockname()[1]}/"

        with HttpTransport() as transport, pytest.raises(Unreachable, match="Unable to connect"):
            posted(transport, url)


def test_a_get_asks_without_expectations() -> None:
    heads: list[bytes] = []

    def handle(wire: Wire) -> None:
        heads.append(wire.head())
        wire.say(OK)

    with server(handle) as url, HttpTransport() as transport:
        assert transport.get(url).body == b"ok"

    assert heads[0].startswith(b"GET /qb?x=1 HTTP/1.1\r\n")
    assert b"Expect" not in heads[0]
    assert b"Accept-Encoding" not in heads[0]
