"""Finding what is owed among many invoices of which 50 changed: it may not grow with the many.

Two contractors, one with ten times the business of the other, both long in QuickBooks: every ticket and every invoice has
its posting and its counterpart. Then 50 invoices are revised and discovered, again and again. The first sweep, which has to
look at everything, is timed by itself.
"""

import datetime as dt
import statistics
import time
from collections.abc import Iterator, Sequence

from django.db.models import F
from django.utils import timezone

from benchmarks import stage
from centerpoint.billing.models import Invoice, InvoiceKind, InvoiceStatus
from centerpoint.companies.models import Company, Property
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import CompanyFile, Counterpart, Posting, RecordKind
from centerpoint.quickbooks.posting_states import State
from centerpoint.work.models import ServiceTicket, Stage

OWED = 50
TIMES = 7
A_STATEMENT = 1_000  # rows


def rounds() -> Iterator[dict[str, float]]:
    few, many = stage.size(5_000, 200), stage.size(50_000, 2_000)
    small, _ = _in_quickbooks("Small", few)
    large, sweep = _in_quickbooks("Large", many)
    for _ in range(stage.ROUNDS):
        among_few, among_many = _milliseconds(small), _milliseconds(large)
        yield {
            f"ms to find 50 among {many:,}": among_many,
            f"ms to find 50 among {few:,}": among_few,
            "ratio": among_many / among_few,
            f"seconds of the first sweep over {many:,}": sweep,
        }


def _in_quickbooks(name: str, count: int) -> tuple[CompanyFile, float]:
    """A contractor with `count` tickets and invoices that are all in the books, and what the first sweep took."""
    company_file = stage.contractor(name).company_file
    now = timezone.now() - dt.timedelta(minutes=30)
    _add_business(company_file, count, now)
    started = time.perf_counter()
    outbox.discover(company_file, now=now)
    seconds = time.perf_counter() - started
    postings = Posting.objects.filter(company_file=company_file)
    postings.update(state=State.IN_QUICKBOOKS)
    Counterpart.objects.bulk_create(
        (
            Counterpart(
                company_file=company_file,
                kind=kind,
                ticket_id=ticket,
                invoice_id=invoice,
                quickbooks_id=f"{pk:X}-1795402639",
                edit_sequence="1795402639",
                read_at=now,
            )
            for pk, kind, ticket, invoice in postings.exclude(kind=RecordKind.COMPANY).values_list(
                "pk", "kind", "ticket", "invoice"
            )
        ),
        batch_size=A_STATEMENT,
    )
    return company_file, seconds


def _add_business(company_file: CompanyFile, count: int, now: dt.datetime) -> None:
    """One company in a hundred invoices; amounts do not matter here, so there are no lines."""
    contractor = company_file.contractor
    dated = {"contractor": contractor, "created_at": now, "changed_at": now}
    companies = Company.objects.bulk_create(
        (Company(name=f"Customer {number}", **dated) for number in range(max(1, count // 100))),
        batch_size=A_STATEMENT,
    )
    properties = Property.objects.bulk_create(
        (Property(company=company, name="Main roof", **dated) for company in companies),
        batch_size=A_STATEMENT,
    )
    tickets = ServiceTicket.objects.bulk_create(
        (
            ServiceTicket(
                number=str(number),
                property=place,
                bill_to=place.company,
                stage=Stage.INVOICED,
                opened_on=now.date(),
                **dated,
            )
            for number, place in _in_turn(properties, count)
        ),
        batch_size=A_STATEMENT,
    )
    Invoice.objects.bulk_create(
        (
            Invoice(
                kind=InvoiceKind.SERVICE,
                number=ticket.number,
                ticket=ticket,
                bill_to_id=ticket.bill_to_id,
                property_id=ticket.property_id,
                status=InvoiceStatus.ISSUED,
                issued_on=now.date(),
                **dated,
            )
            for ticket in tickets
        ),
        batch_size=A_STATEMENT,
    )


def _in_turn(properties: Sequence[Property], count: int) -> Iterator[tuple[int, Property]]:
    return ((number, properties[number % len(properties)]) for number in range(count))


def _milliseconds(company_file: CompanyFile) -> float:
    times = []
    for _ in range(TIMES):
        now = timezone.now()
        # As after a quiet night: the last look was later than everything there is.
        CompanyFile.objects.filter(pk=company_file.pk).update(discovered_to=now)
        company_file.refresh_from_db()
        _revise(company_file, now)
        before = Posting.objects.count()
        started = time.perf_counter()
        outbox.discover(company_file, now=timezone.now())
        times.append(1000 * (time.perf_counter() - started))
        if Posting.objects.count() - before != OWED:
            raise ValueError(f"{Posting.objects.count() - before} postings were found instead of {OWED}")
    return statistics.median(times)


def _revise(company_file: CompanyFile, now: dt.datetime) -> None:
    invoices = Invoice.objects.filter(contractor=company_file.contractor_id).order_by("changed_at", "pk")
    Invoice.objects.filter(pk__in=list(invoices.values_list("pk", flat=True)[:OWED])).update(
        revision=F("revision") + 1, changed_at=now
    )
