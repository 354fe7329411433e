"""An office PC that costs next to nothing: a Web Connector without checks, a QuickBooks of templates.

A benchmark of the server must not measure QuickBooks. What this one says of itself and of its lists is recorded once from
the emulator; what it says to something new is put together from the words of the request.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from django.utils import timezone

from centerpoint.quickbooks.sync import session
from centerpoint.quickbooks.webconnector.door import Door
from centerpoint.quickbooks.webconnector.qwc import SERVICE_PATH
from qbemulator.company_file import CompanyFile
from qbemulator.request_processor import RequestProcessor
from qbemulator.soap import SoapClient
from qbemulator.transport import HttpTransport, WsgiTransport
from qbemulator.web_connector import FINISHED, VERSION

PATH = r"C:\QuickBooks\Benchmark.qbw"
_STAMP = "1795402639"
_DESCRIPTION = ("HostQueryRq", "CompanyQueryRq", "PreferencesQueryRq")
_LISTS = ("SalesTaxCodeQueryRq", "StandardTermsQueryRq", "AccountQueryRq", "ItemQueryRq")
_QUERY = '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="continueOnError">{}</QBXMLMsgsRq></QBXML>'
_REQUEST = re.compile(r'<(\w+)Rq requestID="([^"]*)"[^>]*?(?:/>|>(.*?)</\1Rq>)', re.DOTALL)
_ANSWER = re.compile(r"<(\w+)Rs ([^>]*)>(.*?)</\1Rs>", re.DOTALL)
_SET_ID = re.compile(r'newMessageSetID="([^"]*)"')
_CUSTOMER = re.compile(
    r"<CustomerAdd><Name>(.*?)</Name>(<IsActive>.*?</IsActive>)?"
    r"(?:<ParentRef><ListID>(.*?)</ListID></ParentRef>)?(.*)</CustomerAdd>",
    re.DOTALL,
)
_INVOICE = re.compile(r"<InvoiceAdd>(.*?)(<InvoiceLineAdd>.*)</InvoiceAdd>", re.DOTALL)
_LINE = re.compile(r"<InvoiceLineAdd>(.*?)</InvoiceLineAdd>", re.DOTALL)
_TAX_ITEM = re.compile(r"<ItemSalesTaxRef><ListID>(.*?)</ListID></ItemSalesTaxRef>")
_TAX_RATE = re.compile(
    r"<ItemSalesTaxRet>\s*<ListID>(.*?)</ListID>.*?<TaxRate>(.*?)</TaxRate>.*?</ItemSalesTaxRet>", re.DOTALL
)


@dataclass(frozen=True)
class Recording:
    """What the emulated QuickBooks says of itself, and its answer to each list query by request name."""

    description: str
    lists: dict[str, str]

    def tax_rates(self) -> dict[str, int]:
        """ListID of a sales tax item -> its percentage, times 100,000."""
        found = _TAX_RATE.findall(self.lists["ItemQuery"])
        return {list_id: _fixed(rate, places=5) for list_id, rate in found}


def record() -> Recording:
    """Ask a company file of the emulator, as it was just created."""
    with (
        tempfile.TemporaryDirectory() as folder,
        CompanyFile.create(Path(folder) / "books.qbx", sample="contractor", now=timezone.now()) as books,
    ):
        quickbooks = RequestProcessor(books).connect()
        description = quickbooks.process(_query(_DESCRIPTION))
        answers = _ANSWER.findall(quickbooks.process(_query(_LISTS)))
    return Recording(description, {name: inside for name, _, inside in answers})


def _query(names: tuple[str, ...]) -> str:
    return _QUERY.format("".join(f'<{name} requestID="{number}" />' for number, name in enumerate(names)))


@dataclass
class QuickBooks:
    """Answers whatever Centerpoint asks in a first contact or sends as new. Raises ValueError for anything else."""

    recording: Recording
    full_names: dict[str, str] = field(default_factory=dict)  # of customers and jobs, by ListID
    objects: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: count(1000))

    def __post_init__(self) -> None:
        self._tax_rates = self.recording.tax_rates()

    def answer(self, text: str) -> str:
        set_id = _SET_ID.search(text)
        recovery = f' newMessageSetID="{set_id[1]}" messageSetStatusCode="0"' if set_id else ""
        answers = "".join(self.one(*request.groups("")) for request in _REQUEST.finditer(text))
        return (
            f'<?xml version="1.0" ?>\n<QBXML>\n<QBXMLMsgsRs{recovery}>\n{answers}</QBXMLMsgsRs>\n</QBXML>\n'
        )

    def one(self, name: str, request_id: str, body: str) -> str:
        """The answer to one request."""
        code, message = 0, "Status OK"
        if name == "CustomerAdd":
            inside = self._customer(body)
        elif name == "InvoiceAdd":
            inside = self._invoice(body)
        elif name.endswith("Query"):
            inside = self.recording.lists.get(name, "")
            if not inside:
                code, message = 1, "A query request did not find a matching object in QuickBooks"
        else:
            raise ValueError(f"{name} is not among the templates")
        return (
            f'<{name}Rs requestID="{request_id}" statusCode="{code}" statusSeverity="Info" '
            f'statusMessage="{message}">\n{inside}</{name}Rs>\n'
        )

    def _customer(self, body: str) -> str:
        found = _CUSTOMER.fullmatch(body)
        if found is None:
            raise ValueError(f"a customer of another shape: {body}")
        name, is_active, parent, rest = found.groups("")
        self.objects += 1
        list_id = f"80{next(self._numbers):06X}-{_STAMP}"
        full_name = self.full_names[list_id] = f"{self.full_names[parent]}:{name}" if parent else name
        parent_ref = f"<ParentRef><ListID>{parent}</ListID></ParentRef>" if parent else ""
        return (
            f"<CustomerRet>\n<ListID>{list_id}</ListID>\n{_STAMPS}<Name>{name}</Name>\n"
            f"<FullName>{full_name}</FullName>\n{is_active or '<IsActive>true</IsActive>'}\n{parent_ref}"
            f"<Sublevel>{full_name.count(':')}</Sublevel>\n{rest}\n</CustomerRet>\n"
        )

    def _invoice(self, body: str) -> str:
        found = _INVOICE.fullmatch(body)
        if found is None:
            raise ValueError(f"an invoice of another shape: {body}")
        self.objects += 1
        head, lines = found.groups()
        subtotal = taxable = 0
        written = []
        for line in _LINE.findall(lines):
            amount = _amount(line)
            subtotal += amount
            taxable += amount if "<FullName>Tax</FullName>" in line else 0
            written.append(_line_ret(line, amount, f"{next(self._numbers):X}-{_STAMP}"))
        tax_item = _TAX_ITEM.search(head)
        rate = self._tax_rates[tax_item[1]] if tax_item else 0
        tax = (taxable * rate + 5_000_000) // 10_000_000
        totals = (
            f"<Subtotal>{_dollars(subtotal)}</Subtotal>\n{tax_item[0] if tax_item else ''}\n"
            f"<SalesTaxPercentage>{rate / 100_000}</SalesTaxPercentage>\n<SalesTaxTotal>{_dollars(tax)}</SalesTaxTotal>\n"
            f"<AppliedAmount>0.00</AppliedAmount>\n<BalanceRemaining>{_dollars(subtotal + tax)}</BalanceRemaining>\n"
        )
        head = head.replace(tax_item[0], totals) if tax_item else head.replace("<Memo>", f"{totals}<Memo>", 1)
        return (
            f"<InvoiceRet>\n<TxnID>{next(self._numbers):X}-{_STAMP}</TxnID>\n{_STAMPS}<TxnNumber>9</TxnNumber>\n"
            f"{head}\n{''.join(written)}</InvoiceRet>\n"
        )


_STAMPS = (
    "<TimeCreated>2026-11-22T18:57:19-08:00</TimeCreated>\n<TimeModified>2026-11-22T18:57:19-08:00</TimeModified>\n"
    f"<EditSequence>{_STAMP}</EditSequence>\n"
)


def _line_ret(line: str, amount: int, line_id: str) -> str:
    before, tax_code, after = line.partition("<SalesTaxCodeRef>")
    before = before.partition("<Amount>")[0]
    return (
        f"<InvoiceLineRet>\n<TxnLineID>{line_id}</TxnLineID>\n{before}\n<Amount>{_dollars(amount)}</Amount>\n"
        f"{tax_code}{after}\n</InvoiceLineRet>\n"
    )


def _amount(line: str) -> int:
    """Cents of a line: its amount, or quantity times rate, halves up."""
    given = re.search(r"<Amount>(.*?)</Amount>", line)
    if given:
        return _fixed(given[1], places=2)
    quantity, rate = re.search(r"<Quantity>(.*?)</Quantity>", line), re.search(r"<Rate>(.*?)</Rate>", line)
    if quantity is None or rate is None:
        raise ValueError(f"a line without an amount: {line}")
    product = _fixed(quantity[1], places=5) * _fixed(rate[1], places=5)
    return (abs(product) + 50_000_000) // 100_000_000 * (1 if product >= 0 else -1)


def _fixed(number: str, *, places: int) -> int:
    """A decimal number as a whole number of units of 10 ** -places."""
    whole, _, rest = number.partition(".")
    sign = -1 if number.startswith("-") else 1
    return sign * int(f"{whole.lstrip('-')}{rest:0<{places}}")


def _dollars(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


@dataclass
class Office:
    """One office PC: its log-in and its QuickBooks."""

    user_name: str
    password: str
    quickbooks: QuickBooks

    def session(self, service: SoapClient) -> int:
        """A whole session; how many messages were exchanged. Raises ValueError when it ended otherwise than done."""
        return self.exchange_all(service, self.log_in(service))

    def log_in(self, service: SoapClient) -> str:
        """The ticket. Raises ValueError when the service has nothing to do."""
        service.text("serverVersion")
        service.text("clientVersion", ("strVersion", VERSION))
        said = service.array("authenticate", ("strUserName", self.user_name), ("strPassword", self.password))
        if said is None or len(said) < 2 or said[0] is None or said[1] != "":
            raise ValueError(f"authenticate said {said}")
        return said[0]

    def exchange_all(
        self, service: SoapClient, ticket: str, *, after_each: Callable[[], None] = lambda: None
    ) -> int:
        """Messages and answers until the service says 100, then the end of the session."""
        description, messages, percent = self.quickbooks.recording.description, 0, 0
        while percent != FINISHED:
            text = service.text(
                "sendRequestXML",
                ("ticket", ticket),
                ("strHCPResponse", description),
                ("strCompanyFileName", PATH),
                ("qbXMLCountry", "US"),
                ("qbXMLMajorVers", "13"),
                ("qbXMLMinorVers", "0"),
            )
            answer = self.quickbooks.answer(text or "")
            words = (("ticket", ticket), ("response", answer), ("hresult", ""), ("message", ""))
            percent = service.integer("receiveResponseXML", *words)
            if percent < 0:
                raise ValueError(service.text("getLastError", ("ticket", ticket)))
            description, messages = "", messages + 1
            after_each()
        service.text("closeConnection", ("ticket", ticket))
        return messages


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}{SERVICE_PATH}"


def over_http(port: int, transport: HttpTransport | None = None) -> SoapClient:
    """The service of the server at `port`, over one kept-alive connection."""
    return SoapClient(address(port), transport or HttpTransport())


def in_process() -> SoapClient:
    """The service in this process, for what is not measured."""
    return SoapClient(f"http://localhost{SERVICE_PATH}", WsgiTransport(Door(session)))
