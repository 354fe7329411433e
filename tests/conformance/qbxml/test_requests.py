"""Whatever can be written is valid by Intuit's schema, and says what was meant."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from conformance.qbxml.instances import anything, fullest, smallest
from qbxml.envelope import Request, write_message_set
from qbxml.schema import Aggregate, Kind, declaration, request_names

Valid = Callable[[str], None]
relaxed = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.mark.parametrize("name", request_names())
def test_the_smallest_request_is_valid(valid_by_intuits_schema: Valid, name: str) -> None:
    valid_by_intuits_schema(write_message_set([Request("k-0", smallest(declaration(name)))]))


@pytest.mark.parametrize("branch", range(3))
@pytest.mark.parametrize("name", request_names())
def test_the_fullest_request_is_valid(valid_by_intuits_schema: Valid, name: str, branch: int) -> None:
    valid_by_intuits_schema(write_message_set([Request("k-0", fullest(branch)(declaration(name)))]))


@pytest.mark.parametrize("name", request_names())
def test_any_request_is_valid_and_holds_its_values(valid_by_intuits_schema: Valid, name: str) -> None:
    aggregate = declaration(name)

    @relaxed
    @given(anything(aggregate))
    def holds(body: Any) -> None:
        text = write_message_set([Request("k-0", body)])
        valid_by_intuits_schema(text)
        assert text.isascii()
        [request] = etree.fromstring(text.encode())[0]
        assert read_back(request, aggregate) == told(body, aggregate)

    holds()


def test_every_envelope_is_valid(valid_by_intuits_schema: Valid) -> None:
    body = smallest(declaration("HostQueryRq"))
    valid_by_intuits_schema(
        write_message_set(
            [Request("k-0", body), Request("k-1", body)],
            on_error="stopOnError",
            new_message_set_id="cp-2",
            old_message_set_id="cp-1",
            response_data="includeNone",
        )
    )
    valid_by_intuits_schema(write_message_set([], old_message_set_id="cp-1"))


def told(value: Any, aggregate: Aggregate) -> list[tuple[str, Any]]:
    """The leaves of an instance: path and value, in wire order."""
    leaves: list[tuple[str, Any]] = []
    for element in aggregate.elements():
        given = getattr(value, element.name)
        for item in given if element.repeats else (given,):
            if item is not None and element.aggregate is not None:
                leaves += [
                    (f"{element.tag}/{path}", leaf) for path, leaf in told(item, element.aggregate)
                ] or [(element.tag, "")]
            elif item is not None:
                leaves.append((element.tag, item.strip() if isinstance(item, str) else item))
    return leaves


CONVERT: dict[Kind, Callable[[str], Any]] = {
    Kind.BOOL: "true".__eq__,
    Kind.INT: int,
    Kind.DATE: date.fromisoformat,
    **dict.fromkeys((Kind.AMOUNT, Kind.PRICE, Kind.QUANTITY, Kind.PERCENT, Kind.FLOAT), Decimal),
}


def read_back(node: etree._Element, aggregate: Aggregate) -> list[tuple[str, Any]]:
    by_tag = {element.tag: element for element in aggregate.elements()}
    leaves: list[tuple[str, Any]] = []
    for child in node:
        element = by_tag[str(child.tag)]
        if element.aggregate is not None:
            inside = read_back(child, element.aggregate)
            leaves += [(f"{element.tag}/{path}", leaf) for path, leaf in inside] or [(element.tag, "")]
        else:
            assert element.kind is not None
            leaves.append((element.tag, CONVERT.get(element.kind, str)(child.text or "")))
    return leaves


@given(st.text(max_size=200))
@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_text_makes_a_request_that_cannot_be_read(valid_by_intuits_schema: Valid, memo: str) -> None:
    from qbxml.messages import InvoiceAdd, InvoiceAddRq, Ref

    body = InvoiceAddRq(invoice_add=InvoiceAdd(customer_ref=Ref(full_name="Acme"), memo=memo))
    text = write_message_set([Request("k-0", body)])
    valid_by_intuits_schema(text)
    assert text.isascii()
