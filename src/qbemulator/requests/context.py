"""What a request handler may use: the file, the time, the version, and this session's iterators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from qbemulator.company_file import CompanyFile, lists
from qbemulator.company_file.calendar import LocalTime
from qbemulator.company_file.storage import Storage
from qbemulator.requests.answers import Named, Outcome, Ret, Version
from qbemulator.requests.iterators import Iterators
from qbemulator.requests.reading import Element, texts


@dataclass(slots=True)
class Context:
    books: CompanyFile
    storage: Storage
    now: int
    local_time: LocalTime
    version: Version
    iterators: Iterators

    @property
    def today(self) -> date:
        return self.local_time.date(self.now)

    def ret(self, tag: str, element: Element) -> Ret:
        """A record to return for `element`, honouring its IncludeRetElement."""
        return Ret(tag, self.version, frozenset(texts(element, "IncludeRetElement")))

    def named(self, list_name: str, list_id: str | None) -> Named | None:
        return None if not list_id else Named(list_id, lists.full_name_of(self.storage, list_name, list_id))


Handler = Callable[[Context, Element], Outcome]
