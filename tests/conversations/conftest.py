"""Centerpoint and an emulated office PC, talking real SOAP and real qbXML through the real door.

Every request and every answer of every conversation goes through Intuit's schema, when it is at hand.
"""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Invoice
from centerpoint.companies import operations as companies
from centerpoint.companies.models import Company
from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks import connection, outbox
from centerpoint.quickbooks.models import CompanyFile, Counterpart, Options, Posting
from centerpoint.quickbooks.sync import session
from centerpoint.quickbooks.webconnector.door import Door
from centerpoint.work import operations as work
from centerpoint.work.models import ProjectStage, ServiceTicket
from qbemulator import qwc
from qbemulator.company_file import CompanyFile as Books
from qbemulator.company_file.office import Office
from qbemulator.faults import Fault
from qbemulator.request_processor import RequestProcessor
from qbemulator.soap import Reply
from qbemulator.web_connector import Update, WebConnector, WsgiTransport
from witnesses import problem_by_intuits_schema

START = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)
_RESPONSE = re.compile(r"<(response|strHCPResponse)>(.*?)</\1>", re.DOTALL)
_REQUEST = re.compile(r"<sendRequestXMLResult>(.*?)</sendRequestXMLResult>", re.DOTALL)


class Clock:
    """Both sides read it; it goes on by a second at every look, as QuickBooks stamps by the second."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now

    def pass_(self, **time: int) -> None:
        self.now += dt.timedelta(**time)


@dataclass
class Wire:
    """Every qbXML text that went over the wire, and what Intuit's schema says against it."""

    requests: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def watch(self, method: str, body: bytes, reply: Reply) -> None:
        for _, escaped in _RESPONSE.findall(body.decode()):
            self._keep(self.answers, html.unescape(escaped))
        for escaped in _REQUEST.findall(reply.body.decode("utf-8", "replace")):
            self._keep(self.requests, html.unescape(escaped))

    def _keep(self, kept: list[str], text: str) -> None:
        if not text:
            return
        kept.append(text)
        try:
            problem = problem_by_intuits_schema(text)
        except etree.XMLSyntaxError as broken:
            # A test may cut an answer off on purpose; what we send is never broken.
            problem = str(broken) if kept is self.requests else None
        if problem:
            self.problems.append(f"{problem}\n{text[:3000]}")


@dataclass
class Story:
    """One contractor, his company file on both sides, and short ways to let things happen."""

    contractor: Contractor
    company_file: CompanyFile
    books: Books
    connector: WebConnector
    clock: Clock
    wire: Wire

    @property
    def office(self) -> Office:
        return Office(self.books, clock=self.clock)

    def update(self, *faults: Fault) -> list[Update]:
        """Connector sessions until nothing is left to do; faults strike in the course of them."""
        self.clock.pass_(minutes=5)
        return self.connector.update_until_idle(faults=faults, limit=60)

    def session(self, *faults: Fault) -> Update:
        self.clock.pass_(minutes=5)
        return self.connector.update(faults)

    def options(self, **changes: Any) -> Options:
        options = connection.save_options(company_file=self.company_file, now=self.clock(), **changes)
        self.company_file.refresh_from_db()
        return options

    def company(self, name: str = "Harbor View Condominiums", **fields: Any) -> Company:
        return companies.create_company(contractor=self.contractor, name=name, now=self.clock(), **fields)

    def invoice(self, *, company: Company | None = None, amount: str = "480.00", **fields: Any) -> Invoice:
        """An issued service invoice of its own ticket, untaxed unless `tax_codes` says."""
        return self.invoice_of(self.ticket(company), amount=amount, **fields)

    def ticket(self, company: Company | None = None) -> ServiceTicket:
        company = company or self.company()
        place = companies.create_property(company=company, name=f"{company.name} roof", now=self.clock())
        return work.create_ticket(
            property=place, opened_on=self.today, description="Leak at the east wall", now=self.clock()
        )

    def invoice_of(self, ticket: ServiceTicket, *, amount: str = "480.00", **fields: Any) -> Invoice:
        lines = fields.pop("lines", None) or [
            billing.Line(description="Repair", unit_price=Decimal(amount), quantity=Decimal(1))
        ]
        draft = billing.draft_service_invoice(
            ticket=ticket, lines=lines, tax_codes=fields.pop("tax_codes", []), now=self.clock(), **fields
        )
        return billing.issue_invoice(invoice=draft, on=self.today, now=self.clock())

    def project_invoice(self, *, company: Company | None = None, percent: str = "40") -> Invoice:
        place = companies.create_property(
            company=company or self.company(), name="Main roof", now=self.clock()
        )
        project = work.create_project(
            property=place,
            name="Reroof",
            opened_on=self.today,
            original_contract_amount=Decimal("10000.00"),
            now=self.clock(),
        )
        basis = billing.PercentOfContract(Decimal(percent))
        draft = billing.draft_project_invoice(project=project, basis=basis, tax_codes=[], now=self.clock())
        return billing.issue_invoice(invoice=draft, on=self.today, now=self.clock())

    @property
    def today(self) -> dt.date:
        return self.clock.now.date()

    def posting(self, invoice: Invoice) -> Posting:
        """The posting of the invoice's latest revision."""
        return Posting.objects.filter(invoice=invoice).latest("revision")

    def states(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for state in Posting.objects.values_list("state", flat=True):
            counts[state] = counts.get(state, 0) + 1
        return counts

    def numbers_in_books(self) -> list[str]:
        return sorted(invoice["RefNumber"] for invoice in self.books.invoices)

    def known_ids(self) -> set[str]:
        """TxnIDs of the invoices that Centerpoint knows to be in the books."""
        return set(Counterpart.objects.filter(invoice__isnull=False).values_list("quickbooks_id", flat=True))

    def approve(self) -> None:
        outbox.approve(company_file=self.company_file, now=self.clock())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    assert not wire.problems, "Intuit's schema refuses:\n" + "\n".join(wire.problems[:3])


@pytest.fixture
def make_story(db: None, tmp_path: Path, clock: Clock, wire: Wire) -> Iterator[Callable[..., Story]]:
    opened: list[Books] = []

    def make(*, sample: str = "contractor", name: str = "Acme Roofing") -> Story:
        contractor = Contractor.objects.create(name=name, tax_percent=Decimal("8.25"), created_at=clock())
        for position, (title, progress) in enumerate(
            (("Sold", ProjectStage.Progress.AWARDED), ("On site", ProjectStage.Progress.UNDER_WAY))
        ):
            ProjectStage.objects.create(
                contractor=contractor, name=title, position=position, progress=progress
            )
        activation = connection.activate(contractor=contractor, url="http://localhost:8000", now=clock())
        books = Books.create(tmp_path / f"{len(opened)}.qbx", sample=sample, now=clock())
        opened.append(books)
        connector = WebConnector(
            qwc=qwc.read(connection.qwc_file(activation.company_file)),
            password=activation.password,
            processor=RequestProcessor(books, clock=clock),
            transport=WsgiTransport(Door(session, clock=clock)),
            sleep=lambda seconds: None,
            watch=wire.watch,
        )
        story = Story(contractor, activation.company_file, books, connector, clock, wire)
        story.options(hold_for_approval=False)
        return story

    yield make
    for books in opened:
        books.close()


@pytest.fixture
def story(make_story: Callable[..., Story]) -> Story:
    """A contractor whose integration is active and sends without asking; nothing has been said yet."""
    return make_story()
