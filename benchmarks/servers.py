"""Live servers on this machine: Centerpoint's own, and a bare granian that answers a constant."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ANSWER = b"<?xml version='1.0' encoding='utf-8'?><constant/>"


def bare(environ: dict[str, object], start_response: object) -> Iterable[bytes]:
    """As little as a WSGI application can do: read the request, answer a constant."""
    environ["wsgi.input"].read()  # type: ignore[attr-defined]
    headers = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(ANSWER)))]
    start_response("200 OK", headers)  # type: ignore[operator]
    return [ANSWER]


@contextlib.contextmanager
def running(kind: str, *, workers: int | None = None) -> Iterator[int]:
    """The port of a server that answers; `kind` is "bare" or "centerpoint". Both have the same workers and threads."""
    from centerpoint.serve import THREADS, default_workers

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if kind == "bare":
        command = [
            sys.executable, "-m", "granian", "benchmarks.servers:bare", "--interface", "wsgi", "--port", str(port),
            "--workers", str(workers or default_workers()), "--blocking-threads", str(THREADS), "--no-ws",
        ]  # fmt: skip
    else:
        command = [sys.executable, "-m", "centerpoint", "serve", "--port", str(port)]
        command += ["--workers", str(workers)] if workers else []
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def _wait(port: int) -> None:
    for _ in range(150):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            time.sleep(0.5)
            return
        time.sleep(0.2)
    raise TimeoutError("the server did not come up")


def peak_megabytes(port: int) -> float:
    """The highest resident memory so far of any process that serves `port`, as Linux counts it."""
    peaks = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            words = (status.parent / "environ").read_bytes()
            if f"BENCH_PORT={port}".encode() in words:
                peaks += [
                    int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if "VmHWM" in line
                ]
    return max(peaks)
