"""The .qwc file, by the rules of the Web Connector (protocol.md B.1)."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from centerpoint.quickbooks.webconnector import qwc

CONNECTION = qwc.Connection(
    contractor_name="Müller & Söhne <Roofing>",
    service_url="https://centerpoint.example.com/quickbooks/webconnector",
    user_name="muller-sohne-1a2b3c4d",
    owner_id=qwc.OWNER_ID,
    file_id="{0D5E9C1B-6C64-4E0E-9A3D-2E1D2A6F7B11}",
    run_every_minutes=5,
)


def test_the_file_says_all_the_web_connector_needs_in_the_order_of_the_samples():
    root = ElementTree.fromstring(qwc.write(CONNECTION))

    assert root.tag == "QBWCXML"
    assert [(element.tag, element.text) for element in root.iter() if not len(element)] == [
        ("AppName", "Centerpoint"),
        ("AppID", None),
        ("AppURL", "https://centerpoint.example.com/quickbooks/webconnector"),
        (
            "AppDescription",
            "Sends jobs and invoices of Müller & Söhne <Roofing> to QuickBooks, brings paymen",
        ),
        ("AppSupport", "https://centerpoint.example.com/support"),
        ("UserName", "muller-sohne-1a2b3c4d"),
        ("OwnerID", "{4F768C9F-1661-42D1-BBF1-160F15E24663}"),
        ("FileID", "{0D5E9C1B-6C64-4E0E-9A3D-2E1D2A6F7B11}"),
        ("QBType", "QBFS"),
        ("Style", "Document"),
        ("AuthFlags", "0xF"),
        ("AppDisplayName", "Centerpoint - Müller & Söhne <Roofing>"),
        ("AppUniqueName", "Centerpoint - muller-sohne-1a2b3c4d"),
        ("Notify", "false"),
        ("PersonalDataPref", "pdpNotNeeded"),
        ("UnattendedModePref", "umpOptional"),
        ("RunEveryNMinutes", "5"),
    ]


def test_the_file_is_plain_ascii_and_asks_for_no_read_only_access():
    text = qwc.write(CONNECTION).decode("ascii")

    assert text.startswith(
        '<?xml version="1.0"?>\n<QBWCXML>\n   <AppName>Centerpoint</AppName>\n   <AppID></AppID>\n'
    )
    assert "IsReadOnly" not in text
    assert "M&#252;ller &amp; S&#246;hne &lt;Roofing&gt;" in text


def test_the_description_keeps_to_eighty_characters():
    text = qwc.write(replace(CONNECTION, contractor_name="x" * 255)).decode()

    assert len(ElementTree.fromstring(text).findtext("AppDescription") or "") == 80


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://centerpoint.example.com", "https://centerpoint.example.com/quickbooks/webconnector"),
        ("https://centerpoint.example.com/", "https://centerpoint.example.com/quickbooks/webconnector"),
        (
            " https://centerpoint.example.com/quickbooks/webconnector/ ",
            "https://centerpoint.example.com/quickbooks/webconnector",
        ),
        ("https://example.com:8443/cp", "https://example.com:8443/cp/quickbooks/webconnector"),
        ("http://localhost:8000", "http://localhost:8000/quickbooks/webconnector"),
        ("https://localhost", "https://localhost/quickbooks/webconnector"),
    ],
)
def test_the_address_of_the_site_is_enough(url, address):
    assert qwc.service_url(url) == address


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://centerpoint.example.com", "only localhost may do without https (QBWC1010)."),
        (
            "https://192.0.2.7",
            "it must name a host, not an IP address (QBWC1001); for this PC write localhost.",
        ),
        (
            "http://127.0.0.1:8000",
            "it must name a host, not an IP address (QBWC1001); for this PC write localhost.",
        ),
        (
            "https://[2001:db8::1]/",
            "it must name a host, not an IP address (QBWC1001); for this PC write localhost.",
        ),
        (
            "https://2130706433/",
            "it must name a host, not an IP address (QBWC1001); for this PC write localhost.",
        ),
        ("https://user@example.com", "leave out what stands before an @ and after a ? or #."),
        ("https://example.com/?a=b", "leave out what stands before an @ and after a ? or #."),
        ("https://exämple.com", "write an international host name in its xn-- form."),
        ("centerpoint.example.com", "write it like https://centerpoint.example.com."),
        ("ftp://example.com", "write it like https://centerpoint.example.com."),
        ("https://exa mple.com", "write it like https://centerpoint.example.com."),
        ("", "write it like https://centerpoint.example.com."),
    ],
)
def test_an_address_the_web_connector_would_refuse_is_refused_first(url, reason):
    with pytest.raises(qwc.ServiceUrlRefused) as refusal:
        qwc.service_url(url)

    assert refusal.value.sentence == f"The address {url!r} cannot be used for the Web Connector: {reason}"


def test_support_is_on_the_same_host_as_the_service():
    assert qwc.support_url("https://a.example.com:8443/cp/quickbooks/webconnector") == (
        "https://a.example.com:8443/cp/support"
    )
