"""The calls we write are those of real Web Connectors, byte for byte."""

from pathlib import Path

import pytest
from lxml import etree

from qbemulator import soap

NAMES = {
    "01_soap_invoice_add_rs.xml",
    "02_soap_receive_payment_add_rs.xml",
    "43_soap_item_service_add_3100.xml",
    "50_soap_server_version.xml",
    "51_soap_client_version.xml",
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_call_is_written_as_a_real_web_connector_wrote_it(recorded_dir: Path, name: str) -> None:
    recorded = (recorded_dir / name).read_bytes().strip()
    [call] = etree.fromstring(recorded)[0]
    parameters = [(etree.QName(each).localname, each.text or "") for each in call]

    assert soap.envelope(etree.QName(call).localname, parameters) == recorded


def test_every_recorded_call_is_compared(recorded_dir: Path) -> None:
    assert {path.name for path in recorded_dir.glob("*_soap_*")} == NAMES


def test_a_control_character_becomes_the_reference_that_xml_forbids() -> None:
    """As .NET writes it: the service must live with it (protocol.md J)."""
    written = soap.envelope("getLastError", [("ticket", "a\x07<b>&\n")])

    assert b"<ticket>a&#x7;&lt;b&gt;&amp;\n</ticket>" in written
