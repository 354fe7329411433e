"""Centerpoint served from a thread of this process, for a browser and for an emulated office PC."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler


class _OneRequestAConnection(QuietWSGIRequestHandler):
    """A thread that ends with its request keeps no database connection into the next test."""

    protocol_version = "HTTP/1.0"
    timeout = 30


class _WaitsForItsThreads(ThreadedWSGIServer):
    daemon_threads = False
    # A page loads its style sheets and scripts all at once.
    request_queue_size = 100


@contextmanager
def serving(application: Callable[..., Any], *, port: int = 0) -> Iterator[str]:
    """Serve until the block ends, when every request has been answered; yields the address. Port 0: any free one."""
    server = _WaitsForItsThreads(("localhost", port), _OneRequestAConnection, allow_reuse_address=bool(port))
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="server")
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
