"""Memory and time while 50,000 customers (some 50 MB) arrive in one answer, mirrored.

The answer goes over HTTP to a live server with one worker; the peak is that process's highest resident memory.
"""

import http.client
import secrets
import time
from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.utils import timezone

from benchmarks import servers, stage
from centerpoint.quickbooks.models import Exchange, QuickBooksCustomer
from centerpoint.quickbooks.sync import session
from centerpoint.quickbooks.webconnector.methods import new_key

CUSTOMER = (
    "<CustomerRet>\n<ListID>80{n:06X}-1272911970</ListID>\n<TimeCreated>2024-04-22T13:59:29-08:00</TimeCreated>\n"
    "<TimeModified>2024-04-30T15:08:47-08:00</TimeModified>\n<EditSequence>1272665327</EditSequence>\n"
    "<Name>Customer {n:06}</Name>\n<FullName>Customer {n:06}</FullName>\n<IsActive>true</IsActive>\n"
    "<Sublevel>0</Sublevel>\n<CompanyName>Customer {n:06} Incorporated</CompanyName>\n<BillAddress>\n"
    "<Addr1>Customer {n:06}</Addr1>\n<Addr2>{n} Industrial Way</Addr2>\n<City>Portland</City>\n<State>OR</State>\n"
    "<PostalCode>97214</PostalCode>\n</BillAddress>\n<BillAddressBlock>\n<Addr1>Customer {n:06}</Addr1>\n"
    "<Addr2>{n} Industrial Way</Addr2>\n<Addr3>Portland, OR 97214</Addr3>\n</BillAddressBlock>\n"
    "<Phone>503-555-{p:04}</Phone>\n<Email>office{n}@customers.example</Email>\n<Contact>Accounts Payable</Contact>\n"
    "<Balance>0.00</Balance>\n<TotalBalance>0.00</TotalBalance>\n<JobStatus>None</JobStatus>\n"
    "<Notes>Gate code at the back; ask for the superintendent before going on the roof.</Notes>\n</CustomerRet>\n"
)


def measure() -> dict[str, float]:
    count = stage.size(50_000, 2_000)
    scene = stage.contractor_with(companies=0, tickets=0, projects=0, invoices=0)
    ticket, now = secrets.token_urlsafe(32), timezone.now()
    session.log_in(company_file_id=scene.company_file.pk, ticket=ticket, now=now)
    scene.company_file.sessions.update(company_checked=True)
    words = {
        "ticket": ticket,
        "company_data": "",
        "company_file_name": "",
        "country": "US",
        "major": 13,
        "minor": 0,
    }
    session.request(**words, now=now, new_key=new_key)
    exchange = Exchange.objects.get()
    number = exchange.step["readings"].index("customers")
    size = sum(len(piece) for piece in _pieces(ticket, exchange.key, number, count))
    with servers.running("centerpoint", workers=1) as port:
        requests = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        requests.request("GET", "/quickbooks/webconnector")
        requests.getresponse().read()
        before = servers.peak_megabytes(port)
        headers = {"Content-Type": "text/xml; charset=utf-8", "Content-Length": str(size)}
        started = time.perf_counter()
        body = _pieces(ticket, exchange.key, number, count)
        requests.request("POST", "/quickbooks/webconnector", body=body, headers=headers)
        reply = requests.getresponse().read()
        seconds = time.perf_counter() - started
        peak = servers.peak_megabytes(port)
    if QuickBooksCustomer.objects.count() != count:
        raise ValueError(
            f"{QuickBooksCustomer.objects.count()} of {count} customers are mirrored: {reply[:500]!r}"
        )
    return {
        "customers": count,
        "MB received": size / 1e6,
        "seconds": seconds,
        "peak memory of the server, MB": peak,
        "before the answer, MB": before,
    }


def _pieces(ticket: str, key: str, number: int, count: int) -> Iterator[bytes]:
    yield (
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
        '<soap:Body><receiveResponseXML xmlns="http://developer.intuit.com/">'
        f"<ticket>{ticket}</ticket><response>"
    ).encode()
    yield escape(
        '<?xml version="1.0" ?>\n<QBXML>\n<QBXMLMsgsRs>\n'
        f'<CustomerQueryRs requestID="{key}-{number}" statusCode="0" statusSeverity="Info" statusMessage="Status OK">\n'
    ).encode()
    for n in range(count):
        yield escape(CUSTOMER.format(n=n, p=n % 10_000)).encode()
    yield escape("</CustomerQueryRs>\n</QBXMLMsgsRs>\n</QBXML>\n").encode()
    yield b"</response><hresult /><message /></receiveResponseXML></soap:Body></soap:Envelope>"
