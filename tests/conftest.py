"""What every test may use: settings of the tests' own, and the outside witnesses.

Intuit's schema and the recorded answers of real QuickBooks are not part of this project. QBXML_SCHEMA_DIR and
QBXML_RECORDED_DIR say where they lie; without them the tests that need them are skipped with that reason, and with
CENTERPOINT_REQUIRE_WITNESSES=1 (CI) they fail instead.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from lxml import etree

import witnesses


def _missing(variable: str) -> NoReturn:
    reason = f"{variable} does not name a folder"
    if os.environ.get("CENTERPOINT_REQUIRE_WITNESSES") == "1":
        pytest.fail(f"{reason}, and CENTERPOINT_REQUIRE_WITNESSES says that it must")
    pytest.skip(reason)


@pytest.fixture
def schema_dir() -> Path:
    return witnesses.folder("QBXML_SCHEMA_DIR") or _missing("QBXML_SCHEMA_DIR")


@pytest.fixture
def recorded_dir() -> Path:
    return witnesses.folder("QBXML_RECORDED_DIR") or _missing("QBXML_RECORDED_DIR")


@pytest.fixture
def qbxml_schema(schema_dir: Path) -> etree.XMLSchema:
    schema = witnesses.intuits_schema()
    assert schema is not None
    return schema


@pytest.fixture
def valid_by_intuits_schema(qbxml_schema: etree.XMLSchema) -> Callable[[str], None]:
    """Call it with a qbXML document; it raises AssertionError with the schema's own words."""

    def check(text: str) -> None:
        problem = witnesses.problem_by_intuits_schema(text)
        assert problem is None, f"{problem}\n{text[:2000]}"

    return check
