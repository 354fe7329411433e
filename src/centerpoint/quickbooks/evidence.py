"""Texts kept as evidence: packed while they stream by, unpacked piece by piece, so that 50 MB need no 50 MB."""

import codecs
import zlib
from collections.abc import Iterator

PIECE = 64 * 1024
# A seventh longer than level 6 makes it, in half of the time.
LEVEL = 3


class Spool:
    """Takes a text in pieces and holds only its packed form."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(level=LEVEL)
        self._packed = bytearray()
        self.characters = 0

    def write(self, piece: str) -> None:
        self.characters += len(piece)
        self._packed += self._compressor.compress(piece.encode("utf-8"))

    def finish(self) -> "Evidence":
        self._packed += self._compressor.flush()
        return Evidence(bytes(self._packed))


class Evidence:
    """A packed text (zlib of UTF-8), as it lies in the database."""

    def __init__(self, packed: bytes | memoryview) -> None:
        self.packed = bytes(packed)

    @classmethod
    def of(cls, text: str) -> "Evidence":
        return cls(zlib.compress(text.encode("utf-8"), level=LEVEL) if text else b"")

    def __bool__(self) -> bool:
        return next(self.pieces(), "") != ""

    def pieces(self) -> Iterator[str]:
        """The text in pieces of about 64 KiB."""
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
