"""The production server: granian around centerpoint.wsgi, started only when it can really serve."""

import multiprocessing
import os
import socket
import ssl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from granian import Granian
from granian.constants import Interfaces, SSLProtocols

from centerpoint.contractors.refusals import Refusal
from centerpoint.searching import trigrams
from centerpoint.side_work import beside_the_server

COUNTERS = "PROMETHEUS_MULTIPROC_DIR"

# A body of 70 MB keeps one thread busy for a second; the others answer meanwhile.
THREADS = 4
# A thread that ends closes its database connection; the longest rest granian knows keeps both between two polls.
THREAD_REST_SECONDS = 600

# At Ctrl-C a terminal interrupts the workers, too; granian then tells them a second time, and such a worker may wait for
# ever. What it was doing is done or asked about again, like after any cut.
STOP_SECONDS = 5


class CannotServe(Refusal):
    """The server would not come up, or would come up and fail at the first call."""


def default_workers() -> int:
    """One process a core; on Windows one, because sockets are not shared there."""
    return 1 if sys.platform == "win32" else min(os.cpu_count() or 1, 8)


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    certificate: Path | None = None,
    key: Path | None = None,
    workers: int | None = None,
    threads: int = THREADS,
) -> None:
    """Serve until interrupted. `certificate` and `key` are PEM files and make it https. Raises CannotServe."""
    _check_certificate(certificate, key)
    address = _address(host, port)
    _check_database()
    workers = workers or default_workers()
    if workers > 1 and sys.platform == "win32":
        raise CannotServe(
            "On Windows the server runs as one process; leave --workers out and raise --threads instead."
        )
    # A process forked from this one would share its database connection and its counters.
    multiprocessing.set_start_method("spawn", force=True)
    with _counters_shared_by_workers(), beside_the_server():
        Granian(
            "centerpoint.wsgi:application",
            address=address,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            blocking_threads_idle_timeout=THREAD_REST_SECONDS,
            websockets=False,
            ssl_cert=certificate,
            ssl_key=key,
            # The Web Connector's .NET speaks TLS 1.2 on most PCs (protocol.md B.3, QBWC1048).
            ssl_protocol_min=SSLProtocols.tls12,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
        ).serve()


@contextmanager
def _counters_shared_by_workers() -> Iterator[None]:
    """A folder in which the workers add up their counters, so that any of them can show /metrics for all."""
    if COUNTERS in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="centerpoint-metrics-") as folder:
        os.environ[COUNTERS] = folder
        try:
            yield
        finally:
            del os.environ[COUNTERS]


def _check_certificate(certificate: Path | None, key: Path | None) -> None:
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise CannotServe("Name both the TLS certificate and its key, or neither.")
    for file in (certificate, key):
        if not file.is_file():
            raise CannotServe(f"There is no file {file}.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError) as problem:
        raise CannotServe(
            f"{certificate} and {key} are no TLS certificate and its key in PEM form, without a passphrase: {problem}."
        ) from problem
    if "BEGIN PRIVATE KEY" not in key.read_text("ascii", errors="replace"):
        raise CannotServe(
            f"{key} is not in PKCS #8 form. Convert it: openssl pkcs8 -topk8 -nocrypt -in {key} -out {key}.pk8"
        )


def _address(host: str, port: int) -> str:
    """The IP address `host` stands for, free to listen on. Raises CannotServe."""
    if not 1 <= port <= 65535:
        raise CannotServe(f"{port} is no port; it lies between 1 and 65535.")
    try:
        # Of localhost's two addresses every client tries the older one, too.
        found = sorted(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), key=lambda each: each[0])
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        raise CannotServe(
            f"Cannot listen on {host} port {port}: {problem.strerror}. "
            "Another program may have the port; choose another with --port."
        ) from problem
    return str(address[0])


def _check_database() -> None:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        unsearchable = trigrams.missing(connection) if not missing else []
    except DatabaseError as problem:
        raise CannotServe(f"The database of DATABASE_URL cannot be used: {problem}") from problem
    finally:
        connections.close_all()
    if missing:
        raise CannotServe(f"The database lacks {len(missing)} migrations; run: centerpoint migrate")
    if unsearchable:
        tables = ", ".join(unsearchable)
        raise CannotServe(f"The database lacks what searches look in, for {tables}; run: centerpoint migrate")
