"""zeep, a SOAP client that believes only the service description, runs a whole session."""

from typing import Any

import pytest
import zeep
import zeep.exceptions

ANSWER = '<?xml version="1.0" ?>\n<QBXML>\n<Name>Zoë &amp; Söhne — &lt;1&gt;</Name>\n</QBXML>\n'


@pytest.fixture(params=["QBWebConnectorSvcSoap", "QBWebConnectorSvcSoap12"])
def client(service, request: pytest.FixtureRequest) -> Any:
    return zeep.Client(f"{service.url}?wsdl").bind("QBWebConnectorSvc", request.param)


def test_a_session_runs_from_log_in_to_the_end(client, service):
    assert client.serverVersion().startswith("Centerpoint ")
    assert not client.clientVersion(strVersion="2.3.0.215")

    ticket, company_file = client.authenticate(strUserName=service.user_name, strPassword=service.password)
    assert (len(ticket), company_file) == (43, None)  # zeep reads an empty element as None

    text = client.sendRequestXML(
        ticket=ticket,
        strHCPResponse="<QBXML/>",
        strCompanyFileName="C:\\Acme & Söhne.qbw",
        qbXMLCountry="US",
        qbXMLMajorVers=13,
        qbXMLMinorVers=0,
    )
    assert text == service.text
    assert client.getLastError(ticket=ticket) == "<QBXML/>|13.0"

    assert client.receiveResponseXML(ticket=ticket, response=ANSWER, hresult="", message="") == 100
    assert client.getLastError(ticket=ticket) == f"{ANSWER}||"

    assert client.closeConnection(ticket=ticket) == "1 invoice sent."


def test_an_error_of_quickbooks_travels(client):
    assert (
        client.receiveResponseXML(ticket="t", response=None, hresult="0x80040400", message="Parse error.")
        == 100
    )
    assert client.getLastError(ticket="t") == "|0x80040400|Parse error."
    assert (
        client.connectionError(ticket="t", hresult="0x80040408", message="Could not start QuickBooks.")
        == "done"
    )


def test_a_wrong_password_is_an_answer_and_no_fault(client, service):
    assert client.authenticate(strUserName=service.user_name, strPassword="guess") == ["no-session", "nvu"]


def test_interactive_mode_is_described_and_answered(client):
    assert client.getInteractiveURL(wcTicket="t", sessionID="s") is None
    assert client.interactiveDone(wcTicket="t") == "Done"
    assert "without a dialog" in client.interactiveRejected(wcTicket="t", reason="no")


def test_a_fault_is_read_as_a_fault(service):
    client = zeep.Client(f"{service.url}?wsdl")
    message = client.create_message(client.service, "getLastError", ticket="t")
    body = zeep.wsdl.utils.etree_to_string(message).replace(b"getLastError", b"getFirstError")

    reply = client.transport.post(service.url, body, {"Content-Type": "text/xml; charset=utf-8"})

    operation = client.service._binding._operations["getLastError"]
    with pytest.raises(zeep.exceptions.Fault, match="has no method getFirstError"):
        client.service._binding.process_reply(client, operation, reply)
