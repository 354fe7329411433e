"""The SQLite file under a company file: rows, transactions, counters and settings. No rule of QuickBooks lives here."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Row = sqlite3.Row

# Money is kept in whole cents, instants as Unix seconds, prices and quantities as decimal text.
TABLES = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE list_records (
    list TEXT NOT NULL, list_id TEXT NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL, full_name TEXT NOT NULL, sort_key TEXT NOT NULL,
    parent_id TEXT, sublevel INTEGER NOT NULL, is_active INTEGER NOT NULL,
    created INTEGER NOT NULL, modified INTEGER NOT NULL, edit_sequence INTEGER NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0, total_balance INTEGER NOT NULL DEFAULT 0,
    external_guid TEXT, fields TEXT NOT NULL,
    PRIMARY KEY (list, list_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX one_name_per_list ON list_records (list, sort_key);
CREATE INDEX list_records_by_parent ON list_records (list, parent_id);
CREATE INDEX list_records_by_change ON list_records (list, modified);
CREATE INDEX list_records_by_guid ON list_records (external_guid) WHERE external_guid IS NOT NULL;

CREATE TABLE transactions (
    sequence INTEGER PRIMARY KEY, txn_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, txn_number INTEGER NOT NULL,
    customer_id TEXT NOT NULL, txn_date TEXT NOT NULL, ref_number TEXT, ref_key TEXT,
    created INTEGER NOT NULL, modified INTEGER NOT NULL, edit_sequence INTEGER NOT NULL,
    subtotal INTEGER NOT NULL, tax INTEGER NOT NULL, total INTEGER NOT NULL, open_amount INTEGER NOT NULL,
    is_pending INTEGER NOT NULL DEFAULT 0, is_void INTEGER NOT NULL DEFAULT 0,
    external_guid TEXT, fields TEXT NOT NULL
);
CREATE INDEX transactions_by_customer ON transactions (customer_id, kind);
CREATE INDEX transactions_by_ref ON transactions (kind, ref_key);
CREATE INDEX transactions_by_change ON transactions (kind, modified);
CREATE INDEX transactions_by_date ON transactions (kind, txn_date, sequence);
CREATE INDEX transactions_by_guid ON transactions (external_guid) WHERE external_guid IS NOT NULL;

CREATE TABLE lines (
    txn_id TEXT NOT NULL, position INTEGER NOT NULL, line_id TEXT NOT NULL, item_id TEXT, fields TEXT NOT NULL,
    PRIMARY KEY (txn_id, position)
) WITHOUT ROWID;
CREATE INDEX lines_by_item ON lines (item_id) WHERE item_id IS NOT NULL;

CREATE TABLE applications (
    id INTEGER PRIMARY KEY, invoice_id TEXT NOT NULL, source_id TEXT NOT NULL, payment_id TEXT,
    amount INTEGER NOT NULL, discount INTEGER NOT NULL DEFAULT 0, discount_account TEXT, discount_class TEXT
);
CREATE INDEX applications_by_invoice ON applications (invoice_id);
CREATE INDEX applications_by_source ON applications (source_id);
CREATE INDEX applications_by_payment ON applications (payment_id) WHERE payment_id IS NOT NULL;

CREATE TABLE deletions (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, object_id TEXT NOT NULL, name TEXT,
    created INTEGER NOT NULL, deleted INTEGER NOT NULL
);
CREATE INDEX deletions_by_kind ON deletions (kind, deleted);

CREATE TABLE locks (object_id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE private_fields (
    owner_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (owner_id, name)
) WITHOUT ROWID;

CREATE TABLE message_sets (
    application TEXT NOT NULL, set_id TEXT NOT NULL, checksum TEXT NOT NULL, answers TEXT NOT NULL,
    PRIMARY KEY (application, set_id)
) WITHOUT ROWID;
"""


class Storage:
    """One open SQLite file. Every method may be called from any thread; one transaction at a time."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()
        self._memo: dict[Any, Any] = {}

    @classmethod
    def create(cls, path: Path) -> Storage:
        """A new, empty file. Raises FileExistsError rather than write over somebody's books."""
        if path.exists():
            raise FileExistsError(path)
        storage = cls.open(path)
        storage._connection.executescript(TABLES)
        return storage

    @classmethod
    def open(cls, path: Path) -> Storage:
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=512, timeout=30
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: an answer that left this machine must survive a power cut, as a posted invoice does in QuickBooks.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -32768")
        return cls(connection, path)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[None]:
        """Everything inside is on disk when the block ends, or nothing is. Blocks nest; the outermost decides."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            self._memo = {}
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def remembered(self, key: Any, read: Callable[[], T]) -> T:
        """What `read` returns, read once per transaction: nobody else can change it meanwhile.

        Outside a transaction it is read each time. `forget` after writing what was read.
        """
        if not self._connection.in_transaction:
            return read()
        if key not in self._memo:
            self._memo[key] = read()
        found: T = self._memo[key]
        return found

    def forget(self) -> None:
        self._memo = {}

    @contextmanager
    def step(self) -> Iterator[None]:
        """One request inside a transaction: its effects vanish if the block raises, those before it stay."""
        self._connection.execute("SAVEPOINT step")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO step")
            self.forget()
            self._connection.execute("RELEASE step")
            raise
        self._connection.execute("RELEASE step")

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        with self._lock:
            return self._connection.execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._lock:
            self._connection.executemany(sql, rows)

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        with self._lock:
            row: Row | None = self._connection.execute(sql, parameters).fetchone()
        return row

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def take_numbers(self, counter: str, count: int = 1) -> int:
        """The first of `count` numbers nobody else gets; the first number ever is 1."""
        row = self.one(
            "INSERT INTO counters (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = value + ? RETURNING value",
            (counter, count, count),
        )
        assert row is not None
        return int(row["value"]) - count + 1

    def raise_counter(self, counter: str, value: int) -> None:
        """Make sure that the next number is above `value`."""
        self.execute(
            "INSERT INTO counters (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
            (counter, value),
        )

    def setting(self, name: str, default: Any) -> Any:
        return self.remembered("settings", self._settings).get(name, default)

    def _settings(self) -> dict[str, Any]:
        return {row["name"]: json.loads(row["value"]) for row in self.all("SELECT name, value FROM settings")}

    def set_setting(self, name: str, value: Any) -> None:
        self.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value)),
        )
        self.forget()

    def snapshot(self) -> bytes:
        """The whole file as it is now, for `restore`."""
        with self._lock:
            return self._connection.serialize()

    def restore(self, snapshot: bytes) -> None:
        """Put the file back, as restoring a backup does."""
        # In memory a WAL file can be read only as one with a rollback journal: bytes 18 and 19 say which it is
        # (sqlite.org, sqlite3_deserialize).
        image = snapshot[:18] + b"\x01\x01" + snapshot[20:]
        with self._lock, contextlib.closing(sqlite3.connect(":memory:")) as kept:
            kept.deserialize(image)
            kept.backup(self._connection)
            self._memo = {}
