"""Queries that the ORM writes once and the calls of a connector session only run.

Building and compiling a query costs Django five to ten times what running it costs the database, and a message takes some
forty of them (docs/operator/performance.md). A compiled query is an ordinary one in which the values of a call are named
instead of given:

    @CompiledQuery
    def _numbers() -> QuerySet[Invoice, Any]:
        return Invoice.objects.filter(contractor=Given("contractor"), pk__in=Each("ids")).values_list("pk", "number")

    numbers = dict(_numbers.rows(contractor=1, ids=[2, 3]))
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler

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


def _as_json(values: Collection[int | str]) -> str:
    return json.dumps(list(values))


_LISTS_OF_IDS: dict[str, tuple[str, ForTheDatabase]] = {
    "sqlite": ("(SELECT value FROM json_each(%s))", _as_json),
    "postgresql": ("(SELECT unnest(%s::bigint[]))", list),
}
_LISTS_OF_TEXTS = {**_LISTS_OF_IDS, "postgresql": ("(SELECT unnest(%s::text[]))", list)}

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, Convert], ...]  # by the column's place in the row
    to_record: Convert | None  # from a row; None of a query of values


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
            for place, convert in statement.converters:
                columns[place] = map(convert, columns[place])
            rows = list(zip(*columns, strict=True))
        return rows


def _compiled(query: QuerySet[Any, Any]) -> _Statement:
    compiler = query.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([column for column, _, _ in compiler.select or ()])
    chains = tuple((place, _chain(found, column)) for place, (found, column) in converters.items())
    to_record = _to_record(compiler) if query.query.default_cols else None
    return _Statement(sql, tuple(parameters), chains, to_record)


def _chain(converters: list[Callable[[Any, Any, Any], Any]], column: Any) -> Convert:
    def convert(value: Any) -> Any:
        for each in converters:
            value = each(value, column, connection)
        return value

    return convert


def _to_record(compiler: SQLCompiler) -> Convert:
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
