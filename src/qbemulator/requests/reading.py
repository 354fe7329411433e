"""Raw request elements as the company file wants them: text, truth, references, nested fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree

from qbemulator.company_file.lists import Reference

Element = etree._Element

# Elements that end in Ref and are no reference.
_NOT_REFERENCES = frozenset({"AdditionalContactRef"})


def text(element: Element, tag: str) -> str | None:
    """The text of a child; None when it is absent or empty."""
    child = element.find(tag)
    return None if child is None else (child.text or None)


def texts(element: Element, tag: str) -> list[str]:
    return [child.text or "" for child in element.iterfind(tag)]


def truth(element: Element, tag: str) -> bool:
    """False when absent."""
    return text(element, tag) in ("true", "1")


def reference(element: Element) -> Reference | None:
    """A ...Ref element; None when it names nothing."""
    named = Reference(text(element, "ListID"), text(element, "FullName"))
    return named if named.named else None


def fields(
    element: Element, *, skip: Collection[str] = (), repeated: Collection[str] = (), clearing: bool = False
) -> dict[str, Any]:
    """All children under their names, but those of `skip`; `repeated` ones as lists.

    An empty element counts as absent, and with `clearing` (a Mod) as None: take away what is there.
    """
    found: dict[str, Any] = {}
    for child in element:
        tag = child.tag
        if tag in skip:
            continue
        value = _value(child, clearing=clearing)
        if tag in repeated:
            found.setdefault(tag, []).append(value)
        elif value is not None or clearing:
            found[tag] = value
    return found


def children(element: Element, *tags: str) -> Iterator[Element]:
    """The children of these names in document order."""
    return (child for child in element if child.tag in tags)


def not_kept(element: Element, tags: Collection[str]) -> list[str]:
    """The names of children that carry something and are among `tags`."""
    return [str(child.tag) for child in element if child.tag in tags and (child.text or len(child))]


def _value(element: Element, *, clearing: bool) -> Any:
    tag = str(element.tag)
    if len(element):
        if tag.endswith("Ref") and tag not in _NOT_REFERENCES:
            return reference(element)
        return fields(element, clearing=clearing)
    if not element.text:
        return None
    if tag.startswith("Is"):
        return element.text in ("true", "1")
    return element.text
