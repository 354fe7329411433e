"""Texts kept as evidence: packed while they stream by, unpacked piece by piece, so that 50 MB need no 50 MB."""

import codecs
import zlib
from collections.abc import Iterator

PIECE = 64 * 1024
# A seventh longer than level 6 makes it, in half of the time.
LEVEL = 3
# Characters of a text that need not be unpacked to be read: nearly all but the pages of a first reading.
SHORT = 1024 * 1024


class Spool:
    """Takes a text in pieces and holds only its packed form, and a text that is short as it is, too."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(level=LEVEL)
        self._packed = bytearray()
        self._characters = 0
        self._pieces: list[str] | None = []

    def write(self, piece: str) -> None:
        self._characters += len(piece)
        self._packed += self._compressor.compress(piece.encode("utf-8"))
        if self._pieces is not None:
            self._pieces.append(piece)
            if self._characters > SHORT:
                self._pieces = None

    def finish(self) -> "Evidence":
        if not self._characters:
            return Evidence(b"")
        self._packed += self._compressor.flush()
        return Evidence(bytes(self._packed), self._pieces)


class Evidence:
    """A packed text (zlib of UTF-8), as it lies in the database."""

    def __init__(self, packed: bytes | memoryview, pieces: list[str] | None = None) -> None:
        """`pieces` is the text where it is at hand."""
        self.packed = bytes(packed)
        self._pieces = pieces

    @classmethod
    def of(cls, text: str) -> "Evidence":
        return cls(zlib.compress(text.encode("utf-8"), level=LEVEL) if text else b"")

    def __bool__(self) -> bool:
        return next(self.pieces(), "") != ""

    def pieces(self) -> Iterator[str]:
        """The text in pieces of about 64 KiB."""
        if self._pieces is not None:
            yield from self._pieces
            return
        if not self.packed:
            return
        decompressor = zlib.decompressobj()
        decode = codecs.getincrementaldecoder("utf-8")().decode
        rest = self.packed
        while rest and not decompressor.eof:
            if piece := decode(decompressor.decompress(rest, PIECE)):
                yield piece
            rest = decompressor.unconsumed_tail
        if piece := decode(decompressor.flush(), final=True):
            yield piece

    def text(self) -> str:
        return "".join(self.pieces())
