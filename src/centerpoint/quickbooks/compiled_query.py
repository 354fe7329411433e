"""Queries that the ORM writes once and the calls of a connector session only run.

Building and compiling a query costs Django five to ten times what running it costs the database, and a message takes some
forty of them (docs/operator/performance.md). A compiled query is an ordinary one in which the values of a call are named
instead of given:

    @CompiledQuery
    def _numbers() -> QuerySet[Invoice, Any]:
        return Invoice.objects.filter(contractor=Given("contractor"), pk__in=Each("ids")).values_list("pk", "number")

    numbers = dict(_numbers.rows(contractor=1, ids=[2, 3]))
"""

import itertools
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, JSONField, Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler
from psycopg.types.json import Jsonb

Rows = list[tuple[Any, ...]]
ForTheDatabase = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value of the call goes among the parameters of the statement."""

    name: str
    adapt: ForTheDatabase | None = None


class Given(Expression):
    """One value of the call; with `field` where the database wants it in another form, as SQLite does dates."""

    def __init__(self, name: str, field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=field)
        self._name = name
        self._field = field

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        field = self._field
        if field is None:
            return "%s", [_Place(self._name)]
        return "%s", [_Place(self._name, lambda value: field.get_db_prep_value(value, connection))]


class Each(Expression):
    """The ids or texts of the call, however many, behind `__in`: one parameter, so that the statement stays the same."""

    def __init__(self, name: str, *, texts: bool = False) -> None:
        super().__init__()
        self._name = name
        self._list = _LISTS_OF_TEXTS if texts else _LISTS_OF_IDS

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        sql, adapt = self._list[connection.vendor]
        return sql, [_Place(self._name, adapt)]


def among(ids: Collection[int]) -> tuple[str, Any]:
    """The same for a statement in SQL: what stands behind IN, and its one parameter."""
    sql, adapt = _LISTS_OF_IDS[connection.vendor]
    return sql, adapt(ids)


def is_among(column: str, ids: Collection[int]) -> tuple[str, Any]:
    """The whole condition, and its one parameter."""
    sql, parameter = among(ids)
    return _planned_well(f"{column} IN {sql}"), parameter


def _planned_well(sql: str) -> str:
    """PostgreSQL looks up each of an array in an index; of a query that unnests it, it often goes through the table."""
    return _AMONG_UNNESTED.sub(r"= ANY (\1)", sql)


_AMONG_UNNESTED = re.compile(r"IN \(SELECT unnest\((%s::\w+\[\])\)\)")


def _as_json(values: Collection[int | str]) -> str:
    return json.dumps(list(values))


_LISTS_OF_IDS: dict[str, tuple[str, ForTheDatabase]] = {
    "sqlite": ("(SELECT value FROM json_each(%s))", _as_json),
    "postgresql": ("(SELECT unnest(%s::bigint[]))", list),
}
_LISTS_OF_TEXTS = {**_LISTS_OF_IDS, "postgresql": ("(SELECT unnest(%s::text[]))", list)}

Convert = Callable[[Any, Any, Any], Any]  # of a value, its column and the connection, as the ORM has them
ToRecord = Callable[[tuple[Any, ...]], Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[
        tuple[int, Any, list[Convert]], ...
    ]  # the column's place in the row, itself, its converters
    to_record: ToRecord | None  # None of a query of values


class CompiledQuery:
    """A query made by `build`, compiled at its first call. Nothing in it may vary but what is `Given` or `Each`."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._statements: dict[str, _Statement] = {}

    def rows(self, **given: Any) -> Rows:
        """What values_list() gives, in whole."""
        return self._rows(self._statement(), given)

    def records(self, **given: Any) -> list[Any]:
        """Of a query without values_list() and select_related(): its models."""
        statement = self._statement()
        assert statement.to_record is not None, "a query of values has no models"
        return list(map(statement.to_record, self._rows(statement, given)))

    def _statement(self) -> _Statement:
        statement = self._statements.get(connection.vendor)
        if statement is None:
            statement = self._statements[connection.vendor] = _compiled(self._build())
        return statement

    def _rows(self, statement: _Statement, given: dict[str, Any]) -> Rows:
        parameters = [_value(parameter, given) for parameter in statement.parameters]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            rows: Rows = cursor.fetchall()
        if rows and statement.converters:
            columns: list[Any] = list(zip(*rows, strict=True))
            for place, column, converters in statement.converters:
                for convert in converters:
                    columns[place] = map(
                        convert, columns[place], itertools.repeat(column), itertools.repeat(connection)
                    )
            rows = list(zip(*columns, strict=True))
        return rows


def _compiled(query: QuerySet[Any, Any]) -> _Statement:
    compiler = query.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([column for column, _, _ in compiler.select or ()])
    by_place = tuple(
        (place, column, _quicker(column, found)) for place, (found, column) in converters.items()
    )
    to_record = _to_record(compiler) if query.query.default_cols else None
    return _Statement(_planned_well(sql), tuple(parameters), by_place, to_record)


def _quicker(column: Any, converters: list[Convert]) -> list[Convert]:
    """What the ORM does with values of the column; JSON is read by a quicker reader."""
    field = column.output_field
    if type(field) is JSONField and field.decoder is None:
        return [_from_json if each == field.from_db_value else each for each in converters]
    return converters


def _from_json(value: str | None, column: Any, connection: Any) -> Any:
    return None if value is None else orjson.loads(value)


def _to_record(compiler: SQLCompiler) -> ToRecord:
    model, columns = compiler.query.model, compiler.select
    assert model is not None and columns is not None, "a query with all columns names its model"
    names = [column.target.attname for column, _, _ in columns if isinstance(column, Col)]

    def to_record(row: tuple[Any, ...]) -> Any:
        return model.from_db(connection.alias, names, row[: len(names)])

    return to_record


def _value(parameter: Any, given: dict[str, Any]) -> Any:
    if not isinstance(parameter, _Place):
        return parameter
    value = given[parameter.name]
    return value if parameter.adapt is None else parameter.adapt(value)


# -- writing ---------------------------------------------------------------------------------------------------------


def for_the_database(field: "Field[Any, Any]", value: Any) -> Any:
    """What the ORM would give the database for `value`; JSON is written by a quicker writer."""
    if type(field) is JSONField and field.encoder is None and value is not None:
        return json_writer()(value)
    return field.get_db_prep_save(value, connection)


def json_writer() -> ForTheDatabase:
    """Makes of a value what a JSONField's column takes."""
    return _JSON[connection.vendor]


_JSON: dict[str, ForTheDatabase] = {
    "sqlite": lambda value: orjson.dumps(value).decode(),
    "postgresql": lambda value: Jsonb(value, dumps=orjson.dumps),
}


def write(model: type[Model], values: Mapping[str, Any], **which: Any) -> int:
    """UPDATE the rows whose columns equal `which`; how many there were. Columns go by the names of their fields."""
    sql, fields = _update(model, tuple(values), tuple(which))
    given = [*values.values(), *which.values()]
    with connection.cursor() as cursor:
        cursor.execute(sql, list(map(for_the_database, fields, given)))
        return int(cursor.rowcount)


@cache
def _update(
    model: type[Model], columns: tuple[str, ...], which: tuple[str, ...]
) -> tuple[str, list["Field[Any, Any]"]]:
    own = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    own["pk"] = model._meta.pk
    assignments = ", ".join(f"{own[name].column} = %s" for name in columns)
    conditions = " AND ".join(f"{own[name].column} = %s" for name in which)
    sql = f"UPDATE {model._meta.db_table} SET {assignments} WHERE {conditions}"  # noqa: S608 - names of columns
    return sql, [own[name] for name in (*columns, *which)]


def insert(record: Model) -> None:
    """INSERT a new record, as save() does, and give it its id."""
    sql, fields = _insert(type(record))
    with connection.cursor() as cursor:
        cursor.execute(sql, [for_the_database(field, getattr(record, field.attname)) for field in fields])
        [record.pk] = cursor.fetchone()
    record._state.adding, record._state.db = False, connection.alias


@cache
def _insert(model: type[Model]) -> tuple[str, list["Field[Any, Any]"]]:
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns, places = ", ".join(str(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {meta.db_table} ({columns}) VALUES ({places}) RETURNING {meta.pk.column}"  # noqa: S608
    return sql, fields
