"""Load by wrk, a compiled client that is quicker than what it measures. It comes from Debian's package of that name."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from centerpoint.quickbooks.webconnector.qwc import SERVICE_PATH
from qbemulator.soap import NAMESPACE, envelope

# wrk asks `request` for the next text to send, and hands what it counted to `done`.
SCRIPT = """
local requests = {REQUESTS}
local position = 0
request = function()
  position = position % #requests + 1
  return requests[position]
end
done = function(summary, latency, rates)
  io.write(string.format(
    '\\n{"calls": %d, "seconds": %f, "p99_ms": %f, "refused": %d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  ))
end
"""


@dataclass(frozen=True)
class Load:
    """What was measured: calls done, the whole time, and the time that 99 of 100 calls stayed below."""

    calls: int
    seconds: float
    p99_ms: float

    @property
    def calls_a_second(self) -> float:
        return self.calls / self.seconds


def post(method: str, *parameters: tuple[str, str]) -> bytes:
    """The bytes of one call of the service."""
    body = envelope(method, parameters)
    head = (
        f"POST {SERVICE_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f'SOAPAction: "{NAMESPACE}{method}"\r\nContent-Length: {len(body)}\r\n\r\n'
    )
    return head.encode() + body


def run(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Load:
    """Send `requests` in turn over kept-alive connections for `seconds`. Raises ValueError when any call failed."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "load.lua"
        texts = ", ".join(_lua(request) for request in requests)
        script.write_text(SCRIPT.replace("REQUESTS", texts))
        command = [_wrk(), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(script)]
        told = subprocess.run(
            [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
        ).stdout
    figures = json.loads(told.strip().splitlines()[-1])
    if figures.pop("refused"):
        raise ValueError(f"calls failed under load: {told}")
    return Load(**figures)


def _lua(request: bytes) -> str:
    return '"' + "".join(f"\\{byte:03d}" for byte in request) + '"'


def _wrk() -> str:
    if found := shutil.which("wrk"):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=True, stdout=subprocess.DEVNULL)
        return "wrk"
    raise SystemExit("wrk is missing; on Debian: apt-get install wrk")
