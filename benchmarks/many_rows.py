"""A contractor with `count` rows of everything that a list page shows, written set-wise; invoices have no lines.

Half of the companies are paired; of the others a third each have a certain match, a likely one and none. Every invoice is in
QuickBooks, every project waits on its way there or is to fix, and every second ticket was deleted there: so the outbox and
the fix list are as long as the other lists.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from benchmarks import stage
from centerpoint.billing.models import Invoice, InvoiceKind, InvoiceStatus, Payment, PaymentPart
from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Change, Contractor
from centerpoint.quickbooks.models import (
    SENDING_RANK,
    CompanyFile,
    Conflict,
    ConnectorSession,
    Counterpart,
    Exchange,
    Pairing,
    Posting,
    QuickBooksCustomer,
    ReadMark,
    ReceivedPart,
    ReceivedPayment,
    RecordKind,
    Suggestion,
)
from centerpoint.quickbooks.posting_states import State
from centerpoint.sample_data.vocabulary import CALLS, CITIES, PLACES, STREETS, SURNAMES
from centerpoint.work.models import Project, ProjectStage, ServiceTicket, Stage

M = TypeVar("M", bound=Model)
A_STATEMENT = 1_000  # rows
DAYS = 3_650
TAX = Decimal("1.0825")
# Of projects, in turn: half of them are to fix.
ON_THE_WAY = (State.REFUSED, State.HELD, State.REFUSED, State.NEEDS_PAIRING, State.REFUSED, State.READY)
REFUSALS = ("3100", "3180", "tax-differs", "3175")


def contractor_with(count: int, name: str) -> CompanyFile:
    company_file = stage.contractor(name).company_file
    now = timezone.now()
    invoices = _Business(company_file.contractor, count, now).add()
    _QuickBooks(company_file, count, now).add(invoices)
    return company_file


def _write(rows: Iterable[M]) -> list[M]:
    rows = list(rows)
    return type(rows[0])._base_manager.bulk_create(rows, batch_size=A_STATEMENT)


class _Business:
    def __init__(self, contractor: Contractor, count: int, now: dt.datetime) -> None:
        self.contractor, self.numbers, self.now = contractor, range(count), now
        self.rng = Random(count)
        self.dated = {"contractor": contractor, "created_at": now, "changed_at": now}

    def add(self) -> list[Invoice]:
        companies = _write(self._company(number) for number in self.numbers)
        places = _write(self._place(number, companies) for number in self.numbers)
        tickets = _write(self._ticket(number, places) for number in self.numbers)
        stages = list(ProjectStage.objects.filter(contractor=self.contractor))
        _write(self._project(number, places, stages) for number in self.numbers)
        invoices = _write(self._invoice(ticket) for ticket in tickets)
        payments = _write(self._payment(invoice) for invoice in invoices)
        _write(
            PaymentPart(payment=payment, invoice=invoice, amount=payment.amount)
            for payment, invoice in zip(payments, invoices, strict=True)
        )
        _write(self._change(company) for company in companies)
        return invoices

    def _day(self) -> dt.date:
        return self.now.date() - dt.timedelta(days=self.rng.randrange(DAYS))

    def _company(self, number: int) -> Company:
        place, surname = self.rng.choice(PLACES), self.rng.choice(SURNAMES)
        city, postal_code, area = self.rng.choice(CITIES)
        return Company(
            name=f"{surname} {place} {number}",
            billing_street=f"{number} {self.rng.choice(STREETS)}",
            billing_city=city,
            billing_postal_code=postal_code,
            phone=f"{area}-555-{number % 10_000:04}",
            email=f"office{number}@{surname.lower()}.example",
            **self.dated,
        )

    def _place(self, number: int, companies: list[Company]) -> Property:
        city, postal_code, _ = self.rng.choice(CITIES)
        return Property(
            company=self.rng.choice(companies),
            name=f"{self.rng.choice(PLACES)} building {number}",
            street=f"{number} {self.rng.choice(STREETS)}",
            city=city,
            postal_code=postal_code,
            **self.dated,
        )

    def _ticket(self, number: int, places: list[Property]) -> ServiceTicket:
        place = self.rng.choice(places)
        service_type, description = self.rng.choice(CALLS)
        return ServiceTicket(
            number=str(1_001 + number),
            property=place,
            bill_to=place.company,
            service_type=service_type,
            description=description,
            stage=self.rng.choice(Stage.values),
            opened_on=self._day(),
            **self.dated,
        )

    def _project(self, number: int, places: list[Property], stages: list[ProjectStage]) -> Project:
        place = self.rng.choice(places)
        amount = Decimal(self.rng.randrange(500_000, 90_000_000)) / 100
        return Project(
            number=str(101 + number),
            name=f"Reroof {place.name}",
            property=place,
            bill_to=place.company,
            stage=self.rng.choice(stages),
            original_contract_amount=amount,
            contract_amount=amount,
            opened_on=self._day(),
            **self.dated,
        )

    def _invoice(self, ticket: ServiceTicket) -> Invoice:
        subtotal = Decimal(self.rng.randrange(10_000, 500_000)) / 100
        total = (subtotal * TAX).quantize(Decimal("0.01"))
        paid = total if self.rng.random() < 0.9 else (total / 2).quantize(Decimal("0.01"))
        issued_on = self._day()
        return Invoice(
            kind=InvoiceKind.SERVICE,
            number=ticket.number,
            ticket=ticket,
            bill_to_id=ticket.bill_to_id,
            property_id=ticket.property_id,
            status=InvoiceStatus.ISSUED,
            issued_on=issued_on,
            due_on=issued_on + dt.timedelta(days=30),
            subtotal=subtotal,
            tax=total - subtotal,
            total=total,
            paid=paid,
            balance=total - paid,
            **self.dated,
        )

    def _payment(self, invoice: Invoice) -> Payment:
        return Payment(
            contractor=self.contractor,
            company_id=invoice.bill_to_id,
            amount=invoice.paid,
            method="Check",
            received_on=self._day(),
            reference=str(self.rng.randrange(10_000, 99_999)),
            created_at=self.now,
        )

    def _change(self, company: Company) -> Change:
        return Change(
            contractor=self.contractor,
            at=self.now - dt.timedelta(minutes=self.rng.randrange(DAYS * 1440)),
            kind="company",
            record=company.pk,
            title=company.name,
            did="Changed",
            differences=[["Phone", "512-555-0000", company.phone]],
        )


class _QuickBooks:
    def __init__(self, company_file: CompanyFile, count: int, now: dt.datetime) -> None:
        self.company_file, self.count, self.now = company_file, count, now
        self.rng = Random(count)

    def add(self, invoices: list[Invoice]) -> None:
        companies = list(Company.objects.filter(contractor=self.company_file.contractor).order_by("pk"))
        ReadMark.objects.create(company_file=self.company_file, reading="customers", completed_at=self.now)
        customers = _write(self._customer(company) for company in companies)
        half = self.count // 2
        _write(self._pairing(*pair) for pair in zip(companies[:half], customers[:half], strict=True))
        _write(self._suggestions(companies[half:], customers[half:]))
        _write(conflict for company in companies[:half] for conflict in self._conflicts(company))
        sessions = _write(self._session(number) for number in range(self.count))
        _write(self._exchange(session) for session in sessions)
        _write(self._postings())
        _write(self._counterpart(invoice) for invoice in invoices)
        self._add_received(invoices)

    def _id(self, pk: int) -> str:
        return f"{pk:X}-1795402639"

    def _customer(self, company: Company) -> QuickBooksCustomer:
        return QuickBooksCustomer(
            company_file=self.company_file,
            list_id=self._id(company.pk),
            name=company.name[:41],
            full_name=company.name[:41],
            city=company.billing_city,
            phone=company.phone,
            edit_sequence="1795402639",
            time_modified="2026-03-02T09:00:00-05:00",
            read_at=self.now,
        )

    def _pairing(self, company: Company, customer: QuickBooksCustomer) -> Pairing:
        return Pairing(
            company_file=self.company_file,
            company=company,
            customer=customer,
            how=Pairing.How.CERTAIN,
            paired_at=self.now,
        )

    def _suggestions(
        self, companies: list[Company], customers: list[QuickBooksCustomer]
    ) -> Iterator[Suggestion]:
        verdicts = (Suggestion.Verdict.CERTAIN, Suggestion.Verdict.LIKELY, None)
        for number, (company, customer) in enumerate(zip(companies, customers, strict=True)):
            if verdict := verdicts[number % 3]:
                yield Suggestion(
                    company_file=self.company_file,
                    company=company,
                    customer=customer,
                    verdict=verdict,
                    score=90,
                    reasons=["The names are the same."],
                )

    def _conflicts(self, company: Company) -> Iterator[Conflict]:
        for field in ("phone", "email"):
            ours = getattr(company, field)
            yield Conflict(
                company_file=self.company_file,
                company=company,
                field=field,
                ours=ours,
                theirs=f"{ours}1",
                agreed=f"{ours}2",
                found_at=self.now,
            )

    def _session(self, number: int) -> ConnectorSession:
        at = self.now - dt.timedelta(minutes=10 * number)
        return ConnectorSession(
            company_file=self.company_file,
            ticket_digest=hashlib.sha256(f"{self.company_file.pk} {number}".encode()).digest(),
            status=ConnectorSession.Status.FINISHED,
            opened_at=at,
            heard_at=at,
            ended_at=at,
            objects_sent=self.rng.randrange(3),
            objects_read=self.rng.randrange(9),
            percent=100,
        )

    def _exchange(self, session: ConnectorSession) -> Exchange:
        return Exchange(
            company_file=self.company_file,
            session=session,
            key=f"{session.pk:X}",
            writes=False,
            step={"step": "Read", "readings": ["customers"]},
            status=Exchange.Status.ANSWERED,
            handed_out_at=session.opened_at,
            answered_at=session.opened_at,
            percent=100,
            request=bytes(500),
            answer=bytes(500),
        )

    def _postings(self) -> Iterator[Posting]:
        contractor = self.company_file.contractor
        for invoice in Invoice.objects.filter(contractor=contractor).order_by("pk"):
            yield self._posting(RecordKind.INVOICE, invoice, State.IN_QUICKBOOKS, amount=invoice.total)
        for number, ticket in enumerate(ServiceTicket.objects.filter(contractor=contractor).order_by("pk")):
            state = State.DELETED_THERE if number % 2 else State.IN_QUICKBOOKS
            yield self._posting(RecordKind.TICKET, ticket, state)
        for number, project in enumerate(Project.objects.filter(contractor=contractor).order_by("pk")):
            state = ON_THE_WAY[number % len(ON_THE_WAY)]
            refusal = self.rng.choice(REFUSALS) if state is State.REFUSED else ""
            yield self._posting(RecordKind.PROJECT, project, state, refusal=refusal)

    def _posting(
        self, kind: RecordKind, record: Invoice | ServiceTicket | Project, state: State, **values: Any
    ) -> Posting:
        return Posting(
            company_file=self.company_file,
            kind=kind,
            **{str(kind): record},
            revision=record.revision,
            rank=SENDING_RANK[kind],
            bill_to_id=record.bill_to_id,
            state=state,
            state_since=self.now - dt.timedelta(minutes=self.rng.randrange(10_000)),
            mark=self._id(record.pk),
            created_at=self.now,
            **values,
        )

    def _counterpart(self, invoice: Invoice) -> Counterpart:
        return Counterpart(
            company_file=self.company_file,
            kind=RecordKind.INVOICE,
            invoice=invoice,
            quickbooks_id=self._id(invoice.pk),
            edit_sequence="1795402639",
            name=invoice.number,
            total=invoice.total,
            balance=invoice.balance,
            read_at=self.now,
        )

    def _add_received(self, invoices: list[Invoice]) -> None:
        parts = PaymentPart.objects.filter(invoice__contractor=self.company_file.contractor)
        paid = list(parts.select_related("payment__company").order_by("pk"))
        received = _write(self._received(part.payment) for part in paid)
        _write(
            ReceivedPart(
                received_payment=mirror,
                txn_id=self._id(part.invoice_id),
                txn_type="Invoice",
                ref_number=invoice.number,
                amount=part.amount,
            )
            for mirror, part, invoice in zip(received, paid, invoices, strict=True)
        )

    def _received(self, payment: Payment) -> ReceivedPayment:
        return ReceivedPayment(
            company_file=self.company_file,
            kind=ReceivedPayment.Kind.PAYMENT,
            txn_id=f"P{self._id(payment.pk)}",
            edit_sequence="1795402639",
            customer_full_name=payment.company.name[:41],
            received_on=payment.received_on,
            reference=payment.reference,
            method=payment.method,
            total=payment.amount,
            payment=payment,
            read_at=self.now,
        )
