"""What lists and the search field look for: texts that are held somewhere in a name, a number or a description.

A text is found by the groups of three letters it has (trigrams): both databases keep an index of those, so that a search
costs what it finds and not what there is. Texts shorter than that are looked for row by row.

- `@searched("name", ...)` at a model: these columns are indexed (trigrams.py), each time `migrate` has run.
- `contains(Model, text, "name", ...)`: the rows that hold the text, upper and lower case alike.
- `among("company", companies)`: the rows whose company is one of these.
- `any_of(Model, this, company=companies)`: the rows for which one of several conditions holds, each found by its own
  index (sets.py).
"""

from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Model, Q
from django.db.models.expressions import RawSQL

from centerpoint.searching import trigrams
from centerpoint.searching.sets import among, any_of
from centerpoint.searching.trigrams import searched

__all__ = ["among", "any_of", "contains", "searched"]


def contains(model: type[Model], text: str, *fields: str) -> Q:
    """Rows of `model` with `text` (not empty) in one of these fields, all `searched`; whose rows they are is still to be asked.

    As `icontains`, and on SQLite quicker and better: it has ä for Ä, too. PostgreSQL finds its index by itself.
    """
    unknown = set(fields) - set(trigrams.fields_of(model))
    if unknown or not fields:
        raise ValueError(f"{model.__name__} is not searched by {', '.join(sorted(unknown)) or 'nothing'}")
    if connection.vendor == "sqlite" and trigrams.can_find(text):
        return Q(pk__in=RawSQL(*trigrams.rows_of_sqlite(model, text, fields)))  # noqa: S611 - the text is a parameter
    return reduce(or_, (Q(**{f"{field}__icontains": text}) for field in fields))
