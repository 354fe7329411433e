"""The outside witnesses: Intuit's own schema and recorded answers, when the environment says where they lie."""

import os
from functools import cache
from pathlib import Path

from lxml import etree

SCHEMA, RECORDED = VARIABLES = ("QBXML_SCHEMA_DIR", "QBXML_RECORDED_DIR")
SCHEMA_ROOT = "qbxmlops130.xsd"


def folder(variable: str) -> Path | None:
    """The folder an environment variable names, if it is there."""
    named = Path(os.environ.get(variable) or "missing")
    return named if named.is_dir() else None


@cache
def intuits_schema() -> etree.XMLSchema | None:
    found = folder(SCHEMA)
    return etree.XMLSchema(etree.parse(str(found / SCHEMA_ROOT))) if found else None


def problem_by_intuits_schema(text: str) -> str | None:
    """What Intuit's schema of qbXML 13.0 says against a document; None when nothing, or when it is not at hand."""
    schema = intuits_schema()
    if schema is None:
        return None
    document = etree.fromstring(
        text.encode("utf-8"), etree.XMLParser(resolve_entities=False, no_network=True)
    )
    return None if schema.validate(document) else str(schema.error_log.last_error)
