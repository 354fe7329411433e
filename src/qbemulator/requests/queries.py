"""What all queries share: metaData, iterators, MaxReturned, "not found" in its three forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from lxml import etree

from qbemulator.company_file import refusals
from qbemulator.requests.answers import NOTHING_FOUND, Outcome
from qbemulator.requests.context import Context
from qbemulator.requests.iterators import invalid_iterator
from qbemulator.requests.reading import Element, text

Write = Callable[[str], str | None]
"""Writes the record behind a key; None when it is gone since the iterator was started."""


class Condition(NamedTuple):
    """A piece of SQL and its parameters."""

    sql: str
    parameters: tuple[object, ...] = ()


def by_key(
    context: Context, element: Element, wanted: Sequence[str], found: Sequence[Sequence[str]], write: Write
) -> Outcome:
    """A query by ListID, TxnID, FullName or RefNumber: `found` has the keys of the records for each wanted one.

    What is missing makes it a warning, 500, and the others are returned (samples 38 and 39).
    """
    outcome = _page(element, [key for keys in found for key in keys], write)
    missing = [name for name, keys in zip(wanted, found, strict=True) if not keys]
    if missing:
        by_id = element.find("ListID") is not None or element.find("TxnID") is not None
        if by_id and context.books.switches.unknown_id_in_query == "3120":
            raise refusals.not_found(missing[0])
        outcome.warn(
            500,
            "The query request has not been fully completed. "
            f'There was a required element ("{missing[0]}") that could not be found in QuickBooks.',
        )
    return outcome


def by_filter(context: Context, element: Element, keys: Callable[[], list[str]], write: Write) -> Outcome:
    """A query by filters: all at once, the first MaxReturned, or page by page."""
    mode = element.get("iterator")
    limit = text(element, "MaxReturned")
    if mode is None:
        found = keys()
        return _page(element, found[: int(limit)] if limit else found, write)
    request, filters = str(element.tag), _filters(element)
    if mode == "Start":
        if limit is None:
            raise refusals.required_element("MaxReturned")
        most = context.books.switches.most_open_iterators
        iterator_id = context.iterators.start(request, filters, keys(), most=most)
    else:
        iterator_id = element.get("iteratorID") or ""
        if mode == "Stop":
            context.iterators.stop(iterator_id)
            return Outcome(remaining=0, iterator_id=iterator_id)
    if limit is None:
        raise invalid_iterator(iterator_id)
    page, remaining = context.iterators.take(iterator_id, request, filters, int(limit))
    outcome = _page(element, page, write)
    outcome.remaining, outcome.iterator_id = remaining, iterator_id
    return outcome


def found_records(element: Element, written: Sequence[str]) -> Outcome:
    """The outcome of a query whose records are already written."""
    return _page(element, [str(position) for position in range(len(written))], lambda key: written[int(key)])


def _page(element: Element, keys: Sequence[str], write: Write) -> Outcome:
    meta_data = element.get("metaData", "NoMetaData")
    written: list[str] = []
    if meta_data != "MetaDataOnly":
        written = [record for key in keys if (record := write(key)) is not None]
    outcome = Outcome(body="".join(written))
    if meta_data != "NoMetaData":
        outcome.ret_count = len(keys)
    if not keys:
        outcome.code, outcome.message = 1, NOTHING_FOUND
    return outcome


def _filters(element: Element) -> str:
    """The query without its page size: a Continue must repeat it."""
    return "".join(
        etree.tostring(child, encoding="unicode", with_tail=False)
        for child in element
        if child.tag != "MaxReturned"
    )
