"""zeep, which knows nothing but the served description, carries a whole real session between both programs."""

from collections.abc import Mapping

import pytest
import requests
import zeep
from zeep.transports import Transport

from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync import session
from centerpoint.quickbooks.webconnector.door import Door
from qbemulator.web_connector import HCP_QUERIES, WsgiTransport


class ThroughTheDoor(Transport):
    """zeep's transport, calling the door in this process."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._wsgi = WsgiTransport(door)

    def load(self, url: str) -> bytes:
        return self._wsgi.get(url).body

    def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> requests.Response:
        reply = self._wsgi.post(address, headers, message)
        response = requests.Response()
        response.status_code, response._content = reply.status, reply.body
        response.headers.update(reply.headers)
        return response


@pytest.fixture
def client(story):
    url = "http://localhost:8000/quickbooks/webconnector"
    return zeep.Client(f"{url}?wsdl", transport=ThroughTheDoor(Door(session, clock=story.clock))).service


def test_an_invoice_reaches_the_books_by_a_client_that_knows_only_the_description(story, client):
    invoice = story.invoice()
    connector = story.connector
    quickbooks = connector.processor.connect(connector.qwc.app_name)
    story.books.set_data_ext(connector.qwc.owner_id, "FileID", connector.qwc.file_id)
    described = quickbooks.process(HCP_QUERIES.format(version="13.0", owner=connector.qwc.owner_id))

    ticket, company_file = client.authenticate(
        strUserName=connector.qwc.user_name, strPassword=connector.password
    )
    assert not company_file
    percent = 0
    while percent < 100:
        text = client.sendRequestXML(
            ticket=ticket,
            strHCPResponse=described,
            strCompanyFileName=str(story.books.path),
            qbXMLCountry="US",
            qbXMLMajorVers=13,
            qbXMLMinorVers=0,
        )
        described = ""
        percent = client.receiveResponseXML(
            ticket=ticket, response=quickbooks.process(text), hresult="", message=""
        )
        assert percent >= 0, client.getLastError(ticket=ticket)

    assert client.closeConnection(ticket=ticket).startswith("Done: 3 sent")
    assert story.numbers_in_books() == [invoice.number]
    assert story.posting(invoice).state == State.IN_QUICKBOOKS
