"""From a dataclass to one request element, refusing whatever QuickBooks would refuse.

For each class and version a writer is put together once, out of its declaration; writing then only follows it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, partial
from operator import attrgetter
from typing import Any

from qbxml import CLEAR, text
from qbxml.errors import NotWritable
from qbxml.messages.base import Ref
from qbxml.messages.queries import IteratingQuery
from qbxml.schema import (
    REQUEST_ID_LENGTH,
    Aggregate,
    Attribute,
    Choice,
    Element,
    Kind,
    Particle,
    declared,
    elements_of,
    version_number,
)

Encode = Callable[[Any], str]
Emit = Callable[[Any, list[str]], None]
Rule = Callable[[Any], None]

_NO_ITEMS = ()
_EMPTY: tuple[object, ...] = (None, _NO_ITEMS, [])
_ONLY_A_MOD = "only a Mod can clear a field"


class _Refused(Exception):
    """On its way up, collecting the path of the element it happened in."""

    def __init__(self, limit: str, value: object = None) -> None:
        super().__init__(limit)
        self.limit = limit
        self.value = value
        self.path: list[str] = []


def write(body: object, *, version: str, request_id: str | None = None) -> str:
    """One request element, in ASCII. Raises NotWritable."""
    kind: type = type(body)
    if not kind.__name__.endswith("Rq") or kind.__module__.partition(".")[0] != __package__:
        raise NotWritable(kind.__name__, "", "only a request can be written")
    try:
        return _writer(kind, version)(body, request_id)
    except _Refused as refused:
        raise _named(kind.__name__, refused) from None


def check(body: object, *, version: str) -> None:
    """Raises what `write` would raise."""
    write(body, version=version)


def _named(request: str, refused: _Refused) -> NotWritable:
    """Add and Mod are named by their content, "CustomerAdd.BillAddress/City"; others by the request."""
    path = refused.path[::-1]
    if path and f"{path[0]}Rq" == request:
        return NotWritable(path[0], "/".join(path[1:]), refused.limit, refused.value)
    return NotWritable(request, "/".join(path), refused.limit, refused.value)


@cache
def _writer(kind: type, version: str) -> Callable[[object, str | None], str]:
    aggregate = declared(kind)
    number = version_number(version)
    if _is_newer(aggregate.since, number):
        raise _Refused(_refusal_of_newer(aggregate.since, number))
    clears = kind.__name__.endswith("ModRq")
    emit = _aggregate_emitter(aggregate, number, clears=clears)
    attributes = [_attribute_writer(attribute) for attribute in aggregate.attributes[1:]]
    iterates = issubclass(kind, IteratingQuery)

    def write_request(body: object, request_id: str | None) -> str:
        opening = [kind.__name__]
        if request_id is not None:
            if len(request_id) > REQUEST_ID_LENGTH:
                raise _at("@requestID", _too_long(request_id, REQUEST_ID_LENGTH))
            opening.append(f'requestID="{text.escape(request_id)}"')
        opening += [written for attribute in attributes if (written := attribute(body))]
        if iterates:
            _check_iterator(body)
        content: list[str] = []
        emit(body, content)
        inside = "".join(content)
        start = " ".join(opening)
        return f"<{start}>{inside}</{kind.__name__}>" if inside else f"<{start}/>"

    return write_request


def _attribute_writer(attribute: Attribute) -> Callable[[object], str]:
    get = attrgetter(attribute.name)

    def write_attribute(body: object) -> str:
        value = get(body)
        if value is None:
            return ""
        if attribute.values and value not in attribute.values:
            raise _at(f"@{attribute.tag}", _not_one_of(attribute.values, value))
        return f'{attribute.tag}="{text.escape(value)}"'

    return write_attribute


def _check_iterator(body: Any) -> None:
    if body.iterator == "Start" and body.max_returned is None:
        raise _at("MaxReturned", _Refused("required to start an iterator"))
    if body.iterator in ("Continue", "Stop") and not body.iterator_id:
        raise _at("@iteratorID", _Refused(f"required to {body.iterator.lower()} an iterator"))


# --- Aggregates -----------------------------------------------------------------------------------------------------


def _aggregate_emitter(aggregate: Aggregate, version: tuple[int, ...], *, clears: bool) -> Emit:
    elements = list(aggregate.elements())
    required = {part.name for part in aggregate.content if isinstance(part, Element) and part.required}
    get = _getter(elements)
    tags = [element.tag for element in elements]
    emitters = [_element_emitter(element, version, clears=clears) for element in elements]
    needed = [(index, element.tag) for index, element in enumerate(elements) if element.name in required]
    rules = [_choice_rule(part, version) for part in aggregate.content if isinstance(part, Choice)]
    if aggregate.type is Ref:
        rules.append(_refuse_empty_reference)
    wanted = aggregate.type

    def emit(value: object, out: list[str]) -> None:
        if type(value) is not wanted:
            raise _Refused(_ONLY_A_MOD if value is CLEAR else f"a {wanted.__name__} is required", value)
        for rule in rules:
            rule(value)
        items = get(value)
        for index, tag in needed:
            if items[index] in _EMPTY:
                raise _at(tag, _Refused("required"))
        for index, item in enumerate(items):
            if item is not None and item is not _NO_ITEMS:
                try:
                    emitters[index](item, out)
                except _Refused as refused:
                    refused.path.append(tags[index])
                    raise

    return emit


def _getter(elements: Sequence[Element]) -> Callable[[object], tuple[Any, ...]]:
    """The values of these elements, in order."""
    if len(elements) == 1:
        get = attrgetter(elements[0].name)
        return lambda value: (get(value),)
    return attrgetter(*(element.name for element in elements))


def _element_emitter(element: Element, version: tuple[int, ...], *, clears: bool) -> Emit:
    if _is_newer(element.since, version):
        return partial(_refuse_newer, element, version)
    if element.aggregate is not None:
        emit = _within_tags(element.tag, _aggregate_emitter(element.aggregate, version, clears=clears))
    else:
        emit = _value_emitter(element, clears=clears)
    if element.repeats:
        return _repeated(emit)
    return _cleared(element, emit) if clears else emit


def _refuse_newer(element: Element, version: tuple[int, ...], value: object, out: list[str]) -> None:
    raise _Refused(_refusal_of_newer(element.since, version), value)


def _within_tags(tag: str, emit: Emit) -> Emit:
    opening, closing = f"<{tag}>", f"</{tag}>"

    def emit_within(value: object, out: list[str]) -> None:
        out.append(opening)
        emit(value, out)
        out.append(closing)

    return emit_within


def _repeated(emit: Emit) -> Emit:
    def emit_each(value: object, out: list[str]) -> None:
        if not isinstance(value, tuple | list):
            raise _Refused("repeats: a tuple is required", value)
        for item in value:
            before = len(out)
            emit(item, out)
            if len(out) == before:
                raise _Refused("empty among others")

    return emit_each


def _cleared(element: Element, emit: Emit) -> Emit:
    empty = f"<{element.tag}/>"

    def emit_or_clear(value: object, out: list[str]) -> None:
        if value is not CLEAR:
            emit(value, out)
        elif element.required:
            raise _Refused("required, and cannot be cleared")
        else:
            out.append(empty)

    return emit_or_clear


def _value_emitter(element: Element, *, clears: bool) -> Emit:
    """Empty text is left out of an Add or a query; in a Mod it empties the field."""
    encode = _encoder(element)
    opening, closing = f"<{element.tag}>", f"</{element.tag}>"
    required = element.required

    def emit(value: object, out: list[str]) -> None:
        if value is CLEAR:
            raise _Refused(_ONLY_A_MOD)
        try:
            written = encode(value)
        except ValueError as problem:
            raise _Refused(str(problem), value) from None
        if written or clears:
            if required and not written:
                raise _Refused("required, and empty", value)
            out.append(f"{opening}{written}{closing}")
        elif required:
            raise _Refused("required, and empty", value)

    return emit


# --- Choices --------------------------------------------------------------------------------------------------------


def _choice_rule(choice: Choice, version: tuple[int, ...]) -> Rule:
    """At least and at most so many branches; a choice within a branch counts when its branch is taken."""
    elements = list(elements_of((choice,)))
    get = _getter(elements)
    nothing = tuple(() if element.repeats else None for element in elements)
    branches: list[_Branch] = []
    start = 0
    for content in choice.branches:
        branches.append(_Branch(content, start, version))
        start = branches[-1].span.stop
    too_new = _refusal_of_newer(choice.since, version) if _is_newer(choice.since, version) else ""
    may_be_empty = any(branch.may_be_empty for branch in branches)
    needed = ", ".join(branch.name for branch in branches)

    def rule(value: object) -> None:
        given = get(value)
        taken = [branch for branch in branches if given[branch.span] != nothing[branch.span]]
        if taken and too_new:
            raise _at(taken[0].name, _Refused(too_new))
        if choice.maximum is not None and len(taken) > choice.maximum:
            names = [_first_given(elements, given, branch.span) for branch in taken]
            raise _Refused(f"{' and '.join(names)} exclude each other")
        if len(taken) < choice.minimum and not may_be_empty:
            raise _Refused(f"one of {needed} is required")
        for branch in taken:
            branch.check(value)

    return rule


def _first_given(elements: Sequence[Element], given: tuple[Any, ...], span: slice) -> str:
    return next(
        element.tag for element, value in zip(elements[span], given[span], strict=True) if value not in _EMPTY
    )


class _Branch:
    """One branch of a choice; `span` is its part of the choice's elements."""

    def __init__(self, content: tuple[Particle, ...], start: int, version: tuple[int, ...]) -> None:
        elements = list(elements_of(content))
        required = [part for part in content if isinstance(part, Element) and part.required]
        self.span = slice(start, start + len(elements))
        self.name = elements[0].tag
        self.may_be_empty = not required
        # A branch of one element is taken by giving it, so there is nothing more to require.
        self._required = [(part.tag, attrgetter(part.name)) for part in required] if len(elements) > 1 else []
        self._rules = [_choice_rule(part, version) for part in content if isinstance(part, Choice)]

    def check(self, value: object) -> None:
        for tag, get in self._required:
            if get(value) in _EMPTY:
                raise _at(tag, _Refused("required"))
        for rule in self._rules:
            rule(value)


def _refuse_empty_reference(value: Any) -> None:
    if value.list_id is None and value.full_name is None:
        raise _Refused("ListID or FullName is required")


# --- Values ---------------------------------------------------------------------------------------------------------


def _encoder(element: Element) -> Encode:
    match element.kind:
        case Kind.TEXT | Kind.ID:
            return partial(_encode_text, element.max_length)
        case Kind.ENUM:
            return partial(_encode_enumeration, frozenset(element.values), element.values)
        case Kind.INT:
            return partial(_encode_int, element.minimum, element.maximum)
        case Kind.BOOL:
            return _encode_bool
        case Kind.DATE:
            return _encode_date
        case Kind.DATETIME:
            return partial(_encode_form, text.datetime)
        case Kind.GUID:
            return partial(_encode_form, text.guid)
        case Kind.AMOUNT:
            return partial(_encode_decimal, text.amount)
        case Kind.FLOAT:
            return partial(_encode_decimal, text.decimal)
        case _:
            return partial(_encode_decimal, text.price)


def _encode_text(limit: int | None, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text is required")
    mapped = text.to_quickbooks(value)
    if limit is not None and len(mapped) > limit:
        raise _too_long(mapped, limit)
    return text.escape(mapped)


def _encode_enumeration(allowed: frozenset[str], values: tuple[str, ...], value: object) -> str:
    if value not in allowed:
        raise _not_one_of(values, value)
    return str(value)


def _encode_int(minimum: int | None, maximum: int | None, value: object) -> str:
    if type(value) is not int:
        raise ValueError("a whole number is required")
    if minimum is not None and value < minimum:
        raise ValueError(f"at least {minimum} is required")
    if maximum is not None and value > maximum:
        raise ValueError(f"at most {maximum} is allowed")
    return str(value)


def _encode_bool(value: object) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    raise ValueError("true or false is required")


def _encode_date(value: object) -> str:
    if type(value) is not dt.date:
        raise ValueError("a date is required")
    return text.date(value)


def _encode_form(form: Callable[[str], str], value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text is required")
    return form(value)


def _encode_decimal(form: Callable[[Decimal], str], value: object) -> str:
    if not isinstance(value, Decimal):
        raise ValueError("a Decimal is required")
    return form(value)


# --- Refusals -------------------------------------------------------------------------------------------------------


def _at(tag: str, refused: _Refused) -> _Refused:
    refused.path.append(tag)
    return refused


def _too_long(value: str, limit: int) -> _Refused:
    return _Refused(f"{len(value)} characters, at most {limit} are allowed", value)


def _not_one_of(values: tuple[str, ...], value: object) -> _Refused:
    return _Refused(f"one of {', '.join(values)} is required", value)


def _refusal_of_newer(since: str | None, version: tuple[int, ...]) -> str:
    return f"unknown before qbXML {since}, and this is {'.'.join(map(str, version))}"


def _is_newer(since: str | None, version: tuple[int, ...]) -> bool:
    return since is not None and version_number(since) > version
