"""Live servers on this machine: Centerpoint's own, and a bare granian that answers a constant."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from centerpoint.serve import THREADS, default_workers

ANSWER = b"<?xml version='1.0' encoding='utf-8'?><constant/>"
START_SECONDS = 30
_TICKS = os.sysconf("SC_CLK_TCK")


def bare(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """As little as a WSGI application can do: read the request, answer a constant."""
    environ["wsgi.input"].read()
    headers = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(ANSWER)))]
    start_response("200 OK", headers)
    return [ANSWER]


@dataclass(frozen=True)
class Server:
    """A server that answers, and what Linux knows of its worker processes."""

    port: int
    process: int

    def peak_megabytes(self) -> float:
        """The highest resident memory so far of the worker that had most."""
        return max(self._memory("VmHWM"))

    def megabytes(self) -> float:
        """The resident memory of all workers now."""
        return sum(self._memory("VmRSS"))

    def cpu_seconds(self) -> float:
        """Processor time that all workers have used."""
        times = ((Path("/proc") / str(worker) / "stat").read_text() for worker in self._workers())
        return sum(sum(map(int, text.rpartition(")")[2].split()[11:13])) for text in times) / _TICKS

    def _memory(self, name: str) -> list[float]:
        statuses = [(Path("/proc") / str(worker) / "status").read_text() for worker in self._workers()]
        lines = [line for status in statuses for line in status.splitlines() if line.startswith(name)]
        return [int(line.split()[1]) / 1024 for line in lines]

    def _workers(self) -> list[int]:
        """Children of the server that serve; a helper of Python's multiprocessing is another child."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return [int(child) for child in children if "resource_tracker" not in _command_line(child)]


def _command_line(process: str) -> str:
    return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@contextlib.contextmanager
def running(kind: str, *, workers: int | None = None) -> Iterator[Server]:
    """A server of `kind` "bare" or "centerpoint"; both have the same numbers of workers and threads."""
    port = _free_port()
    workers = workers or default_workers()
    if kind == "bare":
        command = ["granian", "benchmarks.servers:bare", "--interface", "wsgi", "--no-ws"]
        command += ["--blocking-threads", str(THREADS)]
    else:
        command = ["centerpoint", "serve"]
    command = [sys.executable, "-m", *command, "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as server:
        try:
            _wait(port, server)
            yield Server(port, server.pid)
        finally:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until a call is answered. All workers listen on one port, so a moment more until the last one is up."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        ):
            connection.sendall(b"GET /quickbooks/webconnector HTTP/1.1\r\nHost: localhost\r\n\r\n")
            if connection.recv(1024):
                time.sleep(1)
                return
        time.sleep(0.1)
    raise TimeoutError(f"the server did not come up within {START_SECONDS} seconds")
