"""A transport on which calls are doubled, delayed or answered by somebody in between, as faults.py says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qbemulator.faults import Pending
from qbemulator.soap import NAMESPACE, Reply, Transport, Unreachable

PROXY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


class Mishaps:
    """Passes calls on to `transport`, and lets the faults whose moment has come happen to them."""

    def __init__(self, transport: Transport, pending: Pending, log: Callable[[str], None]) -> None:
        self._transport = transport
        self._pending = pending
        self._log = log
        self._late: tuple[str, Mapping[str, str], bytes] | None = None

    def get(self, url: str) -> Reply:
        return self._transport.get(url)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self._pending.count("call")
        method = headers["SOAPAction"].strip('"').removeprefix(NAMESPACE)
        if self._pending.strikes("duplicate-call", call=method):
            self._log(f"{method} arrives twice")
            self._transport.post(url, headers, body)
        keeps_copy = self._pending.strikes("late", call=method)
        reply = self._transport.post(url, headers, body)
        if self._late is not None:
            self._log("an earlier call arrives once more")
            self._transport.post(*self._late)
            self._late = None
        if keeps_copy:
            self._late = (url, headers, body)
        return self._tampered(method, reply)

    def _tampered(self, method: str, reply: Reply) -> Reply:
        if self._pending.strikes("timeout", call=method):
            raise Unreachable("The operation has timed out")
        if self._pending.strikes("http-500", call=method):
            return Reply(status=500, headers={"content-type": "text/html"}, body=b"")
        if self._pending.strikes("http-502-html", call=method):
            return Reply(status=502, headers={"content-type": "text/html"}, body=PROXY_PAGE)
        return reply
