"""Sample service tickets and service invoices."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from random import Random

from centerpoint.billing.models import Invoice, InvoiceKind, InvoiceStatus
from centerpoint.billing.operations import Line
from centerpoint.billing.operations.writing import ChosenTax, NewInvoice, create_many
from centerpoint.billing.terms import due_date
from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor
from centerpoint.sample_data.companies import Clientele
from centerpoint.sample_data.vocabulary import (
    CALLS,
    CALLS_WITHOUT_A_BILL,
    HALF_A_CENT,
    LABOR,
    MATERIAL,
    NOTES,
    OTHER,
    TRAVEL,
    Article,
)
from centerpoint.work.models import ServiceTicket, Stage
from centerpoint.work.stages import ORDER, is_done

CHUNK = 1000  # tickets, with their invoices, in memory at a time
DAYS = 365

# What becomes of a ticket that has no issued invoice: its stage, the status of its invoice if any, and how often.
OPEN_LIVES: tuple[tuple[Stage, InvoiceStatus | None, int], ...] = (
    (Stage.NEW, None, 14),
    (Stage.ACCEPTED, None, 10),
    (Stage.SCHEDULED, None, 16),
    (Stage.EN_ROUTE, None, 4),
    (Stage.IN_PROGRESS, None, 8),
    (Stage.COMPLETED, None, 12),
    (Stage.COMPLETED, InvoiceStatus.DRAFT, 12),
    (Stage.AUTHORIZED, InvoiceStatus.DRAFT, 10),
    (Stage.AUTHORIZED, InvoiceStatus.VOID, 8),
    (Stage.CLOSED, None, 6),
)
INVOICED_LIVES: tuple[tuple[Stage, InvoiceStatus | None, int], ...] = (
    (Stage.INVOICED, InvoiceStatus.ISSUED, 70),
    (Stage.CLOSED, InvoiceStatus.ISSUED, 30),
)

Life = tuple[Stage, InvoiceStatus | None]


def load_tickets(
    contractor: Contractor,
    clientele: Clientele,
    taxes: Sequence[ChosenTax],
    *,
    tickets: int,
    invoices: int,
    today: dt.date,
    rng: Random,
    now: dt.datetime,
    progress: Callable[[int], None],
) -> None:
    """`invoices` of the tickets have an issued invoice; numbers follow the days the calls came in."""
    lives = [*_lives(INVOICED_LIVES, invoices, rng), *_lives(OPEN_LIVES, tickets - invoices, rng)]
    rng.shuffle(lives)
    days = sorted(rng.randint(1, DAYS) for _ in lives)
    places = _places(clientele, rng)
    numbers = _free_numbers(contractor)
    rows = zip(reversed(days), lives, places, numbers, strict=False)
    while chunk := list(itertools.islice(rows, CHUNK)):
        made = []
        for days_ago, life, (place, bill_to), number in chunk:
            ticket = _ticket(
                contractor, place, bill_to, life, number, today - dt.timedelta(days=days_ago), today, rng, now
            )
            made.append((ticket, life[1]))
        ServiceTicket.objects.bulk_create([ticket for ticket, _ in made], batch_size=CHUNK)
        create_many([_invoice(ticket, status, taxes, today, rng, now) for ticket, status in made if status])
        contractor.next_ticket_number = chunk[-1][3] + 1
        progress(len(chunk) + sum(status is InvoiceStatus.ISSUED for _, status in made))
    contractor.save(update_fields=["next_ticket_number"])


def _lives(
    shares: Sequence[tuple[Stage, InvoiceStatus | None, int]], count: int, rng: Random
) -> Iterator[Life]:
    weights = [weight for _, _, weight in shares]
    for stage, status, _ in rng.choices(shares, weights, k=count):
        yield stage, status


def _places(clientele: Clientele, rng: Random) -> Iterator[tuple[Property, Company]]:
    """Every company has a call before anybody has a second one; later some bills go to another company."""
    first_of: dict[int, Property] = {}
    for place in clientele.properties:
        first_of.setdefault(place.company_id, place)
    for place in first_of.values():
        yield place, place.company
    while True:
        place = rng.choice(clientele.properties)
        yield place, rng.choice(clientele.companies) if rng.random() < 0.08 else place.company


def _free_numbers(contractor: Contractor) -> Iterator[int]:
    taken = set(ServiceTicket.objects.filter(contractor=contractor).values_list("number", flat=True))
    return (number for number in itertools.count(contractor.next_ticket_number) if str(number) not in taken)


def _ticket(
    contractor: Contractor,
    place: Property,
    bill_to: Company,
    life: Life,
    number: int,
    opened_on: dt.date,
    today: dt.date,
    rng: Random,
    now: dt.datetime,
) -> ServiceTicket:
    stage, status = life
    without_a_bill = stage is Stage.CLOSED and status is None
    service_type, description = rng.choice(CALLS_WITHOUT_A_BILL if without_a_bill else CALLS)
    scheduled = ORDER.index(stage) >= ORDER.index(Stage.SCHEDULED)
    visit = opened_on + dt.timedelta(days=rng.randint(0, 9))
    wants_order = bill_to.needs_purchase_order or rng.random() < 0.15
    return ServiceTicket(
        contractor=contractor,
        number=str(number),
        description=description,
        property=place,
        bill_to=bill_to,
        service_type=service_type,
        purchase_order=f"PO-{rng.randint(10000, 99999)}" if wants_order else "",
        labor_rate=LABOR[0].unit_price,
        not_to_exceed=Decimal(rng.choice((500, 750, 1000, 2500))) if status is None else None,
        notes=rng.choice(NOTES),
        stage=stage,
        opened_on=opened_on,
        scheduled_for=visit if scheduled else None,
        completed_on=min(visit + dt.timedelta(days=rng.randint(0, 2)), today) if is_done(stage) else None,
        changed_at=now,
        created_at=now,
    )


def _invoice(
    ticket: ServiceTicket,
    status: InvoiceStatus,
    taxes: Sequence[ChosenTax],
    today: dt.date,
    rng: Random,
    now: dt.datetime,
) -> NewInvoice:
    contractor, exempt = ticket.contractor, ticket.bill_to.tax_exempt or ticket.property.tax_exempt
    done = ticket.completed_on or ticket.opened_on
    issued_on = min(done + dt.timedelta(days=rng.randint(0, 6)), today)
    drafted = status is InvoiceStatus.DRAFT
    invoice = Invoice(
        contractor=contractor,
        kind=InvoiceKind.SERVICE,
        number=ticket.number,
        ticket=ticket,
        bill_to=ticket.bill_to,
        property=ticket.property,
        status=status,
        issued_on=None if drafted else issued_on,
        due_on=None if drafted else due_on(contractor, issued_on),
        purchase_order=ticket.purchase_order,
        terms=contractor.payment_terms,
        note=contractor.invoice_note,
        changed_at=now,
        created_at=now,
    )
    lines = [_line(article, exempt, rng) for article in _articles(rng)]
    return NewInvoice(invoice, lines, () if exempt else taxes)


def due_on(contractor: Contractor, issued_on: dt.date) -> dt.date:
    return due_date(
        issued_on,
        terms=contractor.payment_terms,
        usual_terms=contractor.payment_terms,
        usual_days=contractor.payment_days,
    )


def _articles(rng: Random) -> Iterator[Article]:
    if rng.random() < 0.06:
        # A bill whose tax ends on half a cent: nothing else on it is taxed.
        yield TRAVEL[0]
        yield HALF_A_CENT
        return
    if rng.random() < 0.8:
        yield rng.choice(TRAVEL)
    yield rng.choice(LABOR)
    yield from rng.sample(MATERIAL, rng.randint(0, 3))
    if rng.random() < 0.35:
        yield rng.choice(OTHER)


def _line(article: Article, exempt: bool, rng: Random) -> Line:
    steps = int((article.most - article.least) / article.step)
    return Line(
        kind=article.kind,
        description=article.description,
        quantity=article.least + article.step * rng.randint(0, steps),
        unit=article.unit,
        unit_price=article.unit_price,
        taxable=article.taxable and not exempt,
        # Small things are often left off the print; they are billed all the same.
        visible=not (article.unit_price < 1 and rng.random() < 0.5),
    )
