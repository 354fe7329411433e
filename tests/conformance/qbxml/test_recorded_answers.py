"""Answers recorded from real QuickBooks are read without loss."""

import datetime as dt
import html
from collections import Counter
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from qbxml.codec import AnswerSet, Status, read_answers
from qbxml.schema import Aggregate, declared

# Messages this project has no use for.
NOT_DECLARED = {"SalesOrderAddRs/SalesOrderRet"}


def qbxml_of(path: Path) -> str | None:
    """The answer in a file, out of its SOAP envelope if it has one; None when it holds something else."""
    text = path.read_text("utf-8", "replace")
    if path.suffix == ".xml" and "<response>" in text:
        text = html.unescape(text.partition("<response>")[2].partition("</response>")[0])
    return text if "<QBXMLMsgsRs" in text else None


@pytest.fixture
def recorded(recorded_dir: Path) -> dict[str, tuple[str, AnswerSet]]:
    texts = {path.name: qbxml_of(path) for path in sorted(recorded_dir.iterdir())}
    return {name: (text, read_answers(text)) for name, text in texts.items() if text is not None}


def test_most_files_hold_answers(recorded: dict[str, tuple[str, AnswerSet]]) -> None:
    assert len(recorded) >= 23


def test_nothing_in_them_is_passed_over(recorded: dict[str, tuple[str, AnswerSet]]) -> None:
    unknown = {path for _, answers in recorded.values() for path in answers.unknown}
    assert unknown == NOT_DECLARED


def test_every_value_is_read_as_it_stands(recorded: dict[str, tuple[str, AnswerSet]]) -> None:
    for name, (text, answers) in recorded.items():
        root = etree.fromstring(text.strip().encode())
        for node, answer in zip(root[0], answers.answers, strict=True):
            if any(f"{answer.name}/{child.tag}" in NOT_DECLARED for child in node):
                continue
            expected = Counter(leaf for child in node for leaf in leaves_of_xml(child))
            if answer.name.endswith("DelRs"):
                expected = Counter((f"{answer.name}/{path}", value) for path, value in expected.elements())
            found = Counter(
                leaf
                for record in answer.records
                for leaf in leaves_of(record, declared(type(record)), type(record).__name__)
            )
            assert {(path, as_said(value)) for path, value in found} == {
                (path, as_said(value)) for path, value in expected
            }, name
            assert sum(found.values()) == sum(expected.values()), name


def leaves_of_xml(node: etree._Element) -> list[tuple[str, str]]:
    if len(node) == 0:
        return [(str(node.tag), node.text or "")]
    return [(f"{node.tag}/{path}", value) for child in node for path, value in leaves_of_xml(child)]


def leaves_of(record: Any, aggregate: Aggregate, path: str) -> list[tuple[str, Any]]:
    assert {element.name for element in aggregate.elements()} == {field.name for field in fields(record)}
    leaves: list[tuple[str, Any]] = []
    for element in aggregate.elements():
        value = getattr(record, element.name)
        for item in value if element.repeats else (value,):
            if item is not None and element.aggregate is not None:
                leaves += leaves_of(item, element.aggregate, f"{path}/{element.tag}")
            elif item is not None:
                leaves.append((f"{path}/{element.tag}", item))
    return leaves


def as_said(value: object) -> str:
    """Booleans, dates and numbers as QuickBooks prints them; "18.0%" and 18.0 are the same, "09" and 9 too."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    text = str(value)
    return str(int(text)) if text.isdigit() else text.removesuffix("%")


def test_a_stale_mod_brings_the_current_record(recorded: dict[str, tuple[str, AnswerSet]]) -> None:
    [answer] = recorded["27_customer_mod_3200_with_ret.xml"][1].answers
    assert answer.status == Status(3200, "Error", 'The provided edit sequence "1272664823" is out-of-date. ')
    assert answer.records[0].edit_sequence == "1272665327"


def test_a_page_tells_its_iterator_and_what_remains(recorded: dict[str, tuple[str, AnswerSet]]) -> None:
    [answer] = recorded["30_iterator_first_page.xml"][1].answers
    assert (answer.iterator_id, answer.iterator_remaining_count) == (
        "{6b474085-9943-46e2-ad71-d0a5aba9e948}",
        1,
    )


def test_the_company_is_known_by_our_stamps(recorded: dict[str, tuple[str, AnswerSet]]) -> None:
    host, company, preferences = recorded["35_hcp_premier_2012.xml"][1].answers
    assert host.records[0].supported_qbxml_version[-1] == "11.0"
    assert [stamp.data_ext_name for stamp in company.records[0].data_ext_ret] == ["AppLock", "FileID"]
    assert preferences.records[0].accounting_preferences is not None


def test_the_sample_companys_jobs_add_up(recorded: dict[str, tuple[str, AnswerSet]]) -> None:
    [answer] = recorded["12_customer_query_sample_company_full.xml"][1].answers
    customers = {customer.full_name: customer for customer in answer.records}
    for name, customer in customers.items():
        jobs = [
            other for other in customers.values() if other.parent_ref and other.parent_ref.full_name == name
        ]
        assert customer.total_balance == customer.balance + sum(job.total_balance for job in jobs), name
