"""Idle polls a second: what a connected company file costs all day long, when there is nothing to do.

A poll is serverVersion, clientVersion, authenticate -> none, closeConnection, over HTTP. The client is compiled (load.py);
that it is not what is measured shows in the bare server's figure, reached with the same client and the same calls.
"""

from collections.abc import Iterator

from django.utils import timezone

from benchmarks import load, office, servers, stage
from centerpoint.quickbooks.models import CompanyFile, Options
from qbemulator.soap import SoapClient
from qbemulator.web_connector import VERSION

CONNECTIONS = 8
CALLS = 4  # of one poll


def rounds() -> Iterator[dict[str, float]]:
    scene = stage.contractor(companies=200, tickets=200, projects=5, invoices=200)
    _let_it_rest()
    log_in = (("strUserName", scene.company_file.user_name), ("strPassword", scene.password))
    poll = [
        load.post("serverVersion"),
        load.post("clientVersion", ("strVersion", VERSION)),
        load.post("authenticate", *log_in),
        load.post("closeConnection", ("ticket", "no-session")),
    ]
    seconds = stage.size(4, 1)
    with servers.running("bare") as bare, servers.running("centerpoint") as server:
        _check_that_it_rests(office.over_http(server.port), *log_in)
        load.run(server.port, poll, connections=CONNECTIONS, seconds=1)
        for _ in range(stage.ROUNDS):
            constant = load.run(bare.port, poll, connections=CONNECTIONS, seconds=seconds)
            idle = load.run(server.port, poll, connections=CONNECTIONS, seconds=seconds)
            alone = load.run(server.port, poll, connections=1, seconds=seconds)
            yield {
                "polls a second": idle.calls_a_second / CALLS,
                "ratio to bare granian": idle.calls_a_second / constant.calls_a_second,
                "polls a second of bare granian": constant.calls_a_second / CALLS,
                "p99 of a call, 8 connections, ms": idle.p99_ms,
                "p99 of a call, 1 connection, ms": alone.p99_ms,
                "share of full load with 1 connection": alone.calls_a_second / idle.calls_a_second,
            }


def _let_it_rest() -> None:
    """As a company file stands between two changes: everything found, everything read."""
    now = timezone.now()
    CompanyFile.objects.update(discovered_to=now, swept_at=now, read_at=now, read_requested=False)
    Options.objects.update(changed_at=now.replace(year=now.year - 1))


def _check_that_it_rests(service: SoapClient, *log_in: tuple[str, str]) -> None:
    said = service.array("authenticate", *log_in)
    if said != ["no-session", "none"]:
        raise ValueError(f"the company file is not idle: {said}")
