"""Values on their way into a record: tidied, and refused by name when the record cannot hold them.

SQLite stores a text of any length; only this check keeps the promise of the columns on both databases.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model

from centerpoint.contractors.refusals import Refusal


class FieldsRefused(Refusal):
    """`problems` says for each field what is wrong with its value."""

    def __init__(self, model: type[Model], problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        named = "; ".join(
            f"{model._meta.get_field(name).verbose_name}: {problem}"  # type: ignore[union-attr]
            for name, problem in problems.items()
        )
        super().__init__(f"{str(model._meta.verbose_name).capitalize()}: {named}")


def cleaned(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` without blanks at the ends of texts; FieldsRefused names every one the columns cannot hold."""
    accepted: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in values.items():
        field = model._meta.get_field(name)
        if not isinstance(field, Field) or field.is_relation:
            accepted[name] = value
            continue
        try:
            accepted[name] = _cleaned(field, value)
        except ValidationError as problem:
            problems[name] = " ".join(problem.messages)
    if problems:
        raise FieldsRefused(model, problems)
    return accepted


def _cleaned(field: "Field[Any, Any]", value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
        if "\0" in value:
            # PostgreSQL has no way to store it.
            raise ValidationError("Null characters are not allowed.")
        if value == "" and field.blank and not field.null:
            return value
    return field.clean(value, None)
