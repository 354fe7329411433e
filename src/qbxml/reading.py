"""From QuickBooks' answers to dataclasses: tolerant, in one pass, in little memory.

Elements nobody declared are passed over and named in `unknown`. A missing element is None; only what identifies a
record must be there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any

from lxml import etree

from qbxml import messages, text
from qbxml.errors import Malformed, NotReadable
from qbxml.messages import ErrorRecovery
from qbxml.parsing import DEFAULT_LIMITS, Limits, Source, element_events
from qbxml.schema import Aggregate, Kind, declared

_ROOT = "QBXML"
_SET = "QBXMLMsgsRs"
_RECORD_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Status:
    """statusCode, statusSeverity (Info, Warn, Error) and statusMessage of one answer."""

    code: int
    severity: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOpened:
    """The answers begin. Both are there only when the request used error recovery."""

    new_message_set_id: str | None
    message_set_status_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOpened:
    """One answer begins: "CustomerQueryRs" and its attributes."""

    name: str
    request_id: str | None
    status: Status
    ret_count: int | None
    iterator_id: str | None
    iterator_remaining_count: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the answer that is open: a ...Ret, or the content of a TxnDelRs, TxnVoidRs or ListDelRs."""

    record: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClosed:
    """The answer that was open ends. `unknown` holds the paths of elements that were passed over."""

    error_recovery: ErrorRecovery | None
    unknown: tuple[str, ...]


Event = SetOpened | AnswerOpened | Record | AnswerClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer in whole."""

    name: str
    request_id: str | None
    status: Status
    records: tuple[Any, ...]
    ret_count: int | None
    iterator_id: str | None
    iterator_remaining_count: int | None
    error_recovery: ErrorRecovery | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSet:
    """All answers to one message set, in the order of its requests."""

    answers: tuple[Answer, ...]
    new_message_set_id: str | None
    message_set_status_code: str | None
    unknown: tuple[str, ...]


def read_answers(source: Source, *, limits: Limits = DEFAULT_LIMITS) -> AnswerSet:
    """Everything in memory. Raises Malformed, Hostile, NotReadable."""
    opened_set = SetOpened(new_message_set_id=None, message_set_status_code=None)
    answers: list[Answer] = []
    unknown: dict[str, None] = {}
    opened: AnswerOpened | None = None
    records: list[Any] = []
    for event in stream_answers(source, limits=limits):
        match event:
            case Record(record):
                records.append(record)
            case AnswerOpened():
                opened, records = event, []
            case AnswerClosed():
                assert opened is not None
                answers.append(_answer(opened, records, event))
                unknown |= dict.fromkeys(event.unknown)
            case SetOpened():
                opened_set = event
    return AnswerSet(
        answers=tuple(answers),
        new_message_set_id=opened_set.new_message_set_id,
        message_set_status_code=opened_set.message_set_status_code,
        unknown=tuple(unknown),
    )


def _answer(opened: AnswerOpened, records: list[Any], closed: AnswerClosed) -> Answer:
    return Answer(
        name=opened.name,
        request_id=opened.request_id,
        status=opened.status,
        records=tuple(records),
        ret_count=opened.ret_count,
        iterator_id=opened.iterator_id,
        iterator_remaining_count=opened.iterator_remaining_count,
        error_recovery=closed.error_recovery,
    )


def stream_answers(source: Source, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Event]:
    """Record by record: memory does not grow with the answer. Raises Malformed, Hostile, NotReadable on the way."""
    level = 0
    answer = _OpenAnswer("")
    for kind, element in element_events(source, root=_ROOT, whole=_RECORD_LEVEL, limits=limits):
        if kind == "whole":
            yield from answer.take(element)
        elif kind == "start":
            level += 1
            if level == _RECORD_LEVEL - 2:
                yield _set_opened(element)
            elif level == _RECORD_LEVEL - 1:
                answer = _OpenAnswer(str(element.tag))
                yield _answer_opened(element)
        else:
            if level == _RECORD_LEVEL - 1:
                yield from answer.close()
            level -= 1


def _set_opened(element: etree._Element) -> SetOpened:
    if element.tag != _SET:
        raise Malformed(f"{element.tag} where {_SET} should stand: not an answer of QuickBooks")
    return SetOpened(
        new_message_set_id=element.get("newMessageSetID"),
        message_set_status_code=element.get("messageSetStatusCode"),
    )


def _answer_opened(element: etree._Element) -> AnswerOpened:
    code = _number(element, "statusCode")
    if code is None:
        raise NotReadable(f"{element.tag}/@statusCode", "a whole number", None)
    return AnswerOpened(
        name=str(element.tag),
        request_id=element.get("requestID"),
        status=Status(code, element.get("statusSeverity", ""), element.get("statusMessage", "")),
        ret_count=_number(element, "retCount"),
        iterator_id=element.get("iteratorID"),
        iterator_remaining_count=_number(element, "iteratorRemainingCount"),
    )


def _number(element: etree._Element, attribute: str) -> int | None:
    value = element.get(attribute)
    if not value:
        return None
    try:
        return text.read_int(value)
    except ValueError as problem:
        raise NotReadable(f"{element.tag}/@{attribute}", str(problem), value) from None


class _OpenAnswer:
    """Collects what an answer holds beside its records."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._own = _answers_with_content().get(name)
        self._values: dict[str, Any] = {}
        self._recovery: ErrorRecovery | None = None
        self._unknown: dict[str, None] = {}

    def take(self, element: etree._Element) -> Iterator[Record]:
        reader = _records().get(str(element.tag))
        if element.tag == "ErrorRecovery":
            self._recovery = _reader(ErrorRecovery).read(element, self._unknown)
        elif reader is not None:
            yield Record(reader.read(element, self._unknown))
        elif self._own is not None:
            self._own.fill(self._values, (element,), self._unknown)
        else:
            self._unknown[_path(element)] = None

    def close(self) -> Iterator[Event]:
        if self._own is not None and self._values:
            yield Record(self._own.build(self._values, self._name))
        yield AnswerClosed(error_recovery=self._recovery, unknown=tuple(self._unknown))


# --- One reader per dataclass ---------------------------------------------------------------------------------------

Convert = Callable[[str], Any]
_CONVERT: Mapping[Kind, Convert | None] = {
    Kind.AMOUNT: text.read_decimal,
    Kind.PRICE: text.read_decimal,
    Kind.QUANTITY: text.read_decimal,
    Kind.PERCENT: text.read_decimal,
    Kind.FLOAT: text.read_decimal,
    Kind.BOOL: text.read_bool,
    Kind.INT: text.read_int,
    Kind.DATE: text.read_date,
}
Step = tuple[str, bool, Convert | None, "_Reader | None"]


class _Reader:
    """Reads the elements of one dataclass; put together once from its declaration."""

    def __init__(self, aggregate: Aggregate) -> None:
        self._type: Callable[..., Any] = aggregate.type
        self._steps: dict[object, Step] = {
            element.tag: (
                element.name,
                element.repeats,
                _CONVERT.get(element.kind) if element.kind else None,
                _reader(element.aggregate.type) if element.aggregate else None,
            )
            for element in aggregate.elements()
        }
        self._required = {field.name for field in fields(aggregate.type) if field.default is MISSING}
        self._tags = {element.name: element.tag for element in aggregate.elements()}

    def read(self, element: etree._Element, unknown: dict[str, None]) -> Any:
        values: dict[str, Any] = {}
        self.fill(values, element, unknown)
        if not values.keys() >= self._required:
            return self.build(values, _path(element))
        return self._type(**values)

    def build(self, values: dict[str, Any], path: str) -> Any:
        for name, tag in self._tags.items():
            if name in self._required and name not in values:
                raise NotReadable(f"{path}/{tag}", "an element", None)
        return self._type(**values)

    def fill(
        self, values: dict[str, Any], children: Iterable[etree._Element], unknown: dict[str, None]
    ) -> None:
        steps = self._steps
        for child in children:
            step = steps.get(child.tag)
            if step is None:
                unknown[_path(child)] = None
                continue
            name, repeats, convert, reader = step
            value: Any
            if reader is not None:
                value = reader.read(child, unknown)
            else:
                value = child.text
                if convert is not None:
                    if not value:
                        continue
                    try:
                        value = convert(value)
                    except ValueError as problem:
                        raise NotReadable(_path(child), str(problem), value) from None
                elif value is None:
                    value = ""
            if repeats:
                value = (*values.get(name, ()), value)
            values[name] = value


@cache
def _reader(kind: type) -> _Reader:
    return _Reader(declared(kind))


@cache
def _records() -> dict[str, _Reader]:
    """By element name: every record an answer may hold."""
    return {name: _reader(kind) for name, kind in vars(messages).items() if name.endswith("Ret")}


@cache
def _answers_with_content() -> dict[str, _Reader]:
    """By element name: answers that hold values instead of records."""
    return {name: _reader(kind) for name, kind in vars(messages).items() if name.endswith("Rs")}


def _path(element: etree._Element) -> str:
    """ "InvoiceQueryRs/InvoiceRet/Subtotal"."""
    tags = [str(element.tag)]
    for ancestor in element.iterancestors():
        if ancestor.tag == _SET:
            break
        tags.append(str(ancestor.tag))
    return "/".join(reversed(tags))
