"""A transport on which calls are doubled, delayed or answered by somebody in between, as faults.py says."""

from __future__ import annotations

from collections.abc import Mapping

from qbemulator.faults import CALL, Pending
from qbemulator.soap import NAMESPACE
from qbemulator.transport import Reply, Transport, Unreachable

PROXY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


class Mishaps:
    """Passes calls on to `transport`, and lets the faults whose moment has come happen to them.

    A call that is delayed may arrive in a later session, so one of these serves all sessions of its faults.
    """

    def __init__(self, transport: Transport, pending: Pending) -> None:
        self._transport = transport
        self._pending = pending
        self._late: tuple[str, Mapping[str, str], bytes] | None = None

    def get(self, url: str) -> Reply:
        return self._transport.get(url)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        method = headers["SOAPAction"].strip('"').removeprefix(NAMESPACE)
        self._pending.count(CALL, method)
        if self._pending.strikes("duplicate-call", method=method):
            self._transport.post(url, headers, body)
        reply = self._transport.post(url, headers, body)
        if self._late is not None:
            self._transport.post(*self._late)
            self._late = None
        if self._pending.strikes("late", method=method):
            self._late = (url, headers, body)
        return self._tampered(method, reply)

    def _tampered(self, method: str, reply: Reply) -> Reply:
        if self._pending.strikes("timeout", method=method):
            raise Unreachable("The operation has timed out")
        if self._pending.strikes("http-500", method=method):
            return Reply(status=500, headers={"content-type": "text/html"}, body=b"")
        if self._pending.strikes("http-502-html", method=method):
            return Reply(status=502, headers={"content-type": "text/html"}, body=PROXY_PAGE)
        return reply
