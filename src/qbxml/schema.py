"""How a message is declared: order, type, limit, choice, repeat, since which version.

A message is a frozen dataclass (`@message`) whose field order is the order QuickBooks enforces. Annotations carry the facts:

    name: Annotated[str, Max(41)]                                  required text of at most 41 characters
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None   optional, its FullName at most 159
    amount: Amount | None = None                                   a decimal with two places
    invoice_line_add: tuple[InvoiceLineAdd, ...] = ()              repeats
    CHOICES: ClassVar[Choices] = (at_most_one("rate", "rate_percent"),)

`declaration` turns the class into plain facts (`Aggregate`, `Element`, `Choice`), which the writer, the reader and
the emulator's own grammar read. Facts are from Intuit's reference for qbXML 13.0, US edition.
"""

import datetime as dt
import types
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass, make_dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar, Union, dataclass_transform, get_args, get_origin, get_type_hints

ID_LENGTH = 36
REQUEST_ID_LENGTH = 50


class Kind(Enum):
    """Intuit's simple types; the value is Intuit's name of the type."""

    TEXT = "STRTYPE"
    ID = "IDTYPE"
    GUID = "GUIDTYPE"
    BOOL = "BOOLTYPE"
    INT = "INTTYPE"
    FLOAT = "FLOATTYPE"
    AMOUNT = "AMTTYPE"
    PRICE = "PRICETYPE"
    QUANTITY = "QUANTYPE"
    PERCENT = "PERCENTTYPE"
    DATE = "DATETYPE"
    DATETIME = "DATETIMETYPE"
    ENUM = "ENUMTYPE"


Message = TypeVar("Message")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def message(kind: type[Message]) -> type[Message]:
    """Makes a frozen dataclass of keyword fields out of a declaration, which is quick to fill all the same."""
    frozen = dataclass(frozen=True, kw_only=True, slots=True)(kind)
    if frozen.__bases__ == (object,):
        frozen.__init__ = _quick_init(frozen)  # type: ignore[method-assign]
    return frozen


def _quick_init(frozen: type) -> Callable[..., None]:
    """A frozen dataclass sets each of its up to fifty fields through object.__setattr__(), which takes four times as long.

    Here an object is filled as one of a thawed twin, whose fields lie at the same places, and then frozen.
    """
    thawed = make_dataclass(
        frozen.__name__,
        [(each.name, Any, field(default=each.default)) for each in fields(frozen)],
        kw_only=True,
        slots=True,
        eq=False,
        repr=False,
    )
    fill: Callable[..., None] = vars(thawed)["__init__"]

    def init(self: Any, **values: Any) -> None:
        object.__setattr__(self, "__class__", thawed)
        fill(self, **values)
        self.__class__ = frozen

    return init


# --- Words used in annotations -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Max:
    """The most characters a text may have; on a reference: of its FullName."""

    length: int


@dataclass(frozen=True, slots=True)
class Since:
    """The first qbXML version that knows the element."""

    version: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The smallest integer allowed."""

    value: int


@dataclass(frozen=True, slots=True)
class AtMost:
    """The greatest integer allowed."""

    value: int


@dataclass(frozen=True, slots=True)
class Tag:
    """The element's name where it does not follow from the field's name."""

    name: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """The values of an enumeration, as words in one text."""

    words: str

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(self.words.split())


@dataclass(frozen=True, slots=True)
class XmlAttribute:
    """The field is an XML attribute of the request, not an element. No `values` means any text."""

    name: str
    values: tuple[str, ...] = ()


Id = Annotated[str, Kind.ID]
Guid = Annotated[str, Kind.GUID]
DateTime = Annotated[str, Kind.DATETIME]
Amount = Annotated[Decimal, Kind.AMOUNT]
Price = Annotated[Decimal, Kind.PRICE]
Quantity = Annotated[Decimal, Kind.QUANTITY]
Percent = Annotated[Decimal, Kind.PERCENT]
Float = Annotated[Decimal, Kind.FLOAT]
EditSequence = Annotated[str, Max(16)]


@dataclass(frozen=True, slots=True)
class Run:
    """One way to take a choice: the fields from `first` to `last`."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """A choice as a class declares it, in names of fields; one choice may lie within another's run."""

    runs: tuple[Run, ...]
    minimum: int
    maximum: int | None
    since: str | None


Choices = tuple[ChoiceRule, ...]


def run(first: str, last: str) -> Run:
    """The fields from `first` to `last`, as one branch of a choice."""
    return Run(first, last)


def at_most_one(*branches: str | Run, since: str | None = None) -> ChoiceRule:
    return _choice(branches, 0, 1, since)


def one_of(*branches: str | Run, since: str | None = None) -> ChoiceRule:
    return _choice(branches, 1, 1, since)


def any_mix(*branches: str | Run, at_least: int = 0, since: str | None = None) -> ChoiceRule:
    """Any number of each, in any order, `at_least` so many in all."""
    return _choice(branches, at_least, None, since)


def _choice(
    branches: tuple[str | Run, ...], minimum: int, maximum: int | None, since: str | None
) -> ChoiceRule:
    runs = tuple(branch if isinstance(branch, Run) else Run(branch, branch) for branch in branches)
    return ChoiceRule(runs, minimum, maximum, since)


# --- The facts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attribute:
    """An XML attribute a request may carry. No `values` means any text of at most `max_length` characters."""

    tag: str
    name: str
    values: tuple[str, ...] = ()
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One element in its place.

    Exactly one of `kind` (it holds a value) and `aggregate` (it holds elements) is set. `required` means: must be
    there when what it stands in is there, or when its branch of a choice is taken. `repeats`: once or more.
    `values` are those of an enumeration, `minimum` and `maximum` bound an integer. `since` is None for what every version knows.
    `name` is the field of the dataclass.
    """

    tag: str
    name: str
    kind: Kind | None
    aggregate: "Aggregate | None"
    required: bool
    repeats: bool
    max_length: int | None
    since: str | None
    values: tuple[str, ...]
    minimum: int | None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Branches that exclude each other: at least `minimum` and at most `maximum` of them may be taken.

    `maximum` None means any mix of the branches, as often as wanted, in any order (lines of an invoice). Each branch
    is itself a sequence in order.
    """

    branches: tuple[tuple["Particle", ...], ...]
    minimum: int
    maximum: int | None
    since: str | None


Particle = Element | Choice


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What an element may hold: particles in the order QuickBooks enforces. `type` is the dataclass that declares it.

    `tag` is the element's name ("CustomerAddRq", "BillAddress"); attributes are there for requests only.
    """

    tag: str
    type: type
    content: tuple[Particle, ...]
    attributes: tuple[Attribute, ...] = ()
    since: str | None = None

    def elements(self) -> Iterator[Element]:
        """Every element directly inside, those of choices too, in order."""
        return elements_of(self.content)


def elements_of(content: tuple[Particle, ...]) -> Iterator[Element]:
    """Every element in a sequence, those of its choices too, in order."""
    for particle in content:
        if isinstance(particle, Element):
            yield particle
        else:
            for branch in particle.branches:
                yield from elements_of(branch)


def version_number(version: str) -> tuple[int, ...]:
    """For comparing: "13.0" is (13, 0)."""
    return tuple(int(part) for part in version.split("."))


# --- From a class to its facts -------------------------------------------------------------------------------------

_ACRONYMS = {
    "ar": "AR",
    "avs": "AVS",
    "cogs": "COGS",
    "ein": "EIN",
    "fifo": "FIFO",
    "fob": "FOB",
    "guid": "GUID",
    "id": "ID",
    "po": "PO",
    "qb": "QB",
    "qbxml": "QBXML",
    "rsb": "RSB",
    "ssn": "SSN",
    "uom": "UOM",
}

Mark = TypeVar("Mark")

_KIND_OF_TYPE: dict[type, Kind] = {str: Kind.TEXT, bool: Kind.BOOL, int: Kind.INT, dt.date: Kind.DATE}


def element_name(field_name: str) -> str:
    """The element a field stands for: "po_number" is PONumber."""
    return "".join(_ACRONYMS.get(word) or word[:1].upper() + word[1:] for word in field_name.split("_"))


def declaration(name: str) -> Aggregate:
    """The facts of a message or record by its element name: "InvoiceAddRq", "InvoiceAdd", "CustomerRet".

    Raises KeyError for one that this package does not declare.
    """
    return declared(_message_classes()[name])


def request_names() -> tuple[str, ...]:
    """Every request declared here: "AccountQueryRq", ..."""
    return tuple(sorted(name for name in _message_classes() if name.endswith("Rq")))


def message_names() -> tuple[str, ...]:
    """Every dataclass of the language: requests, records and what stands inside them."""
    return tuple(sorted(_message_classes()))


@cache
def _message_classes() -> dict[str, type]:
    from qbxml import messages  # the declarations are written in this module's words

    return {
        name: found
        for name, found in vars(messages).items()
        if isinstance(found, type) and is_dataclass(found)
    }


@cache
def declared(cls: type) -> Aggregate:
    """The facts of one dataclass of `qbxml.messages`."""
    hints = get_type_hints(cls, include_extras=True)
    attributes: list[Attribute] = []
    elements: list[Element] = []
    for each in fields(cls):
        types_, marks = _unfold(hints[each.name])
        attribute = _mark(marks, XmlAttribute)
        if attribute is not None:
            attributes.append(Attribute(attribute.name, each.name, attribute.values))
        else:
            elements.append(_element(each, types_, marks))
    if cls.__name__.endswith("Rq"):
        attributes.insert(0, Attribute("requestID", "request_id", max_length=REQUEST_ID_LENGTH))
    rules: Choices = getattr(cls, "CHOICES", ())
    content = _arranged(elements, rules)
    return Aggregate(cls.__name__, cls, content, tuple(attributes), getattr(cls, "SINCE", None))


def _unfold(hint: Any) -> tuple[list[type], list[Any]]:
    """The plain types of an annotation and the marks on it, through Annotated and unions."""
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        types_, inner_marks = _unfold(inner)
        return types_, [*marks, *inner_marks]
    if get_origin(hint) in (Union, types.UnionType):
        parts = [_unfold(part) for part in get_args(hint)]
        return [type_ for types_, _ in parts for type_ in types_], [
            mark for _, marks in parts for mark in marks
        ]
    if get_origin(hint) is tuple:
        types_, marks = _unfold(get_args(hint)[0])
        return [tuple, *types_], marks
    return [hint], []


def _mark(marks: list[Any], sort: type[Mark]) -> Mark | None:
    return next((mark for mark in marks if isinstance(mark, sort)), None)


def _element(field: "Field[Any]", types_: list[type], marks: list[Any]) -> Element:
    repeats = tuple in types_
    optional = field.default is not MISSING
    [type_] = [found for found in types_ if found not in (tuple, types.NoneType)]
    longest, since, tag = _mark(marks, Max), _mark(marks, Since), _mark(marks, Tag)
    values, least, most = _mark(marks, OneOf), _mark(marks, AtLeast), _mark(marks, AtMost)
    aggregate = None
    kind = _mark(marks, Kind)
    if values is not None:
        kind = Kind.ENUM
    elif is_dataclass(type_):
        aggregate = replace(declared(type_), tag=tag.name if tag else element_name(field.name))
        if longest is not None:
            aggregate = _with_full_name_limit(aggregate, longest.length)
    elif kind is None:
        kind = _KIND_OF_TYPE[type_]
    limit = longest.length if longest and not aggregate else ID_LENGTH if kind is Kind.ID else None
    return Element(
        tag=tag.name if tag else element_name(field.name),
        name=field.name,
        kind=kind,
        aggregate=aggregate,
        required=not optional,
        repeats=repeats,
        max_length=limit,
        since=since.version if since else None,
        values=values.values if values else (),
        minimum=least.value if least else None,
        maximum=most.value if most else None,
    )


def _with_full_name_limit(reference: Aggregate, limit: int) -> Aggregate:
    content = tuple(
        replace(particle, max_length=limit)
        if isinstance(particle, Element) and particle.tag == "FullName"
        else particle
        for particle in reference.content
    )
    return replace(reference, content=content)


def _arranged(elements: list[Element], rules: Choices) -> tuple[Particle, ...]:
    """The elements in order, those of a choice folded into it; a choice inside another's run is nested in it."""
    place = {element.name: index for index, element in enumerate(elements)}
    spans = sorted(
        ((place[rule.runs[0].first], place[rule.runs[-1].last], rule) for rule in rules),
        key=lambda span: (span[0], -span[1]),
    )

    def fold(start: int, stop: int, inside: list[tuple[int, int, ChoiceRule]]) -> tuple[Particle, ...]:
        particles: list[Particle] = []
        at = start
        while at < stop:
            if inside and inside[0][0] == at:
                _, last, rule = inside[0]
                nested = [span for span in inside[1:] if span[1] <= last]
                inside = [span for span in inside[1:] if span[1] > last]
                particles.append(choice(rule, nested))
                at = last + 1
            else:
                particles.append(elements[at])
                at += 1
        return tuple(particles)

    def choice(rule: ChoiceRule, nested: list[tuple[int, int, ChoiceRule]]) -> Choice:
        branches = []
        for branch in rule.runs:
            first, last = place[branch.first], place[branch.last]
            within = [span for span in nested if first <= span[0] and span[1] <= last]
            branches.append(
                (replace(elements[first], required=True),) if first == last else fold(first, last + 1, within)
            )
        return Choice(tuple(branches), rule.minimum, rule.maximum, rule.since)

    return fold(0, len(elements), spans)


__all__ = [
    "Aggregate",
    "Amount",
    "AtLeast",
    "AtMost",
    "Attribute",
    "Choice",
    "ChoiceRule",
    "Choices",
    "DateTime",
    "EditSequence",
    "Element",
    "Float",
    "Guid",
    "Id",
    "Kind",
    "Max",
    "OneOf",
    "Particle",
    "Percent",
    "Price",
    "Quantity",
    "Run",
    "Since",
    "Tag",
    "XmlAttribute",
    "any_mix",
    "at_most_one",
    "declaration",
    "declared",
    "element_name",
    "elements_of",
    "message_names",
    "one_of",
    "request_names",
    "run",
    "version_number",
]
