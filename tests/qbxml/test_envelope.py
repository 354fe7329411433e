"""The text of a message set: what QuickBooks gets, to the byte."""

from typing import Any

import pytest

from qbxml.envelope import Request, write_message_set
from qbxml.errors import NotWritable
from qbxml.messages import CompanyQueryRq, CustomerAdd, CustomerAddRq, HostQueryRq

HOST = Request("cp-1-0", HostQueryRq())


def test_a_message_set_to_the_byte() -> None:
    requests = [HOST, Request('say "hi"', CustomerAddRq(customer_add=CustomerAdd(name="Müller")))]
    text = write_message_set(
        requests, new_message_set_id="cp-2", old_message_set_id="cp-1", response_data="includeAll"
    )
    assert text == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<?qbxml version="13.0"?>\n'
        "<QBXML>\n"
        '<QBXMLMsgsRq onError="continueOnError" newMessageSetID="cp-2" oldMessageSetID="cp-1" '
        'responseData="includeAll">\n'
        '<HostQueryRq requestID="cp-1-0"/>\n'
        '<CustomerAddRq requestID="say &quot;hi&quot;"><CustomerAdd><Name>M&#252;ller</Name></CustomerAdd>'
        "</CustomerAddRq>\n"
        "</QBXMLMsgsRq>\n"
        "</QBXML>\n"
    )
    assert (
        write_message_set(
            requests, new_message_set_id="cp-2", old_message_set_id="cp-1", response_data="includeAll"
        )
        == text
    )


def test_without_requests_a_set_is_asked_about_or_cleared() -> None:
    asked = write_message_set([], new_message_set_id="cp-1", old_message_set_id="cp-1")
    assert (
        '<QBXMLMsgsRq onError="continueOnError" newMessageSetID="cp-1" oldMessageSetID="cp-1">\n</QBXMLMsgsRq>'
        in asked
    )
    cleared = write_message_set([], old_message_set_id="ClearAllMessageSets")
    assert (
        '<QBXMLMsgsRq onError="continueOnError" oldMessageSetID="ClearAllMessageSets">\n</QBXMLMsgsRq>'
        in cleared
    )


def test_an_older_version_is_named_in_the_instruction() -> None:
    assert '<?qbxml version="8.0"?>' in write_message_set([HOST], version="8.0")


@pytest.mark.parametrize(
    ("requests", "options", "problem"),
    [
        (
            [HOST],
            {"new_message_set_id": "x" * 24},
            f"QBXMLMsgsRq.@newMessageSetID: 24 characters, at most 23 are allowed: '{'x' * 24}'",
        ),
        (
            [HOST],
            {"old_message_set_id": "a b"},
            "QBXMLMsgsRq.@oldMessageSetID: only letters, digits and hyphens are allowed: 'a b'",
        ),
        (
            [HOST],
            {"on_error": "rollbackOnError"},
            "QBXMLMsgsRq.@onError: one of continueOnError, stopOnError is required: 'rollbackOnError'",
        ),
        (
            [HOST],
            {"response_data": "some"},
            "QBXMLMsgsRq.@responseData: one of includeAll, includeNone is required: 'some'",
        ),
        ([HOST], {"version": "thirteen"}, "QBXMLMsgsRq: a version such as 13.0 is required: 'thirteen'"),
        ([], {}, "QBXMLMsgsRq: without requests an oldMessageSetID is required"),
        (
            [HOST, Request("cp-1-0", CompanyQueryRq())],
            {},
            "QBXMLMsgsRq.@requestID: given twice in one message set: 'cp-1-0'",
        ),
        (
            [Request("x" * 51, HostQueryRq())],
            {},
            f"HostQueryRq.@requestID: 51 characters, at most 50 are allowed: '{'x' * 51}'",
        ),
    ],
)
def test_an_envelope_that_quickbooks_would_refuse_is_refused(
    requests: list[Request], options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(NotWritable) as refusal:
        write_message_set(requests, **options)
    assert str(refusal.value) == problem


def test_the_longest_ids_are_taken() -> None:
    text = write_message_set([Request("x" * 50, HostQueryRq())], new_message_set_id="y" * 23)
    assert f'newMessageSetID="{"y" * 23}"' in text
