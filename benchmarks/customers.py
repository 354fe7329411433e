"""Memory and time while 50,000 customers are read: in one answer of some 50 MB, and by an iterator, 500 at a time.

Over HTTP into a server of one worker, whose highest resident memory is shown. A customer is as long as real ones are,
about 1 kB. The mirror is complete afterwards, or there is no figure.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks import office, servers, stage
from centerpoint.quickbooks.models import QuickBooksCustomer
from qbemulator.soap import SoapClient
from qbemulator.transport import HttpTransport, Reply

PAGE = 500
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
ITERATOR = 'iteratorRemainingCount="{left}" iteratorID="{{6f0b3f9c-3b0b-4f5e-8a6e-5f6f0e1c2d3a}}"'


def rounds() -> Iterator[dict[str, float]]:
    """One round: memory does not vary, and the time is long enough."""
    count = stage.size(50_000, 2_000)
    one = _read("At once", customers=count, page=count)
    pages = _read("By pages", customers=count, page=PAGE)
    yield {
        "one answer: peak memory of the worker, MB": one.peak,
        "one answer: seconds": one.seconds,
        "one answer: MB": one.megabytes,
        "pages of 500: peak memory of the worker, MB": pages.peak,
        "pages of 500: seconds": pages.seconds,
        "memory of the worker before, MB": one.before,
        "customers": count,
    }


@dataclass
class Crowded(office.QuickBooks):
    """Has `customers`, and gives a `page` of them at a time."""

    customers: int = 0
    page: int = 0
    given: int = 0

    def one(self, name: str, request_id: str, body: str) -> str:
        if name != "CustomerQuery":
            return super().one(name, request_id, body)
        page = range(self.given, min(self.given + self.page, self.customers))
        self.given = page.stop
        records = "".join(CUSTOMER.format(n=number, p=number % 10_000) for number in page)
        return (
            f'<CustomerQueryRs requestID="{request_id}" statusCode="0" statusSeverity="Info" '
            f'statusMessage="Status OK" {ITERATOR.format(left=self.customers - self.given)}>\n{records}</CustomerQueryRs>\n'
        )


class Stopwatch(HttpTransport):
    """Counts the seconds until each reply, and the bytes of the longest call."""

    seconds = 0.0
    longest = 0

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        started = time.perf_counter()
        try:
            return super().post(url, headers, body)
        finally:
            self.seconds += time.perf_counter() - started
            self.longest = max(self.longest, len(body))


@dataclass(frozen=True)
class Reading:
    """What reading all customers took."""

    before: float
    peak: float
    seconds: float
    megabytes: float


def _read(name: str, *, customers: int, page: int) -> Reading:
    scene = stage.contractor(name)
    quickbooks = Crowded(office.record(), customers=customers, page=page)
    pc = office.Office(scene.company_file.user_name, scene.password, quickbooks)
    with servers.running("centerpoint", workers=1) as server:
        before = server.peak_megabytes()
        transport = Stopwatch()
        pc.session(SoapClient(office.address(server.port), transport))
        peak = server.peak_megabytes()
    mirrored = QuickBooksCustomer.objects.filter(company_file=scene.company_file).count()
    if mirrored != customers:
        raise ValueError(f"{mirrored} of {customers} customers are mirrored")
    return Reading(before, peak, transport.seconds, transport.longest / 1e6)
