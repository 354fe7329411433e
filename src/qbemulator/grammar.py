"""What QuickBooks refuses before it does anything, as unhelpfully as QuickBooks does (protocol.md C.2).

Structure (order, names, repeats, versions) is checked while parsing: one fault refuses the whole message set. Values
(enumerations, ids, lengths, numbers) are checked per request. The facts come from qbxml's declarations, the checking
is our own, over raw elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from lxml import etree

from qbemulator.company_file import refusals
from qbemulator.company_file.refusals import Refused
from qbxml import schema
from qbxml.schema import Aggregate, Choice, Kind, Particle

Element = etree._Element

RAW_LIMIT = "\xff"
ON_ERROR = ("stopOnError", "continueOnError")
RESPONSE_DATA = ("includeAll", "includeNone")
# Listed by QuickBooks in SupportedQBXMLVersion, and yet refused by Enterprise 2024 (protocol.md C.1).
REFUSED_VERSIONS = frozenset({"1.0"})
LONGEST_REQUEST_ID = 50

_VERSION = re.compile(r"""\s*version\s*=\s*(["'])([0-9]+\.[0-9]+)\1\s*""")
_ENVELOPE_ATTRIBUTES = frozenset({"onError", "responseData", "newMessageSetID", "oldMessageSetID"})


class NotParsable(Exception):
    """The whole set is refused. The reason is for our own logs: QuickBooks gives none."""


@dataclass(frozen=True, slots=True)
class MessageSet:
    """A message set whose structure is right as far as the envelope."""

    version: str
    requests: tuple[Element, ...]
    on_error: str
    response_data: str
    new_id: str | None
    old_id: str | None


def parse(text: str, *, supported_versions: tuple[str, ...]) -> MessageSet:
    """The requests of a message set. Raises NotParsable."""
    if not text.isascii() and any(character > RAW_LIMIT for character in text):
        raise NotParsable("a raw character above U+00FF")
    root = _root(text)
    version = _version(root, supported_versions)
    if (
        root.tag != "QBXML"
        or root.attrib
        or _has_text(root)
        or len(root) != 1
        or root[0].tag != "QBXMLMsgsRq"
    ):
        raise NotParsable("QBXML holds exactly one QBXMLMsgsRq")
    messages = root[0]
    attributes = {str(name): str(value) for name, value in messages.attrib.items()}
    if _has_text(messages) or not attributes.keys() <= _ENVELOPE_ATTRIBUTES:
        raise NotParsable("text or unknown attributes in QBXMLMsgsRq")
    if attributes.get("onError") not in ON_ERROR:
        raise NotParsable("onError")
    if attributes.get("responseData", "includeAll") not in RESPONSE_DATA:
        raise NotParsable("responseData")
    _replace_large_characters(messages, text)
    return MessageSet(
        version=version,
        requests=tuple(messages),
        on_error=attributes["onError"],
        response_data=attributes.get("responseData", "includeAll"),
        new_id=attributes.get("newMessageSetID") or None,
        old_id=attributes.get("oldMessageSetID") or None,
    )


def check(request: Element, *, version: str, missing_required: str) -> Refused | None:
    """The first wrong value of a request, or None. Raises NotParsable for its structure.

    `missing_required` is the switch of that name: whether a missing element is a fault of structure or of value.
    """
    aggregate = schema.declaration(str(request.tag))
    checker = _Checker(schema.version_number(version), missing_required == "parse_error")
    since = _number(aggregate.since)
    if since is not None and since > checker.version:
        raise NotParsable(f"{request.tag} is newer than {version}")
    checker.attributes(request, aggregate)
    checker.inside(request, _plan_of(str(request.tag)))
    request_id = request.get("requestID")
    if request_id is not None and len(request_id) > LONGEST_REQUEST_ID:
        return Refused(1060, "The request ID is invalid.")
    return checker.fault


class _Checker:
    """One walk through one request."""

    def __init__(self, version: tuple[int, ...], missing_is_structure: bool) -> None:
        self.version = version
        self.fault: Refused | None = None
        self._missing_is_structure = missing_is_structure

    def attributes(self, request: Element, aggregate: Aggregate) -> None:
        allowed = {attribute.tag: attribute for attribute in aggregate.attributes}
        for name, value in request.attrib.items():
            attribute = allowed.get(str(name))
            if attribute is None or (attribute.values and value not in attribute.values):
                raise NotParsable(f"{request.tag}: attribute {name!r}")

    def inside(self, element: Element, plan: _Plan) -> None:
        if _has_text(element):
            raise NotParsable(f"{element.tag}: text among elements")
        children = list(element)
        end = self._sequence(children, 0, plan, element)
        if end != len(children):
            raise NotParsable(f"{element.tag}: {children[end].tag} is unknown, repeated or out of order")

    def _sequence(self, children: list[Element], at: int, plan: _Plan, parent: Element) -> int:
        """Take children from `at` on as the plan allows; where the first stands that does not fit."""
        position = 0
        while at < len(children):
            found = plan.place.get(str(children[at].tag))
            if found is None or found < position:
                break
            self._skipped(plan, position, found, parent)
            step = plan.steps[found]
            take = self._choice if isinstance(step, _ChoiceStep) else self._element
            at = take(children, at, step, parent)
            position = found + 1
        self._skipped(plan, position, len(plan.steps), parent)
        return at

    def _element(self, children: list[Element], at: int, step: _Step, parent: Element) -> int:
        particle = step.particle
        assert isinstance(particle, schema.Element)
        if self._newer(step.since):
            raise NotParsable(f"{particle.tag} is newer than the version")
        first = at
        while at < len(children) and children[at].tag == particle.tag and (particle.repeats or at == first):
            self._one(children[at], particle, step.inner)
            at += 1
        return at

    def _choice(self, children: list[Element], at: int, step: _Step, parent: Element) -> int:
        assert isinstance(step, _ChoiceStep)
        if self._newer(step.since):
            raise NotParsable(f"{parent.tag}: {children[at].tag} is newer than the version")
        taken = 0
        while at < len(children) and (step.maximum is None or taken < step.maximum):
            branch = step.branches.get(str(children[at].tag))
            if branch is None:
                break
            at = self._sequence(children, at, branch, parent)
            taken += 1
        return at

    def _skipped(self, plan: _Plan, first: int, end: int, parent: Element) -> None:
        """Nothing that must be there may stand between two places of the plan."""
        for place in plan.required:
            if first <= place < end and not self._newer(plan.steps[place].since):
                tag = plan.steps[place].name
                if self._missing_is_structure:
                    raise NotParsable(f"{parent.tag}: {tag} is missing")
                self._refuse(refusals.required_element(tag))

    def _one(self, element: Element, particle: schema.Element, inner: _Plan | None) -> None:
        if element.attrib:
            raise NotParsable(f"{element.tag}: attributes")
        if inner is not None:
            self.inside(element, inner)
            if (
                particle.required
                and particle.tag.endswith("Ref")
                and not any(child.text for child in element)
            ):
                self._refuse(refusals.required_element(particle.tag))
            return
        if len(element):
            raise NotParsable(f"{element.tag}: elements inside a value")
        if element.text:
            assert particle.kind is not None
            self._refuse(_CHECKS[particle.kind](element.text, particle))
        elif particle.required:
            self._refuse(refusals.required_element(particle.tag))

    def _newer(self, since: tuple[int, ...] | None) -> bool:
        return since is not None and since > self.version

    def _refuse(self, fault: Refused | None) -> None:
        self.fault = self.fault or fault


# --- Declarations as a plan to walk by ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """One element in its place; `inner` is the plan of what it holds."""

    name: str
    particle: Particle
    since: tuple[int, ...] | None
    inner: _Plan | None


@dataclass(frozen=True, slots=True)
class _ChoiceStep(_Step):
    """A choice in its place: which branch a tag begins or belongs to."""

    branches: dict[str, _Plan]
    maximum: int | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A sequence: its steps in order, where each tag belongs, and the steps that must not be left out."""

    steps: tuple[_Step, ...]
    place: dict[str, int]
    required: tuple[int, ...]


@cache
def _plan_of(request_name: str) -> _Plan:
    return _plan(schema.declaration(request_name).content)


def _plan(content: tuple[Particle, ...]) -> _Plan:
    steps = tuple(_choice_step(each) if isinstance(each, Choice) else _element_step(each) for each in content)
    place: dict[str, int] = {}
    for position, step in enumerate(steps):
        for tag in step.branches if isinstance(step, _ChoiceStep) else (step.name,):
            place.setdefault(tag, position)
    required = tuple(position for position, particle in enumerate(content) if _insists(particle))
    return _Plan(steps, place, required)


def _element_step(particle: schema.Element) -> _Step:
    inner = None if particle.aggregate is None else _plan(particle.aggregate.content)
    return _Step(particle.tag, particle, _number(particle.since), inner)


def _choice_step(choice: Choice) -> _ChoiceStep:
    branches: dict[str, _Plan] = {}
    for content in choice.branches:
        plan = _plan(content)
        for tag in plan.place:
            branches.setdefault(tag, plan)
    return _ChoiceStep(" or ".join(branches), choice, _number(choice.since), None, branches, choice.maximum)


def _insists(particle: Particle) -> bool:
    """Whether leaving it out breaks the sequence; a choice with a branch that may be empty does not insist."""
    if isinstance(particle, Choice):
        return particle.minimum > 0 and all(any(map(_insists, branch)) for branch in particle.branches)
    return particle.required


def _number(since: str | None) -> tuple[int, ...] | None:
    return None if since is None else schema.version_number(since)


# --- The document ------------------------------------------------------------------------------------------------


def _root(text: str) -> Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_blank_text=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError, ValueError) as error:
        raise NotParsable(str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotParsable("a document type")
    return root


def _version(root: Element, supported: tuple[str, ...]) -> str:
    """What the ?qbxml instruction asks for; it stands once, before the root."""
    before = list(root.itersiblings(preceding=True))
    after = list(root.itersiblings())
    instructions = [
        node for node in before if isinstance(node, etree._ProcessingInstruction) and node.target == "qbxml"
    ]
    if len(instructions) != 1 or any(getattr(node, "target", "") == "qbxml" for node in after):
        raise NotParsable("the qbxml instruction")
    match = _VERSION.fullmatch(instructions[0].text or "")
    if match is None or match[2] not in supported or match[2] in REFUSED_VERSIONS:
        raise NotParsable("the qbXML version")
    return match[2]


def _replace_large_characters(messages: Element, text: str) -> None:
    """An entity above U+00FF is accepted and arrives as "?" (recorded by a user of QuickBooks 2015)."""
    if "&#" not in text:
        return
    for element in messages.iter():
        if element.text and not element.text.isascii():
            element.text = _in_one_byte(element.text)
        for name, value in element.attrib.items():
            if not str(value).isascii():
                element.set(name, _in_one_byte(str(value)))


def _in_one_byte(text: str) -> str:
    return "".join(character if character <= RAW_LIMIT else "?" for character in text)


def _has_text(element: Element) -> bool:
    """Whether anything but white space stands between the children."""
    if element.text and not element.text.isspace():
        return True
    for child in element:
        tail = child.tail
        if tail and not tail.isspace():
            return True
    return False


# --- Values ------------------------------------------------------------------------------------------------------

_ID = re.compile(r"[0-9A-Fa-f]{1,16}-[0-9]{1,12}|[0-9a-zA-Z]{16}")
_GUID = re.compile(r"0|\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(T([01]?[0-9]|2[0-3])(:[0-5]?[0-9](:[0-5]?[0-9]([+-][0-9]{1,2}:[0-9]{1,2})?)?)?)?"
)
_INTEGER = re.compile(r"[+-]?[0-9]{1,10}")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,2})?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}(\.[0-9]{1,5})?")
_FLOAT = re.compile(r"[+-]?[0-9]{1,10}(\.[0-9]{1,10})?")
EARLIEST = date(1901, 1, 1)

# How QuickBooks calls an id in its sentence, where that is recorded.
_ID_NAMES = {"TxnID": "Transaction id"}


def _check_text(value: str, particle: schema.Element) -> Refused | None:
    if particle.max_length is not None and len(value) > particle.max_length:
        return Refused(3070, f'The string "{value}" in the field "{particle.tag}" is too long.')
    return None


def _check_id(value: str, particle: schema.Element) -> Refused | None:
    if _ID.fullmatch(value) or (value == "-1" and particle.tag == "TxnLineID"):
        return None
    return Refused(
        3000,
        f'The given object ID "{value}" in the field "{_ID_NAMES.get(particle.tag, particle.tag)}" is invalid.',
    )


def _check_enum(value: str, particle: schema.Element) -> Refused | None:
    if value in particle.values:
        return None
    return Refused(
        3110,
        f'The enumerated value "{value}" in the field "{particle.tag}" is unknown or invalid '
        "for the qbXML version in use.",
    )


def _check_date(value: str, particle: schema.Element) -> Refused | None:
    return (
        None
        if _DATE.fullmatch(value) and _exists(value)
        else _unconverted(3020, "date value", value, particle)
    )


def _check_date_time(value: str, particle: schema.Element) -> Refused | None:
    match = _DATE_TIME.fullmatch(value)
    if match and _exists(f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}"):
        return None
    return _unconverted(3020, "date value", value, particle)


def _check_integer(value: str, particle: schema.Element) -> Refused | None:
    if _INTEGER.fullmatch(value) and (particle.minimum is None or int(value) >= particle.minimum):
        return None
    return Refused(3085, f'The number "{value}" in the field "{particle.tag}" is invalid.')


def _pattern(
    pattern: re.Pattern[str], code: int, what: str
) -> Callable[[str, schema.Element], Refused | None]:
    def checked(value: str, particle: schema.Element) -> Refused | None:
        return None if pattern.fullmatch(value) else _unconverted(code, what, value, particle)

    return checked


def _unconverted(code: int, what: str, value: str, particle: schema.Element) -> Refused:
    return Refused(
        code, f'There was an error when converting the {what} "{value}" in the field "{particle.tag}".'
    )


def _exists(iso: str) -> bool:
    try:
        return date.fromisoformat(iso) >= EARLIEST
    except ValueError:
        return False


_CHECKS: dict[Kind, Callable[[str, schema.Element], Refused | None]] = {
    Kind.TEXT: _check_text,
    Kind.ID: _check_id,
    Kind.GUID: _pattern(_GUID, 3000, "GUID"),
    Kind.BOOL: _pattern(re.compile("true|false|1|0"), 3010, "boolean value"),
    Kind.INT: _check_integer,
    Kind.FLOAT: _pattern(_FLOAT, 3085, "number"),
    Kind.AMOUNT: _pattern(_AMOUNT, 3040, "amount"),
    Kind.PRICE: _pattern(_NUMBER, 3045, "price"),
    Kind.QUANTITY: _pattern(_NUMBER, 3060, "quantity"),
    Kind.PERCENT: _pattern(_NUMBER, 3050, "percent"),
    Kind.DATE: _check_date,
    Kind.DATETIME: _check_date_time,
    Kind.ENUM: _check_enum,
}
