"""The one XML parser: incremental, hardened, forgiving only where QuickBooks and .NET are known to err.

Refused: doctypes (and so entities and external references), UTF-16, UTF-7 and other encodings no qbXML comes in, deep
nesting, endless length. Recovered: bytes that are not the UTF-8 they claim to be (read as windows-1252, which is what
QuickBooks keeps) and characters XML does not allow, written out by .NET as `&#x7;` (each becomes U+FFFD).
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from qbxml.errors import Hostile, Malformed

Source = str | bytes | Iterable[str | bytes]
Event = tuple[Literal["start", "whole", "end"], etree._Element]

PIECE = 64 * 1024
PROLOG_LENGTH = 64 * 1024
ROOT_WITHIN = PROLOG_LENGTH + PIECE
SMALL_LENGTH = 1024 * 1024
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How deep a document may nest, and how many characters it may have."""

    depth: int = 64
    length: int = 1024 * 1024 * 1024


DEFAULT_LIMITS = Limits()
SMALL_LIMITS = Limits(length=SMALL_LENGTH)


def element_events(
    source: Source, *, root: str, whole: int, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Event]:
    """Read a document of any size in little memory. Its root must be called `root`.

    Levels count from 1, the root. Elements above level `whole` come as ("start", element), attributes read, and
    ("end", element); elements at that level come once and complete, as ("whole", element), and are dropped from
    the document after the caller took the next event.
    """
    parser = etree.XMLPullParser(
        events=("start",),
        tag=root,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    walk = _Walk(whole, limits.depth)
    fed = 0
    try:
        for piece in _safe_pieces(source, limits.length):
            parser.feed(piece)
            fed += len(piece)
            if walk.root is None:
                walk.root = _first_event(parser)
                if walk.root is None and fed > ROOT_WITHIN:
                    raise Malformed(f"the first element is not {root}")
            yield from walk.ready(finished=False)
        parser.close()
    except etree.XMLSyntaxError as problem:
        raise _refusal(parser, problem) from problem
    if walk.root is None:
        raise Malformed(f"the first element is not {root}")
    yield from walk.ready(finished=True)


def _first_event(parser: etree.XMLPullParser) -> etree._Element | None:
    for _, element in parser.read_events():
        assert isinstance(element, etree._Element)
        return element if element.getparent() is None else None
    return None


def parse_small(document: str | bytes, *, limits: Limits = SMALL_LIMITS) -> etree._Element:
    """The root of a document that is known to be small, such as a .qwc file."""
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for piece in _safe_pieces(document, limits.length):
            parser.feed(piece)
        root = parser.close()
    except etree.XMLSyntaxError as problem:
        raise _refusal(parser, problem) from problem
    _refuse_depth(root, 1, limits.depth)
    return root


def _refusal(
    parser: etree.XMLPullParser | etree.XMLParser, problem: etree.XMLSyntaxError
) -> Malformed | Hostile:
    first = next(iter(parser.feed_error_log), None)
    reason = first.message if first else problem.msg
    if "depth" in reason.lower():
        return Hostile(f"nested too deeply ({reason})")
    return Malformed(reason, first.line, first.column) if first else Malformed(reason)


class _Walk:
    """Follows a growing tree and hands out what is complete.

    An element is complete when the parser has begun the next one, so the last child of an open element is left alone.
    """

    def __init__(self, whole: int, depth: int) -> None:
        self.root: etree._Element | None = None
        self._whole = whole
        self._depth = depth
        self._open: list[etree._Element] = []
        self._begun = False

    def ready(self, *, finished: bool) -> Iterator[Event]:
        if self.root is None:
            return
        if not self._begun:
            self._begun = True
            yield from self._enter(self.root)
        while self._open:
            element = self._open[-1]
            closed = finished or self._is_closed()
            if len(self._open) == self._whole - 1:
                yield from self._complete_children(element, closed=closed)
            elif len(element):
                yield from self._enter(element[0])
                continue
            if not closed:
                return
            yield from self._leave()

    def _enter(self, element: etree._Element) -> Iterator[Event]:
        self._open.append(element)
        yield "start", element

    def _leave(self) -> Iterator[Event]:
        element = self._open.pop()
        yield "end", element
        if self._open:
            self._open[-1].remove(element)

    def _complete_children(self, element: etree._Element, *, closed: bool) -> Iterator[Event]:
        children = list(element)
        if not closed:
            children = children[:-1]
        _refuse_depth(element, self._whole - 1, self._depth)
        for child in children:
            yield "whole", child
        del element[: len(children)]

    def _is_closed(self) -> bool:
        return any(element.getnext() is not None for element in self._open)


def _refuse_depth(element: etree._Element, level: int, depth: int) -> None:
    if _reaches(depth - level + 1)(element):
        raise Hostile(f"nested more than {depth} deep")


_REACHES: dict[int, etree.XPath] = {}


def _reaches(levels: int) -> etree.XPath:
    """Whether an element has descendants that many levels below it."""
    if levels not in _REACHES:
        _REACHES[levels] = etree.XPath(f"boolean({'/'.join('*' * levels)})")
    return _REACHES[levels]


# --- From bytes to safe text ----------------------------------------------------------------------------------------


def _safe_pieces(source: Source, length: int) -> Iterator[bytes]:
    """UTF-8 without declaration and doctype, holding only characters XML allows; at most `length` characters."""
    characters = 0
    prolog: str | None = ""
    for piece in _recovered(_decoded(source)):
        characters += len(piece)
        if characters > length:
            raise Hostile(f"longer than {length} characters")
        if prolog is None:
            yield piece.encode()
            continue
        prolog = (prolog + piece).removeprefix("\ufeff")
        if _prolog_is_over(prolog):
            yield _without_declaration(prolog).encode()
            prolog = None
        elif len(prolog) > PROLOG_LENGTH:
            raise Hostile(f"no element within {PROLOG_LENGTH} characters")
    if prolog is not None:
        raise Malformed("no element in it" if prolog.strip() else "empty")


_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_MISCELLANEOUS = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)


def _prolog_is_over(prolog: str) -> bool:
    """Whether the root element has begun. A doctype can only stand before it."""
    found = _MISCELLANEOUS.match(prolog)
    assert found is not None
    rest = prolog[found.end() : found.end() + 4]
    if rest.startswith("<!") and not "<!--".startswith(rest):
        raise Hostile("a doctype")
    if not rest.startswith("<") and rest:
        raise Malformed("text before the first element", prolog.count("\n", 0, found.end()) + 1, 1)
    return len(rest) > 1 and rest[1] not in "!?"


def _without_declaration(prolog: str) -> str:
    """Blanks instead of the declaration, so that columns stay what they were."""
    found = _DECLARATION.match(prolog)
    return re.sub(r"[^\n]", " ", found[0]) + prolog[found.end() :] if found else prolog


_NOT_ALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]+)|([0-9]+));")
_CUT_REFERENCE = re.compile(r"&[#0-9a-zA-Z]{0,12}\Z")


def _recovered(pieces: Iterable[str]) -> Iterator[str]:
    """Characters XML does not allow, and references to them, replaced. A reference cut in two waits for its rest."""
    waiting = ""
    for piece in pieces:
        piece = waiting + piece
        if _may_hold_what_is_not_allowed(piece):
            piece = _NOT_ALLOWED.sub(REPLACEMENT, piece)
        cut = _CUT_REFERENCE.search(piece, max(0, len(piece) - 14))
        waiting = piece[cut.start() :] if cut else ""
        if cut:
            piece = piece[: cut.start()]
        yield _REFERENCE.sub(_allowed_reference, piece) if "&#" in piece else piece
    if waiting:
        yield waiting


def _may_hold_what_is_not_allowed(piece: str) -> bool:
    """For ASCII, which nearly all answers are, forty times quicker than the expression."""
    return not piece.isascii() or len(piece) != len(piece.encode("ascii").translate(None, _CONTROLS))


def _allowed_reference(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    code = int(digits, 16 if found[1] else 10) if len(digits) <= 10 else -1
    allowed = 0 <= code <= 0x10FFFF and not _NOT_ALLOWED.match(chr(code))
    return found[0] if allowed else REPLACEMENT


_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
_UTF_7 = b"+/v"
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_AS_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_AS_WINDOWS_1252 = frozenset({"windows-1252", "cp1252", "iso-8859-1", "latin-1", "latin1"})
_DECLARED_WITHIN = 256


def _decoded(source: Source) -> Iterator[str]:
    decoder: _Decoder | None = None
    beginning = b""
    for piece in _pieces(source):
        if isinstance(piece, str):
            yield piece
        elif decoder is not None:
            yield decoder.decode(piece)
        else:
            beginning += piece
            if len(beginning) >= _DECLARED_WITHIN:
                decoder = _Decoder(beginning)
                yield decoder.decode(beginning)
    if decoder is None and beginning:
        decoder = _Decoder(beginning)
        yield decoder.decode(beginning)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def _pieces(source: Source) -> Iterator[str | bytes]:
    for part in (source,) if isinstance(source, str | bytes) else source:
        for start in range(0, len(part), PIECE):
            yield part[start : start + PIECE]


class _Decoder:
    """The declared encoding; without one UTF-8 until a byte is not, windows-1252 from there."""

    def __init__(self, beginning: bytes) -> None:
        if beginning.startswith((*_UTF_16_OR_32, _UTF_7)):
            raise Hostile("an encoding that qbXML never comes in")
        declared = _ENCODING.match(beginning[:_DECLARED_WITHIN].removeprefix(codecs.BOM_UTF8))
        name = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
        if name not in _AS_UTF_8 | _AS_WINDOWS_1252:
            raise Hostile(f"encoding {name!r}, which qbXML never comes in")
        self._windows_1252 = name in _AS_WINDOWS_1252
        self._utf_8 = codecs.getincrementaldecoder("utf-8")()

    def decode(self, piece: bytes, *, final: bool = False) -> str:
        if self._windows_1252:
            return piece.decode("cp1252", "replace")
        try:
            return self._utf_8.decode(piece, final)
        except UnicodeDecodeError as problem:
            self._windows_1252 = True
            undecoded = problem.object
            return undecoded[: problem.start].decode() + undecoded[problem.start :].decode(
                "cp1252", "replace"
            )
