"""Iterators: queries given out page by page. They live in one session and die with it (protocol.md C.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qbemulator.company_file.refusals import Refused


@dataclass(slots=True)
class OpenIterator:
    request: str
    filters: str
    remaining: list[str]


class Iterators:
    """The open iterators of one session. The set of records is that of the Start."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        """`new_id` makes GUIDs in braces."""
        self._new_id = new_id
        self._open: dict[str, OpenIterator] = {}

    def start(self, request: str, filters: str, keys: list[str], *, most: int) -> str:
        """A new iterator over `keys`; 3390 when too many are open."""
        if len(self._open) >= most:
            raise Refused(3390, "There are too many open iterators.")
        iterator_id = self._new_id()
        self._open[iterator_id] = OpenIterator(request, filters, keys)
        return iterator_id

    def take(self, iterator_id: str, request: str, filters: str, count: int) -> tuple[list[str], int]:
        """The next page and how many remain; 3391 for an id that is lost, finished, or of another query."""
        found = self._open.get(iterator_id)
        if found is None or found.request != request or found.filters != filters:
            raise invalid_iterator(iterator_id)
        page, found.remaining = found.remaining[:count], found.remaining[count:]
        if not found.remaining:
            del self._open[iterator_id]
        return page, len(found.remaining)

    def stop(self, iterator_id: str) -> None:
        if self._open.pop(iterator_id, None) is None:
            raise invalid_iterator(iterator_id)


def invalid_iterator(iterator_id: str) -> Refused:
    """Recorded in a public issue about an iterator continued in another session."""
    return Refused(3391, f'The iteratorID "{iterator_id}" is not valid.')
