"""The index by which a text is found inside another: SQLite's full-text table, PostgreSQL's pg_trgm.

Neither is a matter of migrations. SQLite's follows its table by triggers, and Django drops those whenever it makes a table
anew; PostgreSQL's wants an extension that not every operator may install. So the index is compared with what it should be
whenever `migrate` has run, and made if it is not. Without it searches find the same and are slower.

Sources: SQLite, "FTS5 Extension", sections 4.3.4 (trigram), 4.4.3 (external content) and 3.5 (column filters); PostgreSQL 15,
appendix F.35 (pg_trgm).
"""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.apps import AppConfig
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)
LETTERS = 3
FIRST_SQLITE_WITH_TRIGRAMS = (3, 34, 0)

_searched: dict[type[Model], tuple[str, ...]] = {}


def searched(*fields: str) -> Callable[[type[M]], type[M]]:
    """Indexes these fields of a model, all of text."""

    def register(model: type[M]) -> type[M]:
        _searched[model] = fields
        return model

    return register


def fields_of(model: type[Model]) -> tuple[str, ...]:
    return _searched.get(model, ())


def can_find(text: str) -> bool:
    """Whether SQLite's index knows where this text is: it has three letters, and none that ends a text."""
    return len(text) >= LETTERS and "\0" not in text and sqlite_has_trigrams()


@cache
def sqlite_has_trigrams() -> bool:
    if sqlite3.sqlite_version_info < FIRST_SQLITE_WITH_TRIGRAMS:
        return False
    memory = sqlite3.connect(":memory:")
    try:
        return bool(memory.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])
    finally:
        memory.close()


def rows_of_sqlite(model: type[Model], text: str, fields: Iterable[str]) -> tuple[str, tuple[str]]:
    """The statement, and its parameter, for the ids of rows that hold the text in one of the fields."""
    table = _fts_table(model)
    columns = " ".join(_columns(model, fields))
    phrase = text.replace('"', '""')
    return f"SELECT rowid FROM {table} WHERE {table} MATCH %s", (f'{{{columns}}} : "{phrase}"',)  # noqa: S608 - names of columns


def make(connection: BaseDatabaseWrapper, models: Iterable[type[Model]]) -> None:
    """Makes the index of each of these models that has none, or another than it should."""
    for model in models:
        if not _is_made(connection, model):
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                for statement in _remaking(connection, model):
                    cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Tables that a search would fail on, for want of their index. PostgreSQL searches without, too."""
    if connection.vendor != "sqlite" or not sqlite_has_trigrams():
        return []
    return sorted(model._meta.db_table for model in _searched if not _is_made(connection, model))


def after_migrate(*, app_config: AppConfig, using: str, **_: Any) -> None:
    """Receives `post_migrate`."""
    connection = connections[using]
    models = [model for model in app_config.get_models() if model in _searched]
    if not models or (connection.vendor == "sqlite" and not sqlite_has_trigrams()):
        return
    if connection.vendor == "postgresql" and not _has_extension(connection):
        return
    make(connection, models)


def before_migrate(*, app_config: AppConfig, using: str, plan: Sequence[Any], **_: Any) -> None:
    """Receives `pre_migrate`: SQLite would not drop a column that a trigger names."""
    connection = connections[using]
    if not plan or connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for model in app_config.get_models():
            if model in _searched:
                for statement in _dropping_from_sqlite(model):
                    cursor.execute(statement)


def _is_made(connection: BaseDatabaseWrapper, model: type[Model]) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            statements = _making_in_sqlite(model)
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE name = %s OR tbl_name = %s AND type = 'trigger'",
                [_fts_table(model), model._meta.db_table],
            )
            return {row[0] for row in cursor.fetchall()} >= set(statements)
        cursor.execute("SELECT 1 FROM pg_class WHERE relname = %s", [_gin_index(model)])
        return cursor.fetchone() is not None


def _remaking(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
    if connection.vendor == "sqlite":
        table = _fts_table(model)
        fill = f"INSERT INTO {table}({table}) VALUES ('rebuild')"  # noqa: S608 - the name of a table
        return [*_dropping_from_sqlite(model), *_making_in_sqlite(model), fill]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s AND starts_with(indexname, %s)",
            [model._meta.db_table, _gin_prefix(model)],
        )
        former = [row[0] for row in cursor.fetchall()]
    return [*(f"DROP INDEX {index}" for index in former), _making_in_postgresql(model)]


def _dropping_from_sqlite(model: type[Model]) -> list[str]:
    triggers = (f"{_fts_table(model)}_{event}" for event in ("insert", "delete", "update"))
    return [
        *(f"DROP TRIGGER IF EXISTS {trigger}" for trigger in triggers),
        f"DROP TABLE IF EXISTS {_fts_table(model)}",
    ]


def _making_in_sqlite(model: type[Model]) -> list[str]:
    """As `sqlite_master` repeats them."""
    of, table, key = model._meta.db_table, _fts_table(model), _key(model)
    columns = _columns(model, fields_of(model))
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in (key, *columns)) for row in ("old", "new"))
    changed = " OR ".join(f"old.{column} <> new.{column}" for column in columns)
    forget = f"INSERT INTO {table}({table}, rowid, {names}) VALUES ('delete', {old});"  # noqa: S608 - names of columns
    learn = f"INSERT INTO {table}(rowid, {names}) VALUES ({new});"  # noqa: S608 - names of columns
    return [
        f"CREATE VIRTUAL TABLE {table} USING fts5({names}, content='{of}', content_rowid='{key}', tokenize='trigram')",
        f"CREATE TRIGGER {table}_insert AFTER INSERT ON {of} BEGIN {learn} END",
        f"CREATE TRIGGER {table}_delete AFTER DELETE ON {of} BEGIN {forget} END",
        f"CREATE TRIGGER {table}_update AFTER UPDATE OF {names} ON {of} WHEN {changed} BEGIN {forget} {learn} END",
    ]


def _making_in_postgresql(model: type[Model]) -> str:
    # As searching/lookups.py asks for them, or the index would not be taken.
    columns = ", ".join(
        f'(UPPER(({column})::text COLLATE "C")) gin_trgm_ops' for column in _columns(model, fields_of(model))
    )
    return f"CREATE INDEX {_gin_index(model)} ON {model._meta.db_table} USING gin ({columns})"


def _has_extension(connection: BaseDatabaseWrapper) -> bool:
    """Installs it where there is none, if that is allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            return True
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError as problem:
            log.warning(
                "Searches will be slower: PostgreSQL's extension pg_trgm is not installed and cannot be (%s). "
                "Let an administrator run CREATE EXTENSION pg_trgm in this database, then: centerpoint migrate",
                str(problem).strip(),
            )
            return False
    return True


def _fts_table(model: type[Model]) -> str:
    return f"{model._meta.db_table}_trigrams"


def _gin_prefix(model: type[Model]) -> str:
    return f"{model._meta.db_table}_trigrams_"


def _gin_index(model: type[Model]) -> str:
    """Named by its columns too: another choice of them is another index."""
    columns = " ".join(_columns(model, fields_of(model)))
    return _gin_prefix(model) + hashlib.sha256(columns.encode()).hexdigest()[:8]


def _columns(model: type[Model], fields: Iterable[str]) -> list[str]:
    return [str(model._meta.get_field(field).column) for field in fields]  # type: ignore[union-attr]


def _key(model: type[Model]) -> str:
    return str(model._meta.pk.column)
