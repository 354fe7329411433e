"""Django's SQLite backend for a server; a transaction waits for its turn before it begins, instead of asking again and again.

SQLite lets one transaction write. Who finds it taken sleeps for 1, 2, 5 ... 100 ms and tries again, while the processor
rests and others overtake him. Here threads of a process wait for each other at a lock, and one of each process at a lock on
a file beside the database. Both only put the writers in order: that no two write at once is still SQLite's word, so a
waiter whose patience ends simply asks it.
"""

import threading
import time
from collections import defaultdict
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # Windows, where one process serves (serve.py)
    fcntl = None  # type: ignore[assignment]

# As long as SQLite itself waits unless OPTIONS say otherwise.
PATIENCE_SECONDS = 5.0
FIRST_NAP_SECONDS = 0.0002
LONGEST_NAP_SECONDS = 0.001

_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)  # of this process, by database file


class DatabaseWrapper(base.DatabaseWrapper):
    """ENGINE "centerpoint.queued_sqlite3". The methods it overrides are Django's own, which its stubs do not name."""

    _turn: ExitStack | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=_Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self._turn = self._taken()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_back()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_back()

    def _taken(self) -> ExitStack:
        """What must be let go of when the transaction is over."""
        file = str(self.settings_dict["NAME"])
        until = time.monotonic() + float(self.settings_dict["OPTIONS"].get("timeout", PATIENCE_SECONDS))
        held = ExitStack()
        if _turns[file].acquire(timeout=until - time.monotonic()):
            held.callback(_turns[file].release)
            if fcntl is not None:
                queue = held.enter_context(Path(f"{file}-turn").open("wb"))  # noqa: SIM115 - the stack closes it
                _wait_for_other_processes(queue, until)
        return held

    def _give_back(self) -> None:
        held, self._turn = self._turn, None
        if held is not None:
            held.close()


class _Cursor(base.SQLiteCursorWrapper):
    """Remembers how a statement reads with SQLite's marks for parameters: the same few are run all day."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        return (
            _with_question_marks(query)
            if param_names is None
            else super().convert_query(query, param_names=param_names)
        )


@lru_cache(maxsize=1000)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _wait_for_other_processes(file: BinaryIO, until: float) -> None:
    """Returns with the file locked until it is closed; without, when patience ended."""
    nap = FIRST_NAP_SECONDS
    while time.monotonic() < until:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(nap)
            nap = min(2 * nap, LONGEST_NAP_SECONDS)
        else:
            return
