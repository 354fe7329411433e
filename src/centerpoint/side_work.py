"""What a server does beside answering: once an hour it sends the notices that are due (docs/decisions/0007-side-work.md)."""

import datetime as dt
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait

EVERY = dt.timedelta(hours=1)


@contextmanager
def beside_the_server() -> Iterator[None]:
    """A process of its own, so that a slow mail server delays no poll; it ends with the server, however that ends."""
    process = multiprocessing.get_context("spawn").Process(
        target=_until_the_server_ends, name="side work", daemon=True
    )
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _until_the_server_ends() -> None:
    # Ctrl-C reaches the whole terminal; the server decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from centerpoint import logs

    logs.configure(level=settings.LOG_LEVEL)
    server = multiprocessing.parent_process()
    assert server is not None, "side work is a child of the server"
    keep_going(clock=timezone.now, has_ended=lambda: bool(wait([server.sentinel], EVERY.total_seconds())))


def keep_going(*, clock: Callable[[], dt.datetime], has_ended: Callable[[], bool]) -> None:
    """A round, then `has_ended` waits for the next one or says that there is none."""
    import structlog
    from django.db import Error, connections

    from centerpoint.quickbooks.notices import send_due

    log = structlog.get_logger(__name__)
    while True:
        try:
            done = send_due(now=clock())
            if done.sent or done.failed:
                log.info("notices sent", sent=done.sent, failed=done.failed)
        except Error:
            # The database is away or being migrated: the next round finds everything that is still due.
            log.exception("side work put off")
        finally:
            connections.close_all()
        if has_ended():
            return
