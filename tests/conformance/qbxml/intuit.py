"""Intuit's schema as plain facts, to hold our declarations against."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"
FILES = ("qbxmlops130.xsd", "qbxml130_modified.xsd", "qbxmlso130.xsd", "qbxmltypes130.xsd")


@dataclass(frozen=True, slots=True)
class Fact:
    """One element in its place. `in_choice` says that whether it must be there depends on a choice."""

    tag: str
    repeats: bool
    required: bool
    in_choice: bool
    max_length: int | None
    values: tuple[str, ...]
    kind: str | None
    bounds: tuple[int | None, int | None]


class Schema:
    def __init__(self, folder: Path) -> None:
        self._named: dict[tuple[str, str], etree._Element] = {}
        for name in FILES:
            for node in etree.parse(str(folder / name)).getroot():
                if isinstance(node.tag, str) and node.get("name"):
                    self._named.setdefault((node.tag.removeprefix(XSD), node.get("name", "")), node)

    def facts(self, path: tuple[str, ...]) -> list[Fact]:
        """What the element at `path` may hold, in order: ("InvoiceAddRq", "InvoiceAdd", "BillAddress")."""
        node = self._root(path[0])
        for tag in path[1:]:
            node = next(found for found, fact in self._content(node) if fact.tag == tag)
        return [fact for _, fact in self._content(node)]

    def _root(self, tag: str) -> etree._Element:
        found = self._named.get(("complexType", f"{tag}Type"))
        return found if found is not None else self._named["element", tag]

    def _content(self, node: etree._Element) -> Iterator[tuple[etree._Element, Fact]]:
        node = self._resolved(node)
        kind = node if node.tag == f"{XSD}complexType" else node.find(f"{XSD}complexType")
        if kind is None:
            kind = self._named["complexType", node.get("type", "")]
        yield from self._particles(kind, repeats=False, optional=False, in_choice=False)

    def _resolved(self, node: etree._Element) -> etree._Element:
        reference = node.get("ref")
        return self._named["element", reference] if reference else node

    def _particles(
        self, node: etree._Element, *, repeats: bool, optional: bool, in_choice: bool
    ) -> Iterator[tuple[etree._Element, Fact]]:
        for child in node:
            kind = str(child.tag).removeprefix(XSD) if isinstance(child.tag, str) else ""
            several = repeats or child.get("maxOccurs", "1") != "1"
            absent = optional or child.get("minOccurs") == "0"
            if kind == "element" and child.get("maxOccurs") != "0":
                yield child, self._fact(child, several, absent, in_choice)
            elif kind == "group":
                group = self._named["group", child.get("ref", "")]
                yield from self._particles(group, repeats=several, optional=absent, in_choice=in_choice)
            elif kind in ("sequence", "choice"):
                yield from self._particles(
                    child, repeats=several, optional=absent, in_choice=in_choice or kind == "choice"
                )

    def _fact(self, node: etree._Element, repeats: bool, optional: bool, in_choice: bool) -> Fact:
        resolved = self._resolved(node)
        kind, max_length, values = self._value(resolved)
        return Fact(
            tag=resolved.get("name", ""),
            repeats=repeats,
            required=not optional and not in_choice,
            in_choice=in_choice,
            max_length=max_length,
            values=values,
            kind=kind,
            bounds=self._bounds(resolved),
        )

    def _bounds(self, node: etree._Element) -> tuple[int | None, int | None]:
        found = [
            node.find(f"{XSD}simpleType/{XSD}restriction/{XSD}{end}")
            for end in ("minInclusive", "maxInclusive")
        ]
        least, most = (None if bound is None else int(bound.get("value", "")) for bound in found)
        return least, most

    def _value(self, node: etree._Element) -> tuple[str | None, int | None, tuple[str, ...]]:
        """Base type, longest text and enumeration; no base type for what holds elements."""
        name = node.get("type")
        if name and name.endswith("TYPE"):
            return name, 36 if name == "IDTYPE" else None, ()
        simple = node.find(f"{XSD}simpleType")
        if simple is None and name and ("simpleType", name) in self._named:
            simple = self._named["simpleType", name]
        restriction = simple.find(f"{XSD}restriction") if simple is not None else None
        if restriction is None:
            return None, None, ()
        longest = restriction.find(f"{XSD}maxLength")
        values = tuple(value.get("value", "") for value in restriction.findall(f"{XSD}enumeration"))
        base = restriction.get("base")
        if longest is not None:
            return base, int(longest.get("value", "")), values
        return base, 36 if base == "IDTYPE" else None, values


@cache
def schema(folder: Path) -> Schema:
    return Schema(folder)
