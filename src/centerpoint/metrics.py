"""Counters a keeper of the server must know, and the page that shows them."""

import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

PATH = "/metrics"

LOG_INS = Counter(
    "centerpoint_web_connector_log_ins_total",
    "Log-ins of Web Connectors by what became of them.",
    ["verdict"],
)
CALLS = Histogram(
    "centerpoint_web_connector_call_seconds",
    "Calls of the Web Connector's service by method and outcome: answered, refused (no call), failed (a bug).",
    ["method", "outcome"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

_counts = ContextVar("counts", default=True)


@contextmanager
def not_counted() -> Iterator[None]:
    """What happens inside is rehearsed and belongs to no figure of the installation."""
    token = _counts.set(False)
    try:
        yield
    finally:
        _counts.reset(token)


def count_log_in(verdict: str) -> None:
    if _counts.get():
        LOG_INS.labels(verdict).inc()


def count_call(method: str, outcome: str, seconds: float) -> None:
    if _counts.get():
        CALLS.labels(method, outcome).observe(seconds)


# A reverse proxy on this machine makes everybody local, but says that it forwards.
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")


def page(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The figures, for this machine or for who knows METRICS_TOKEN; to everybody else the page does not exist."""
    if not (_is_local(environ) or _has_token(environ)):
        body = b"Not found"
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]
    body = generate_latest(_registry())
    start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(body)))])
    return [body]


def _is_local(environ: WSGIEnvironment) -> bool:
    return environ.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not any(
        name in environ for name in _FORWARDED
    )


def _has_token(environ: WSGIEnvironment) -> bool:
    token: str = settings.METRICS_TOKEN
    return bool(token) and hmac.compare_digest(
        environ.get("HTTP_AUTHORIZATION", "").encode(), f"Bearer {token}".encode()
    )


def _registry() -> CollectorRegistry:
    """Of all processes when the server runs several (serve.py), else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
