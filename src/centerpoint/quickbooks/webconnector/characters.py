"""PURE: characters that XML 1.0 forbids. QuickBooks' users type them all the same, and .NET lets them through."""

import re

_FORBIDDEN_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN_BYTES = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_NOT_IN_A_TEXT = _FORBIDDEN_BYTES + b"\r"
_FORBIDDEN_BYTE = re.compile(b"[" + re.escape(_FORBIDDEN_BYTES) + b"]")
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_LONGEST_REFERENCE = 16  # bytes of an unfinished reference worth waiting for


def without_forbidden(text: str) -> str:
    """`text` as it may stand in an XML document: line ends are LF, a forbidden character is U+FFFD."""
    if text.isascii() and len(text) == len(text.encode().translate(None, _NOT_IN_A_TEXT)):
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN_TEXT.sub("\ufffd", text)


class Recovery:
    """Lets an XML parser read a document, arriving in pieces, that holds forbidden characters or references to them.

    .NET writes U+0007 inside a text as `&#x7;`, which a parser must refuse, and a whole answer of QuickBooks would be
    lost (protocol.md J). The text of an answer is an XML document itself, so the reference is escaped once: the inner
    document then says `&#x7;`, nothing is lost, and the reader of qbXML decides what becomes of the character.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> bytes:
        """The next piece, repaired; the beginning of a reference waits for its end."""
        piece = self._rest + piece
        start = piece.rfind(b"&", -_LONGEST_REFERENCE)
        if start >= 0 and b";" not in piece[start:]:
            piece, self._rest = piece[:start], piece[start:]
        else:
            self._rest = b""
        return _repaired(piece)

    def finish(self) -> bytes:
        rest, self._rest = self._rest, b""
        return _repaired(rest)


def _repaired(piece: bytes) -> bytes:
    if b"&#" in piece:
        piece = _REFERENCE.sub(_escaped_if_forbidden, piece)
    if len(piece.translate(None, _FORBIDDEN_BYTES)) != len(piece):
        piece = _FORBIDDEN_BYTE.sub(lambda byte: b"&amp;#x%X;" % byte[0][0], piece)
    return piece


def _escaped_if_forbidden(reference: re.Match[bytes]) -> bytes:
    hexadecimal, decimal = reference.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code <= 0x10FFFF and not _FORBIDDEN_TEXT.match(chr(code)):
        return reference[0]
    return b"&amp;" + reference[0][1:]
