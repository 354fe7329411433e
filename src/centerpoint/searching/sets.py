"""Conditions on sets of ids, worded for each database so that it looks the ids up in an index.

SQLite: `x IN (SELECT ...)`. PostgreSQL: `x = ANY (ARRAY (SELECT ...))`; of `IN` it makes a hash and goes through the table.
Conditions joined by "or" are each asked by itself: both databases would ask every row all of them, and PostgreSQL would
look through such an array from its beginning for each row.
"""

import json
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Func, Model, Q, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)


def among(field: str, ids: QuerySet[Any, Any] | Collection[int]) -> Q:
    """Rows whose `field` ("pk", or a foreign key of the model itself) is one of these ids, however many.

    A query says them by what it selects: models, or values_list() of one column of ids.
    """
    if isinstance(ids, QuerySet):
        ids = ids.order_by()
        if connection.vendor != "postgresql":
            return Q(**{f"{field}__in": ids})
        selected = ids if ids.query.values_select else ids.values("pk")
        return Q(_EqualsAny(F(field), _Array(selected)))
    if connection.vendor != "postgresql":
        return Q(**{f"{field}__in": _Listed(ids)})
    return Q(_EqualsAny(F(field), _Listed(ids)))


def any_of(
    model: type[M], *conditions: Q, row_by_row: bool = False, **sets: QuerySet[Any, Any] | Collection[int]
) -> Q:
    """Rows of `model` for which a condition holds, or whose field of that name is `among` a set.

    Each is asked of all there are, those of other contractors too: the query it stands in says whose are wanted.
    `row_by_row`: for the first few of very many, which a look at each row in order finds sooner.
    """
    if row_by_row:
        return reduce(or_, (*conditions, *(Q(**{f"{field}__in": ids}) for field, ids in sets.items())))
    conditions += tuple(among(field, ids) for field, ids in sets.items())
    first, *others = (
        model._default_manager.filter(condition).order_by().values("pk") for condition in conditions
    )
    return among("pk", first.union(*others, all=True))


class _Array(Subquery):
    template = "ARRAY(%(subquery)s)"


class _EqualsAny(Func):
    arg_joiner = " = ANY ("
    template = "%(expressions)s)"
    output_field = BooleanField()


class _Listed(Expression):
    """Ids as one parameter: a statement takes only so many."""

    def __init__(self, ids: Collection[int]) -> None:
        super().__init__()
        self._ids = ids

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        if connection.vendor == "postgresql":
            # As the server reads it: psycopg would look at each id twice.
            return "%s::bigint[]", [f"{{{','.join(map(str, self._ids))}}}"]
        return "(SELECT value FROM json_each(%s))", [json.dumps(list(self._ids))]
