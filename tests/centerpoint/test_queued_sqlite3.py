"""SQLite's writers wait in turn: nobody is refused, nobody keeps the turn, and patience has an end."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler


@pytest.fixture
def connect(tmp_path: Path, django_db_blocker: Any) -> Iterator[Callable[..., BaseDatabaseWrapper]]:
    """Opens a connection to a SQLite file that has nothing to do with the tests' own database."""
    file = tmp_path / "books.sqlite3"
    opened: list[BaseDatabaseWrapper] = []

    def connect(**options: Any) -> BaseDatabaseWrapper:
        settings = {
            "ENGINE": "centerpoint.queued_sqlite3",
            "NAME": file,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL",
                **options,
            },
        }
        handler = ConnectionHandler({"default": settings})
        connection = handler["default"]
        connection.inc_thread_sharing()
        opened.append(connection)
        return connection

    with django_db_blocker.unblock():
        with connect().cursor() as cursor:
            cursor.execute("CREATE TABLE sums (n INTEGER)")
            cursor.execute("INSERT INTO sums VALUES (0)")
        yield connect
        for connection in opened:
            connection.close()


@contextmanager
def _writing(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction that holds the write lock."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.set_autocommit(True)


def _add(connection: BaseDatabaseWrapper, times: int) -> None:
    for _ in range(times):
        with _writing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT n FROM sums")
            [(n,)] = cursor.fetchall()
            time.sleep(0.001)
            cursor.execute("UPDATE sums SET n = %s", [n + 1])


def _sum(connection: BaseDatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM sums")
        return int(cursor.fetchall()[0][0])


def test_transactions_of_many_threads_follow_each_other(connect):
    connections = [connect(timeout=30) for _ in range(6)]
    threads = [threading.Thread(target=_add, args=(each, 20)) for each in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert _sum(connect()) == 120


def test_the_turn_is_given_back_by_whoever_fails(connect):
    first, second = connect(timeout=30), connect(timeout=30)
    with pytest.raises(ZeroDivisionError), _writing(first):
        1 / 0  # noqa: B018

    started = time.monotonic()
    _add(second, 1)

    assert time.monotonic() - started < 5
    assert _sum(second) == 1


def test_the_turn_is_given_back_by_a_connection_that_is_closed(connect):
    first, second = connect(timeout=30), connect(timeout=30)
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    first.close()

    _add(second, 1)

    assert _sum(second) == 1


def test_who_waits_longer_than_his_patience_hears_that_the_database_is_locked(connect):
    first, second = connect(timeout=30), connect(timeout=0.1)
    with _writing(first), pytest.raises(OperationalError, match="locked"):
        _add(second, 1)

    _add(second, 1)

    assert _sum(second) == 1


_HOLD = """
import fcntl, sys, time
with open(sys.argv[1], "wb") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("held", flush=True)
    time.sleep(0.5)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="one process serves on Windows")
def test_other_processes_are_waited_for(connect, tmp_path):
    connection = connect(timeout=30)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path / "books.sqlite3-turn")], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        started = time.monotonic()
        _add(connection, 1)

    assert time.monotonic() - started > 0.3
    assert _sum(connection) == 1
