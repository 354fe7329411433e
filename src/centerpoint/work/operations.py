"""Writes on service tickets, projects, their change orders and their stages.

Whom the work is billed to is changed in billing/operations, which knows the invoices.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from centerpoint.companies.models import Company, Property
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors import history
from centerpoint.contractors.fields import cleaned
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.refusals import Refusal, dollars
from centerpoint.contractors.revisions import StaleRevision, lock, revise
from centerpoint.work.models import ChangeOrder, Project, ProjectStage, ServiceTicket, Stage
from centerpoint.work.stages import STANDARD_PROJECT_STAGES, is_done, may_move


class TicketFields(TypedDict, total=False):
    description: str
    service_type: str
    purchase_order: str
    labor_rate: Decimal | None
    not_to_exceed: Decimal | None
    job_number: str
    notes: str
    scheduled_for: dt.date | None


class TicketChanges(TicketFields, total=False):
    property: Property
    opened_on: dt.date


class ProjectFields(TypedDict, total=False):
    description: str
    project_manager: str
    purchase_order: str
    original_contract_amount: Decimal
    starts_on: dt.date | None
    ends_on: dt.date | None


class ProjectChanges(ProjectFields, total=False):
    name: str
    property: Property
    opened_on: dt.date


class NumberTaken(Refusal):
    def __init__(self, what: str, number: str) -> None:
        super().__init__(f"There is already a {what} {number}; leave the number empty for the next free one.")


class CompanyInactive(Refusal):
    def __init__(self, company: Company) -> None:
        super().__init__(f"{company.name} is not active; reactivate it or bill another company.")


class NegativeAmount(Refusal):
    def __init__(self, what: str) -> None:
        super().__init__(f"The {what} cannot be less than zero.")


class MoveOutOfOrder(Refusal):
    def __init__(self, ticket: ServiceTicket, stage: Stage) -> None:
        if stage is Stage.INVOICED:
            reason = "issuing its invoice does that"
        elif ticket.stage == Stage.CLOSED:
            reason = "a closed ticket stays closed; open a new one"
        else:
            reason = "it is invoiced; void the invoice first"
        super().__init__(f"{ticket} cannot be moved to “{stage.label}”: {reason}.")


class ContractBelowZero(Refusal):
    def __init__(self, project: Project, amount: Decimal) -> None:
        super().__init__(
            f"This would leave {project} with a contract of {dollars(amount)}, less than nothing."
        )


class EndsBeforeItStarts(Refusal):
    def __init__(self, starts_on: dt.date, ends_on: dt.date) -> None:
        super().__init__(
            f"The work cannot end on {ends_on:%Y-%m-%d}, before it starts on {starts_on:%Y-%m-%d}."
        )


class StageNameTaken(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a project stage named {name}.")


class StageInUse(Refusal):
    def __init__(self, stage: ProjectStage, projects: int) -> None:
        at_it = "1 project is" if projects == 1 else f"{projects} projects are"
        super().__init__(f"{at_it} at the stage {stage.name}; move that first.")


@transaction.atomic
def create_ticket(
    *,
    property: Property,
    opened_on: dt.date,
    now: dt.datetime,
    bill_to: Company | None = None,
    number: str = "",
    **fields: Unpack[TicketFields],
) -> ServiceTicket:
    """Open a ticket, billed to the property's company unless said. Without a number it gets the contractor's next."""
    payer = _payer(property, bill_to)
    values = cleaned(ServiceTicket, {**fields, "opened_on": opened_on})
    contractor = Contractor.objects.select_for_update().get(pk=property.contractor_id)
    taken = ServiceTicket.objects.filter(contractor=contractor)
    if number:
        number = cleaned(ServiceTicket, {"number": number})["number"]
        if taken.filter(number=number).exists():
            raise NumberTaken("service ticket", number)
    else:
        free = contractor.next_ticket_number
        while taken.filter(number=str(free)).exists():
            free += 1
        Contractor.objects.filter(pk=contractor.pk).update(next_ticket_number=free + 1)
        number = str(free)
    ticket = ServiceTicket.objects.create(
        contractor=contractor,
        number=number,
        property=property,
        bill_to=payer,
        changed_at=now,
        created_at=now,
        **values,
    )
    history.record(ticket, "Opened", now=now)
    return ticket


def _payer(property: Property, bill_to: Company | None) -> Company:
    payer = bill_to or property.company
    if payer.contractor_id != property.contractor_id:
        raise OfAnotherContractor("company")
    if not payer.is_active:
        raise CompanyInactive(payer)
    return payer


@transaction.atomic
def change_ticket(
    *, ticket: ServiceTicket, now: dt.datetime, expected: int | None = None, **changes: Unpack[TicketChanges]
) -> ServiceTicket:
    values = _changes_of_work(ticket, changes)
    revise(ticket, now=now, expected=expected, **values)
    return ticket


def _changes_of_work(
    work: ServiceTicket | Project, changes: TicketChanges | ProjectChanges
) -> dict[str, Any]:
    property = changes.get("property")
    if property is not None and property.contractor_id != work.contractor_id:
        raise OfAnotherContractor("property")
    return cleaned(type(work), changes)


@transaction.atomic
def move_ticket(
    *, ticket: ServiceTicket, stage: Stage, on: dt.date, now: dt.datetime, expected: int | None = None
) -> ServiceTicket:
    """Move along the stages in stages.py; the day the work was completed is kept from the first time it was."""
    lock(ticket)
    if stage == ticket.stage:
        return ticket
    if not may_move(Stage(ticket.stage), stage):
        raise MoveOutOfOrder(ticket, stage)
    completed_on = (ticket.completed_on or on) if is_done(stage) else None
    revise(ticket, now=now, expected=expected, did="Moved", stage=stage, completed_on=completed_on)
    return ticket


@transaction.atomic
def mark_invoiced(*, ticket: ServiceTicket, on: dt.date, now: dt.datetime) -> None:
    """Its invoice was issued. A ticket that was closed before stays closed."""
    lock(ticket)
    if ticket.stage != Stage.CLOSED:
        revise(ticket, now=now, stage=Stage.INVOICED, completed_on=ticket.completed_on or on)


@transaction.atomic
def mark_not_invoiced(*, ticket: ServiceTicket, now: dt.datetime) -> None:
    """Its invoice was voided: the work waits for another one."""
    revise(ticket, now=now, stage=Stage.AUTHORIZED)


@transaction.atomic
def create_project_stages(*, contractor: Contractor) -> list[ProjectStage]:
    """The contractor's own list, at first the standard one; what he has already is left alone."""
    lock(contractor)
    if not ProjectStage.objects.filter(contractor=contractor).exists():
        ProjectStage.objects.bulk_create(
            ProjectStage(contractor=contractor, name=name, position=position, progress=progress)
            for position, (name, progress) in enumerate(STANDARD_PROJECT_STAGES, start=1)
        )
    return list(ProjectStage.objects.filter(contractor=contractor))


@transaction.atomic
def add_project_stage(*, contractor: Contractor, name: str, progress: ProjectStage.Progress) -> ProjectStage:
    """A further stage at the end of the list."""
    lock(contractor)
    values = cleaned(ProjectStage, {"name": name, "progress": progress})
    stages = ProjectStage.objects.filter(contractor=contractor)
    if stages.filter(name=values["name"]).exists():
        raise StageNameTaken(values["name"])
    last = stages.aggregate(last=Max("position"))["last"] or 0
    return ProjectStage.objects.create(contractor=contractor, position=last + 1, **values)


@transaction.atomic
def rename_project_stage(*, stage: ProjectStage, name: str) -> ProjectStage:
    name = cleaned(ProjectStage, {"name": name})["name"]
    others = ProjectStage.objects.filter(contractor=stage.contractor_id).exclude(pk=stage.pk)
    if others.filter(name=name).exists():
        raise StageNameTaken(name)
    stage.name = name
    stage.save(update_fields=["name"])
    return stage


@transaction.atomic
def move_project_stage(*, stage: ProjectStage, up: bool) -> None:
    """Change places with the stage before or after it; at the end of the list it stays."""
    lock(stage.contractor)
    others = ProjectStage.objects.filter(contractor=stage.contractor_id)
    if up:
        other = others.filter(position__lt=stage.position).order_by("-position").first()
    else:
        other = others.filter(position__gt=stage.position).order_by("position").first()
    if other is None:
        return
    stage.position, other.position = other.position, stage.position
    ProjectStage.objects.bulk_update([stage, other], ["position"])


@transaction.atomic
def remove_project_stage(*, stage: ProjectStage) -> None:
    projects = Project.objects.filter(stage=stage).count()
    if projects:
        raise StageInUse(stage, projects)
    stage.delete()


@transaction.atomic
def create_project(
    *,
    property: Property,
    name: str,
    opened_on: dt.date,
    now: dt.datetime,
    bill_to: Company | None = None,
    stage: ProjectStage | None = None,
    number: str = "",
    **fields: Unpack[ProjectFields],
) -> Project:
    """Open a project at the contractor's first stage unless said; the contract amount is the original one."""
    payer = _payer(property, bill_to)
    values = cleaned(Project, {"name": name, **fields, "opened_on": opened_on})
    original = values.get("original_contract_amount", Decimal(0))
    _check_contract(original)
    _check_schedule(values.get("starts_on"), values.get("ends_on"))
    contractor = Contractor.objects.select_for_update().get(pk=property.contractor_id)
    stages = create_project_stages(contractor=contractor)
    if stage is not None and stage not in stages:
        raise OfAnotherContractor("project stage")
    project = Project.objects.create(
        contractor=contractor,
        number=_project_number(contractor, number),
        property=property,
        bill_to=payer,
        stage=stage or stages[0],
        contract_amount=original,
        changed_at=now,
        created_at=now,
        **values,
    )
    history.record(project, "Opened", now=now)
    return project


def _project_number(contractor: Contractor, number: str) -> str:
    """The number asked for, or the contractor's next. The contractor's row is locked."""
    taken = Project.objects.filter(contractor=contractor)
    if number:
        number = str(cleaned(Project, {"number": number})["number"])
        if taken.filter(number=number).exists():
            raise NumberTaken("project", number)
        return number
    free = contractor.next_project_number
    while taken.filter(number=str(free)).exists():
        free += 1
    Contractor.objects.filter(pk=contractor.pk).update(next_project_number=free + 1)
    return str(free)


def _check_contract(original: Decimal) -> None:
    if original < 0:
        raise NegativeAmount("original contract amount")


def _check_schedule(starts_on: dt.date | None, ends_on: dt.date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsBeforeItStarts(starts_on, ends_on)


@transaction.atomic
def change_project(
    *, project: Project, now: dt.datetime, expected: int | None = None, **changes: Unpack[ProjectChanges]
) -> Project:
    lock(project)
    values = _changes_of_work(project, changes)
    _check_schedule(values.get("starts_on", project.starts_on), values.get("ends_on", project.ends_on))
    original = values.get("original_contract_amount")
    if original is not None:
        _check_contract(original)
        values["contract_amount"] = _contract_amount(project, original)
    revise(project, now=now, expected=expected, **values)
    return project


@transaction.atomic
def add_change_order(
    *,
    project: Project,
    description: str,
    amount: Decimal,
    agreed_on: dt.date,
    now: dt.datetime,
    expected: int | None = None,
) -> ChangeOrder:
    """Agree on more, or with a negative amount on less, than the contract says."""
    lock(project)
    if expected is not None and project.revision != expected:
        raise StaleRevision(project, expected)
    values = cleaned(ChangeOrder, {"description": description, "amount": amount, "agreed_on": agreed_on})
    last = project.change_orders.aggregate(last=Max("number"))["last"] or 0
    order = ChangeOrder.objects.create(project=project, number=last + 1, **values)
    contract = _contract_amount(project, project.original_contract_amount)
    revise(project, now=now, did=f"{order} of {dollars(amount)} agreed", contract_amount=contract)
    return order


def _contract_amount(project: Project, original: Decimal) -> Decimal:
    """The one place where a contract amount is made: the original amount and every change order."""
    orders = project.change_orders.values_list("amount", flat=True)
    contract = original + sum(orders, Decimal(0))
    if contract < 0:
        raise ContractBelowZero(project, contract)
    return contract


@transaction.atomic
def move_project(
    *, project: Project, stage: ProjectStage, on: dt.date, now: dt.datetime, expected: int | None = None
) -> Project:
    """Project stages are the contractor's own: any may follow any. The day it was finished is kept."""
    if stage.contractor_id != project.contractor_id:
        raise OfAnotherContractor("project stage")
    lock(project)
    finished = stage.progress == ProjectStage.Progress.CLOSED
    revise(
        project,
        now=now,
        expected=expected,
        did="Moved",
        stage=stage,
        finished_on=(project.finished_on or on) if finished else None,
    )
    return project
