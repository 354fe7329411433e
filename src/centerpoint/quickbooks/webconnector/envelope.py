"""SOAP 1.1 and 1.2, document/literal, as text: what the Web Connector sends, read; what it accepts, written.

protocol.md A and J are the source of each shape. A reply is formatted text, so that its bytes never depend on a library.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from html import escape
from xml.parsers import expat

from centerpoint.quickbooks.evidence import Evidence, Spool
from centerpoint.quickbooks.webconnector.characters import Recovery, without_forbidden

NAMESPACE = "http://developer.intuit.com/"
DEEPEST = 64
# A header, a company description or a message is some KiB; only an answer of QuickBooks is large, and that is spooled.
LONGEST_PARAMETER = 4 * 1024 * 1024

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_READ_AS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "windows-1252",
}


class Soap(Enum):
    """A version of SOAP: its namespace and the content type of its messages."""

    V1_1 = ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml; charset=utf-8")
    V1_2 = ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml; charset=utf-8")

    def __init__(self, namespace: str, content_type: str) -> None:
        self.namespace = namespace
        self.content_type = content_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a SOAP method. A parameter that is missing reads as empty, as an empty one does (protocol.md A.2)."""

    method: str
    parameters: dict[str, str] = field(default_factory=dict)
    response: Evidence = field(default_factory=lambda: Evidence(b""))
    soap: Soap = Soap.V1_1

    def __getitem__(self, parameter: str) -> str:
        return self.parameters.get(parameter, "")

    def number(self, parameter: str) -> int:
        """A whole number; 0 when missing or empty. Raises NotACall."""
        text = self[parameter].strip()
        if not text:
            return 0
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise NotACall(f"{parameter} of {self.method} must be a whole number.")
        return int(text)


class NotACall(Exception):
    """What arrived is no call we can answer. The sender can mend it; the sentence says how."""

    def __init__(self, sentence: str, soap: Soap = Soap.V1_1) -> None:
        self.sentence = sentence
        self.soap = soap
        super().__init__(sentence)


Result = str | int | tuple[str, ...]


def read_call(body: Iterable[bytes], *, content_type: str) -> Call:
    """The call in a request body that arrives in pieces. The text of `response` is packed while it passes by.

    Raises NotACall for everything but one SOAP envelope with one call.
    """
    reader = _Reader()
    for piece in _as_utf8(body, content_type):
        reader.feed(piece)
    return reader.call()


def _as_utf8(body: Iterable[bytes], content_type: str) -> Iterator[bytes]:
    """`body` as UTF-8. The content type alone names another encoding; what the document says of itself is not asked."""
    named = _CHARSET.search(content_type)
    name = named[1].lower() if named else "utf-8"
    if name not in _READ_AS:
        raise NotACall(f"The request is encoded in {name}; Centerpoint reads UTF-8.")
    encoding = _READ_AS[name]
    if encoding == "utf-8":
        for piece in body:
            # These two bytes occur in no UTF-8 text, but would make the parser change to UTF-16.
            if b"\xff" in piece or b"\xfe" in piece:
                raise NotACall(f"The request says that it is encoded in {name}, but it is not.")
            yield piece
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in body:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as problem:
        raise NotACall(f"The request says that it is encoded in {name}, but it is not.") from problem


class _Reader:
    """Builds a Call from a stream: Envelope > Body > method > parameters, in any prefix."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.buffer_size = 64 * 1024
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._recovery = Recovery()
        self._soap = Soap.V1_1
        self._depth = 0
        self._in_body = False
        self._method = ""
        self._parameter = ""
        self._pieces: list[str] = []
        self._characters = 0
        self._parameters: dict[str, str] = {}
        self._spool: Spool | None = None

    def feed(self, piece: bytes) -> None:
        self._parse(self._recovery.feed(piece), final=False)

    def call(self) -> Call:
        self._parse(self._recovery.finish(), final=True)
        if not self._method:
            raise NotACall("The SOAP body holds no call.", self._soap)
        return Call(
            method=self._method,
            parameters=self._parameters,
            response=self._spool.finish() if self._spool else Evidence(b""),
            soap=self._soap,
        )

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as problem:
            raise NotACall(
                f"The request is not well-formed XML: {expat.ErrorString(problem.code)} "
                f"(line {problem.lineno}, column {problem.offset + 1}).",
                self._soap,
            ) from problem

    def _doctype(self, *_: object) -> None:
        raise NotACall("The request holds a document type definition; SOAP forbids it.", self._soap)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotACall(f"The request is nested more than {DEEPEST} deep.", self._soap)
        namespace, _, local = name.rpartition(" ")
        if self._depth == 1:
            self._open_envelope(namespace, local)
        elif self._depth == 2:
            self._in_body = local == "Body" and namespace == self._soap.namespace
        elif self._in_body:
            self._open_in_body(namespace, local)

    def _open_envelope(self, namespace: str, local: str) -> None:
        version = next((soap for soap in Soap if soap.namespace == namespace), None)
        if version is None or local != "Envelope":
            raise NotACall(
                f"The request is no SOAP envelope: its root is {local} in {namespace or 'no namespace'}."
            )
        self._soap = version

    def _open_in_body(self, namespace: str, local: str) -> None:
        if self._depth == 3:
            if self._method:
                raise NotACall("The SOAP body holds more than one call.", self._soap)
            if namespace != NAMESPACE:
                raise NotACall(
                    f"{local} is in the namespace {namespace or '(none)'}; it must be {NAMESPACE}", self._soap
                )
            self._method = local
        elif self._depth == 4:
            if local in self._parameters:
                raise NotACall(f"{self._method} gives {local} twice.", self._soap)
            self._parameter = local
        else:
            raise NotACall(f"{self._parameter} of {self._method} must hold text only.", self._soap)

    def _text(self, text: str) -> None:
        if not self._parameter or self._depth != 4:
            return
        if self._parameter == "response" and self._method == "receiveResponseXML":
            self._spool = self._spool or Spool()
            self._spool.write(text)
            return
        self._characters += len(text)
        if self._characters > LONGEST_PARAMETER:
            raise NotACall(f"{self._parameter} of {self._method} is too long.", self._soap)
        self._pieces.append(text)

    def _end(self, _: str) -> None:
        if self._depth == 4 and self._parameter:
            self._parameters[self._parameter] = "".join(self._pieces)
            self._parameter = ""
            self._pieces = []
        self._depth -= 1


def reply(call: Call, result: Result) -> bytes:
    """The answer to `call`: a string, an int, or an ArrayOfString, whose items stand in our namespace, too."""
    if isinstance(result, tuple):
        value = "".join(f"<string>{_escaped(item)}</string>" for item in result)
    else:
        value = _escaped(str(result))
    name = call.method
    return _envelope(
        call.soap,
        f'<{name}Response xmlns="{NAMESPACE}"><{name}Result>{value}</{name}Result></{name}Response>',
    )


def fault(soap: Soap, sentence: str, *, by_sender: bool) -> bytes:
    """The Fault whose sentence the Web Connector shows to its user."""
    if soap is Soap.V1_1:
        code = "Client" if by_sender else "Server"
        content = f"<faultcode>soap:{code}</faultcode><faultstring>{_escaped(sentence)}</faultstring>"
    else:
        code = "Sender" if by_sender else "Receiver"
        content = (
            f"<soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>"
            f'<soap:Reason><soap:Text xml:lang="en">{_escaped(sentence)}</soap:Text></soap:Reason>'
        )
    return _envelope(soap, f"<soap:Fault>{content}</soap:Fault>")


def _envelope(soap: Soap, content: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<soap:Envelope xmlns:soap="{soap.namespace}"><soap:Body>{content}</soap:Body></soap:Envelope>'
    ).encode()


def _escaped(text: str) -> str:
    return escape(without_forbidden(text), quote=False)
