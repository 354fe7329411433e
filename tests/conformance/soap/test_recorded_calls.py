"""Calls recorded from real Web Connectors are read to the values they carry."""

import os
from pathlib import Path

import pytest
from lxml import etree

from centerpoint.quickbooks.webconnector.envelope import Call, read_call

RECORDED = os.environ.get("QBXML_RECORDED_DIR")
pytestmark = pytest.mark.skipif(
    not RECORDED, reason="QBXML_RECORDED_DIR does not name the folder of recorded answers"
)


def read(name: str) -> Call:
    body = (Path(RECORDED or "") / name).read_bytes().strip()
    return read_call([body], content_type="text/xml; charset=utf-8")


@pytest.mark.parametrize(
    ("name", "method", "parameters"),
    [
        ("50_soap_server_version.xml", "serverVersion", {}),
        ("51_soap_client_version.xml", "clientVersion", {"strVersion": "2.2.0.71"}),
    ],
)
def test_a_recorded_call_without_an_answer(name, method, parameters):
    call = read(name)

    assert (call.method, call.parameters, bool(call.response)) == (method, parameters, False)


@pytest.mark.parametrize(
    ("name", "ticket", "status", "message"),
    [
        ("01_soap_invoice_add_rs.xml", "354f40b4-b661-4472-a13f-8abf13a743c3", "0", "Status OK"),
        ("02_soap_receive_payment_add_rs.xml", "354f40b4-b661-4472-a13f-8abf13a743c3", "0", "Status OK"),
        (
            "43_soap_item_service_add_3100.xml",
            "7fe1d3dccd44d65f2f3d85a077f1705f",
            "3100",
            'The name "Shipping Item - QuickBooks Inte" of the list element is already in use.',
        ),
    ],
)
def test_a_recorded_answer_of_quickbooks(name, ticket, status, message):
    call = read(name)

    answer = etree.fromstring(call.response.text())[0][0]
    assert (call.method, call["ticket"], call["hresult"], call["message"]) == (
        "receiveResponseXML",
        ticket,
        "",
        "",
    )
    assert (answer.get("statusCode"), answer.get("statusMessage")) == (status, message)


def test_a_recorded_answer_is_kept_to_the_character():
    body = (Path(RECORDED or "") / "01_soap_invoice_add_rs.xml").read_bytes().strip()
    expected = etree.fromstring(body).findtext(".//{http://developer.intuit.com/}response")

    assert read("01_soap_invoice_add_rs.xml").response.text() == expected
