"""The service description tells the truth about every call and every reply."""

import pytest
from lxml import etree

from centerpoint.quickbooks.webconnector import methods
from centerpoint.quickbooks.webconnector.door import wsdl

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
ADDRESS = "http://localhost:8000/quickbooks/webconnector"

CALLS = {
    "serverVersion": {},
    "clientVersion": {"strVersion": "2.3.0.215"},
    "authenticate": {"strUserName": "nobody", "strPassword": "guess"},
    "sendRequestXML": {
        "ticket": "t",
        "strHCPResponse": "",
        "strCompanyFileName": "",
        "qbXMLCountry": "US",
        "qbXMLMajorVers": "13",
        "qbXMLMinorVers": "0",
    },
    "receiveResponseXML": {"ticket": "t", "response": "&lt;QBXML/&gt;", "hresult": "", "message": ""},
    "connectionError": {"ticket": "t", "hresult": "0x80040408", "message": "closed"},
    "getLastError": {"ticket": "t"},
    "closeConnection": {"ticket": "t"},
    "getInteractiveURL": {"wcTicket": "t", "sessionID": "s"},
    "interactiveRejected": {"wcTicket": "t", "reason": "no"},
    "interactiveDone": {"wcTicket": "t"},
}


@pytest.fixture(scope="module")
def description():
    return etree.fromstring(wsdl(ADDRESS).encode())


@pytest.fixture(scope="module")
def schema(description):
    # Read anew, because lxml sees only the namespaces that an element of a larger document declares itself.
    return etree.XMLSchema(etree.fromstring(etree.tostring(description.find(f".//{SCHEMA}schema"))))


def test_it_describes_the_methods_we_have_under_the_names_the_web_connector_calls(description):
    described = [each.get("name") for each in description.findall(f"{WSDL}portType/{WSDL}operation")]

    assert described == list(CALLS)
    assert all(methods.known(name) for name in described)


def test_both_bindings_name_the_action_and_the_address(description):
    for soap in ("{http://schemas.xmlsoap.org/wsdl/soap/}", "{http://schemas.xmlsoap.org/wsdl/soap12/}"):
        actions = [each.get("soapAction") for each in description.iter(f"{soap}operation")]
        assert actions == [f"http://developer.intuit.com/{name}" for name in CALLS]
        assert [each.get("location") for each in description.iter(f"{soap}address")] == [ADDRESS]


@pytest.mark.django_db
@pytest.mark.parametrize("method", CALLS)
def test_a_call_and_its_reply_are_as_described(call, soap, schema, method):
    asked = etree.fromstring(soap(method, **CALLS[method]))[0][0]
    answered = etree.fromstring(call(method, **CALLS[method]).body)[0][0]

    schema.assertValid(asked)
    schema.assertValid(answered)


@pytest.mark.parametrize("address", ["https://a.example.com/x?a=1&b=2", 'https://a.example.com/"'])
def test_an_address_cannot_break_the_document(address):
    locations = etree.fromstring(wsdl(address).encode()).xpath("//@location")

    assert locations == [address, address]
