"""What every test may use: settings of the tests' own, and the outside witnesses.

Intuit's schema and the recorded answers of real QuickBooks are not part of this project. QBXML_SCHEMA_DIR and
QBXML_RECORDED_DIR say where they lie; without them the tests that need them are skipped with that reason, and with
CENTERPOINT_REQUIRE_WITNESSES=1 (CI) they fail instead.
"""

import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NoReturn

import pytest
from lxml import etree

import witnesses


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the witnesses may not be missing, a test skipped for want of one has failed."""
    report = yield
    if (
        os.environ.get("CENTERPOINT_REQUIRE_WITNESSES") == "1"
        and report.skipped
        and any(variable in report.longreprtext for variable in witnesses.VARIABLES)
    ):
        report.outcome = "failed"
        report.longrepr = (
            f"{report.longreprtext}\nCENTERPOINT_REQUIRE_WITNESSES says that no witness may be missing."
        )
    return report


def _missing(variable: str) -> NoReturn:
    pytest.skip(f"{variable} does not name a folder")


@pytest.fixture
def schema_dir() -> Path:
    return witnesses.folder(witnesses.SCHEMA) or _missing(witnesses.SCHEMA)


@pytest.fixture
def recorded_dir() -> Path:
    return witnesses.folder(witnesses.RECORDED) or _missing(witnesses.RECORDED)


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
