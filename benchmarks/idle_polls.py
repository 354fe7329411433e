"""Idle polls a second: what a connected company file costs all day long.

serverVersion, clientVersion, authenticate -> none, closeConnection, over real HTTP, against as many bare granian polls.
The client is wrk on the same machine; the bare server's own figure shows that it is not the bottleneck.
"""

import socket

from django.utils import timezone

from benchmarks import load, servers, stage
from centerpoint.quickbooks.models import CompanyFile, Options
from qbemulator.soap import NAMESPACE, envelope

CONNECTIONS = 8


def measure() -> dict[str, float]:
    scene = stage.contractor_with(companies=200, tickets=200, projects=5, invoices=200, read_every=86_400)
    now = timezone.now()
    # As a company file stands between two changes: everything found, everything read.
    CompanyFile.objects.update(discovered_to=now, swept_at=now, read_at=now, read_requested=False)
    Options.objects.update(changed_at=now.replace(year=now.year - 1))
    seconds = stage.size(5, 1)
    calls = [
        _post("serverVersion", []),
        _post("clientVersion", [("strVersion", "34.0.10007.56")]),
        _post(
            "authenticate", [("strUserName", scene.company_file.user_name), ("strPassword", scene.password)]
        ),
        _post("closeConnection", [("ticket", "no-session")]),
    ]
    with servers.running("bare") as port:
        bare = load.run(port, calls, connections=CONNECTIONS, seconds=seconds)
    with servers.running("centerpoint") as port:
        _check_that_it_is_idle(port, calls[2])
        load.run(port, calls, connections=CONNECTIONS, seconds=1)
        idle = load.run(port, calls, connections=CONNECTIONS, seconds=seconds)
        half = load.run(port, calls, connections=1, seconds=seconds)
    polls, bare_polls = idle.calls / 4 / idle.seconds, bare.calls / 4 / bare.seconds
    return {
        "polls a second": polls,
        "polls a second of bare granian": bare_polls,
        "ratio to bare granian": polls / bare_polls,
        "p99 of a call under full load, ms": idle.p99_ms,
        "p99 of a call, one connection, ms": half.p99_ms,
    }


def _check_that_it_is_idle(port: int, authenticate: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(authenticate)
        reply = connection.recv(65536)
    if b"<string>none</string>" not in reply:
        raise ValueError(f"the company file is not idle: {reply!r}")


def _post(method: str, parameters: list[tuple[str, str]]) -> bytes:
    body = envelope(method, parameters)
    return (
        f"POST /quickbooks/webconnector HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f'SOAPAction: "{NAMESPACE}{method}"\r\nContent-Length: {len(body)}\r\n\r\n'
    ).encode() + body
