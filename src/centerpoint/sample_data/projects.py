"""Sample projects with change orders and project invoices."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from random import Random

from centerpoint.billing import money
from centerpoint.billing.models import Invoice, InvoiceKind, InvoiceStatus
from centerpoint.billing.operations import Basis, Deposit, Final, Line, PercentOfContract
from centerpoint.billing.operations.drafts import share_of_contract
from centerpoint.billing.operations.writing import ChosenTax, NewInvoice, create_many
from centerpoint.contractors.models import Contractor
from centerpoint.sample_data.companies import Clientele
from centerpoint.sample_data.tickets import due_on
from centerpoint.sample_data.vocabulary import CHANGE_ORDERS, PARTS_OF_A_PROJECT, PROJECT_MANAGERS, PROJECTS
from centerpoint.work.models import ChangeOrder, Project, ProjectStage
from centerpoint.work.operations import create_project_stages

# How projects are billed, in turn: three invoices each on the average.
PLANS: tuple[tuple[Basis, ...], ...] = (
    (Deposit(Decimal(30)), PercentOfContract(Decimal(40)), Final()),
    (Deposit(Decimal(10)), PercentOfContract(Decimal(30)), PercentOfContract(Decimal(40)), Final()),
    (Deposit(Decimal(25)), PercentOfContract(Decimal("33.3333")), PercentOfContract(Decimal(20))),
    (Deposit(Decimal(30)), PercentOfContract(Decimal(40))),
    (Deposit(Decimal("12.5")), PercentOfContract(Decimal(40)), Final()),
)
CHUNK = 500


def load_projects(
    contractor: Contractor,
    clientele: Clientele,
    taxes: Sequence[ChosenTax],
    *,
    projects: int,
    today: dt.date,
    rng: Random,
    now: dt.datetime,
    progress: Callable[[int], None],
) -> int:
    """How many project invoices were issued."""
    stages = create_project_stages(contractor=contractor)
    numbers = _free_numbers(contractor)
    plans = itertools.islice(itertools.cycle(PLANS), projects)
    issued = 0
    while chunk := list(itertools.islice(zip(plans, numbers, strict=False), CHUNK)):
        made = [
            _project(contractor, clientele, stages, plan, number, today, rng, now) for plan, number in chunk
        ]
        Project.objects.bulk_create([project for project, _, _ in made])
        ChangeOrder.objects.bulk_create([order for _, orders, _ in made for order in orders])
        invoices = [
            invoice
            for project, orders, plan in made
            for invoice in _invoices(project, orders, plan, taxes, rng, now)
        ]
        create_many(invoices)
        issued += len(invoices)
        contractor.next_project_number = chunk[-1][1] + 1
        progress(len(chunk))
    contractor.save(update_fields=["next_project_number"])
    return issued


def _free_numbers(contractor: Contractor) -> Iterator[int]:
    taken = set(Project.objects.filter(contractor=contractor).values_list("number", flat=True))
    return (number for number in itertools.count(contractor.next_project_number) if str(number) not in taken)


def _project(
    contractor: Contractor,
    clientele: Clientele,
    stages: Sequence[ProjectStage],
    plan: tuple[Basis, ...],
    number: int,
    today: dt.date,
    rng: Random,
    now: dt.datetime,
) -> tuple[Project, list[ChangeOrder], tuple[Basis, ...]]:
    place = rng.choice(clientele.properties)
    title, description = rng.choice(PROJECTS)
    finished = any(isinstance(basis, Final) for basis in plan)
    opened_on = today - dt.timedelta(days=rng.randint(150, 350))
    starts_on = opened_on + dt.timedelta(days=rng.randint(14, 35))
    ends_on = starts_on + dt.timedelta(days=rng.randint(20, 60))
    original = Decimal(rng.randint(180_000, 4_200_000)) / 10
    agreed = rng.sample(CHANGE_ORDERS, rng.choice((0, 1, 1, 2)))
    project = Project(
        contractor=contractor,
        number=str(number),
        name=f"{title}, {place.name}",
        description=description,
        property=place,
        bill_to=place.company,
        project_manager=rng.choice(PROJECT_MANAGERS),
        purchase_order=f"PO-{rng.randint(10000, 99999)}" if place.company.needs_purchase_order else "",
        original_contract_amount=original.quantize(money.CENT),
        contract_amount=(original + sum(amount for _, amount in agreed)).quantize(money.CENT),
        stage=_stage(stages, ProjectStage.Progress.CLOSED if finished else ProjectStage.Progress.UNDER_WAY),
        starts_on=starts_on,
        ends_on=ends_on,
        finished_on=ends_on if finished else None,
        opened_on=opened_on,
        changed_at=now,
        created_at=now,
    )
    orders = [
        ChangeOrder(project=project, number=place_, description=what, amount=amount, agreed_on=starts_on)
        for place_, (what, amount) in enumerate(agreed, start=1)
    ]
    return project, orders, plan


def _stage(stages: Sequence[ProjectStage], progress: ProjectStage.Progress) -> ProjectStage:
    """The contractor's list may lack a stage of that kind; then the last one."""
    return next((stage for stage in stages if stage.progress == progress), stages[-1])


def _invoices(
    project: Project,
    orders: Sequence[ChangeOrder],
    plan: tuple[Basis, ...],
    taxes: Sequence[ChosenTax],
    rng: Random,
    now: dt.datetime,
) -> Iterator[NewInvoice]:
    """The deposit is a share of the original contract, all the rest of the contract with its change orders."""
    assert project.starts_on is not None and project.ends_on is not None, "sample projects are scheduled"
    exempt = project.bill_to.tax_exempt or project.property.tax_exempt
    days = (project.ends_on - project.starts_on).days
    previously = money.ZERO
    for place, basis in enumerate(plan):
        contract = project.original_contract_amount if place == 0 else project.contract_amount
        amount = (
            money.percent_of_contract(contract, basis.percent)
            if isinstance(basis, Deposit | PercentOfContract)
            else contract - previously
        )
        issued_on = project.starts_on + dt.timedelta(days=days * place // max(1, len(plan) - 1))
        invoice = Invoice(
            contractor=project.contractor,
            kind=InvoiceKind.PROJECT,
            number=f"{project.number}-{place + 1}",
            project=project,
            bill_to=project.bill_to,
            property=project.property,
            status=InvoiceStatus.ISSUED,
            issued_on=issued_on,
            due_on=due_on(project.contractor, issued_on),
            purchase_order=project.purchase_order,
            terms=project.contractor.payment_terms,
            note=project.contractor.invoice_note,
            is_final=isinstance(basis, Final),
            percent_of_contract=basis.percent if isinstance(basis, Deposit | PercentOfContract) else None,
            previously_invoiced=previously,
            changed_at=now,
            created_at=now,
        )
        previously += amount
        in_parts = place > 0 and rng.random() < 0.4
        yield NewInvoice(invoice, _lines(basis, contract, amount, exempt, in_parts), () if exempt else taxes)


def _lines(basis: Basis, contract: Decimal, amount: Decimal, exempt: bool, in_parts: bool) -> list[Line]:
    title = share_of_contract(contract, basis)
    if not in_parts:
        return [Line(description=title, unit_price=amount, taxable=not exempt)]
    shares = money.split(amount, [weight for _, weight in PARTS_OF_A_PROJECT])
    return [
        Line(description=f"{title}: {part}", unit_price=share, taxable=not exempt)
        for (part, _), share in zip(PARTS_OF_A_PROJECT, shares, strict=True)
    ]
