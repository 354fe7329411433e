"""A connector session spoken to directly, without SOAP and without QuickBooks."""

import datetime as dt
import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest

from centerpoint.quickbooks import connection
from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.models import CompanyFile, ConnectorSession
from centerpoint.quickbooks.sync import session

TICKET = "the ticket of a connector session"
_KEYS = itertools.count(1)
_ADD = re.compile(r'<(\w+)AddRq requestID="([^"]+)">.*?<Name>(.*?)</Name>.*?<ExternalGUID>(.*?)<', re.DOTALL)


def new_key() -> str:
    return f"cp{next(_KEYS):020d}"


class Connector:
    """The Web Connector's side of one session with the file's readings done, and QuickBooks' side of it in a word."""

    def __init__(self, company_file: CompanyFile, now: dt.datetime, ticket: str = TICKET) -> None:
        self.company_file, self.now, self.ticket = company_file, now, ticket

    def log_in(self) -> bool:
        is_open = session.log_in(company_file_id=self.company_file.pk, ticket=self.ticket, now=self.now)
        ConnectorSession.objects.filter(ticket_digest=session.digest(self.ticket)).update(
            company_checked=True
        )
        return is_open

    def request(self) -> str:
        return session.request(
            ticket=self.ticket,
            company_data="",
            company_file_name="",
            country="US",
            major=13,
            minor=0,
            now=self.now,
            new_key=new_key,
        )

    def receive(self, answer: str = "", *, hresult: str = "", message: str = "") -> int:
        return session.receive(
            ticket=self.ticket, answer=Evidence.of(answer), hresult=hresult, message=message, now=self.now
        )

    def last_error(self) -> str:
        return session.last_error(ticket=self.ticket, now=self.now)

    @property
    def session(self) -> ConnectorSession:
        return ConnectorSession.objects.get(ticket_digest=session.digest(self.ticket))


@pytest.fixture
def ready_books(books: Any) -> Any:
    """Companies go when created and without asking, and nothing is to be read for a year."""
    connection.save_options(
        company_file=books.company_file,
        now=books.now,
        companies_go="when_created",
        hold_for_approval=False,
        read_every=365 * 24 * 3600,
    )
    CompanyFile.objects.update(read_at=books.now, read_requested=False)
    return books


@pytest.fixture
def make_connector(ready_books: Any) -> Callable[..., Connector]:
    def make(ticket: str = TICKET) -> Connector:
        return Connector(ready_books.company_file, ready_books.now + dt.timedelta(minutes=5), ticket)

    return make


@pytest.fixture
def connector(make_connector: Callable[..., Connector]) -> Connector:
    return make_connector()


def customers_added(text: str) -> str:
    """QuickBooks' answer to a message of CustomerAdds: all done."""
    (set_id,) = re.findall(r'newMessageSetID="([^"]*)"', text)
    answers = "".join(
        f'<CustomerAddRs requestID="{request_id}" statusCode="0" statusSeverity="Info" statusMessage="Status OK">'
        f"<CustomerRet><ListID>8000{number:04X}-1772472000</ListID>"
        "<TimeCreated>2026-03-02T09:00:00-06:00</TimeCreated><TimeModified>2026-03-02T09:00:00-06:00</TimeModified>"
        f"<EditSequence>1772472000</EditSequence><Name>{name}</Name><FullName>{name}</FullName>"
        f"<IsActive>true</IsActive><Sublevel>0</Sublevel><CompanyName>{name}</CompanyName>"
        f"<Balance>0.00</Balance><TotalBalance>0.00</TotalBalance><JobStatus>None</JobStatus>"
        f"<ExternalGUID>{mark}</ExternalGUID></CustomerRet></CustomerAddRs>"
        for number, (_, request_id, name, mark) in enumerate(_ADD.findall(text), start=0x100)
    )
    return (
        f'<?xml version="1.0" ?><QBXML><QBXMLMsgsRs newMessageSetID="{set_id}" messageSetStatusCode="0">'
        f"{answers}</QBXMLMsgsRs></QBXML>"
    )
