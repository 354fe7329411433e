"""Drafts: invoices nobody outside has seen. They may change and vanish freely."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Unpack

from django.db import transaction

from centerpoint.billing import money
from centerpoint.billing.models import Invoice, InvoiceKind, InvoiceStatus, TaxCode
from centerpoint.billing.operations.writing import (
    InvoiceFields,
    Line,
    accepted,
    check_revision,
    chosen_taxes,
    create,
    kept_lines,
    kept_taxes,
    lock_with_work,
    require,
    rewrite,
    standing,
    totals,
)
from centerpoint.billing.queries import previously_invoiced
from centerpoint.contractors.fields import cleaned
from centerpoint.contractors.refusals import Refusal, dollars
from centerpoint.contractors.revisions import lock
from centerpoint.work.models import Project, ServiceTicket


@dataclass(frozen=True, slots=True)
class Deposit:
    """A percent of the contract asked for before the work begins; the first invoice of the project."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class PercentOfContract:
    """A further percent of the contract amount; not the percent reached so far."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class FixedAmount:
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Final:
    """Whatever of the contract was not invoiced yet."""


Basis = Deposit | PercentOfContract | FixedAmount | Final


class TicketHasAnInvoice(Refusal):
    def __init__(self, invoice: Invoice) -> None:
        super().__init__(
            f"{invoice.ticket} has its invoice {invoice.number} ({standing(invoice)}); "
            "change or void that one."
        )


class PercentOutOfRange(Refusal):
    def __init__(self, percent: Decimal) -> None:
        super().__init__(f"{percent} % of a contract cannot be invoiced; write more than 0 and at most 100.")


class NothingToBill(Refusal):
    def __init__(self, project: Project) -> None:
        super().__init__(
            f"This would be an invoice of nothing for {project}; nothing of its contract is left."
        )


class NotTheFirst(Refusal):
    def __init__(self, project: Project, previously: Decimal) -> None:
        super().__init__(
            f"{dollars(previously)} of {project} is invoiced already; a deposit comes first. "
            "Invoice a percent or an amount instead."
        )


class MoreThanTheContract(Refusal):
    def __init__(self, project: Project, previously: Decimal, amount: Decimal) -> None:
        over = previously + amount - project.contract_amount
        super().__init__(
            f"{dollars(previously)} of {project}'s contract of {dollars(project.contract_amount)} is "
            f"invoiced already; {dollars(amount)} more is {dollars(over)} over it. "
            "Add a change order or invoice less."
        )


@transaction.atomic
def draft_service_invoice(
    *,
    ticket: ServiceTicket,
    lines: Sequence[Line],
    now: dt.datetime,
    tax_codes: Sequence[TaxCode] | None = None,
    **fields: Unpack[InvoiceFields],
) -> Invoice:
    """Begin the invoice of a ticket, under the ticket's number. Without `tax_codes` the usual ones of the place."""
    lock(ticket)
    standing = ticket.invoices.exclude(status=InvoiceStatus.VOID).select_related("ticket").first()
    if standing is not None:
        raise TicketHasAnInvoice(standing)
    values = cleaned(Invoice, {"purchase_order": ticket.purchase_order, **fields})
    invoice = Invoice(
        contractor_id=ticket.contractor_id,
        kind=InvoiceKind.SERVICE,
        number=_service_number(ticket),
        ticket=ticket,
        **_beginning(ticket, values, now),
    )
    return create(invoice, accepted(lines), chosen_taxes(ticket, tax_codes))


def _service_number(ticket: ServiceTicket) -> str:
    """The ticket's number; a further invoice after a voided one adds -2, -3 ..."""
    taken = _numbers(ticket.contractor_id, ticket.number)
    number, next_try = ticket.number, 2
    while number in taken:
        number, next_try = f"{ticket.number}-{next_try}", next_try + 1
    return number


def _project_number(project: Project) -> str:
    taken = _numbers(project.contractor_id, project.number)
    last = 1 + project.invoices.count()
    while f"{project.number}-{last}" in taken:
        last += 1
    return f"{project.number}-{last}"


def _numbers(contractor: int, stem: str) -> set[str]:
    numbers = Invoice.objects.filter(contractor=contractor, number__startswith=stem)
    return set(numbers.values_list("number", flat=True))


def _beginning(
    work: ServiceTicket | Project, values: dict[str, object], now: dt.datetime
) -> dict[str, object]:
    """What every draft takes from its work and its contractor."""
    contractor = work.contractor
    return {
        "bill_to": work.bill_to,
        "property": work.property,
        "terms": contractor.payment_terms,
        "note": contractor.invoice_note,
        "created_at": now,
        "changed_at": now,
        **values,
    }


@transaction.atomic
def draft_project_invoice(
    *,
    project: Project,
    basis: Basis,
    now: dt.datetime,
    description: str = "",
    taxable: bool = True,
    tax_codes: Sequence[TaxCode] | None = None,
    **fields: Unpack[InvoiceFields],
) -> Invoice:
    """Begin the next invoice of a project, `<project>-<n>`, with one line for its share of the contract."""
    lock(project)
    share = share_of(project, basis)
    values = cleaned(Invoice, {"purchase_order": project.purchase_order, **fields})
    invoice = Invoice(
        contractor_id=project.contractor_id,
        kind=InvoiceKind.PROJECT,
        number=_project_number(project),
        project=project,
        is_final=isinstance(basis, Final),
        percent_of_contract=basis.percent if isinstance(basis, Deposit | PercentOfContract) else None,
        previously_invoiced=share.previously,
        **_beginning(project, values, now),
    )
    line = Line(
        description=description or share_of_contract(project.contract_amount, basis),
        unit_price=share.amount,
        taxable=taxable,
    )
    return create(invoice, accepted([line]), chosen_taxes(project, tax_codes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What an invoice would bill of a project's contract, and what was billed before it; both before tax."""

    previously: Decimal
    amount: Decimal


def share_of(project: Project, basis: Basis) -> Share:
    """What the next invoice comes to on this basis; refused when the contract does not hold it. Writes nothing."""
    previously = previously_invoiced(project)
    amount = _amount(project, basis, previously)
    if amount <= 0:
        raise NothingToBill(project)
    check_contract(project, previously, amount)
    return Share(previously=previously, amount=amount)


def _amount(project: Project, basis: Basis, previously: Decimal) -> Decimal:
    match basis:
        case Deposit(percent) | PercentOfContract(percent):
            if not 0 < percent <= 100:
                raise PercentOutOfRange(percent)
            if isinstance(basis, Deposit) and previously:
                raise NotTheFirst(project, previously)
            return money.percent_of_contract(project.contract_amount, percent)
        case FixedAmount(amount):
            return amount
        case Final():
            return project.contract_amount - previously


def share_of_contract(contract_amount: Decimal, basis: Basis) -> str:
    """How the line of a project invoice reads."""
    contract = f"the contract of {dollars(contract_amount)}"
    match basis:
        case Deposit(percent):
            return f"Deposit, {percent.normalize():f} % of {contract}"
        case PercentOfContract(percent):
            return f"{percent.normalize():f} % of {contract}"
        case FixedAmount():
            return f"Progress billing on {contract}"
        case Final():
            return f"Final billing of {contract}"


def check_contract(project: Project, previously: Decimal, amount: Decimal) -> None:
    if previously + amount > project.contract_amount:
        raise MoreThanTheContract(project, previously, amount)


@transaction.atomic
def change_draft(
    *,
    invoice: Invoice,
    now: dt.datetime,
    expected: int | None = None,
    lines: Sequence[Line] | None = None,
    tax_codes: Sequence[TaxCode] | None = None,
    **fields: Unpack[InvoiceFields],
) -> Invoice:
    """Lines and tax codes given replace those there; what is not given stays."""
    work = lock_with_work(invoice)
    check_revision(invoice, expected)
    require(invoice, InvoiceStatus.DRAFT)
    new_lines = kept_lines(invoice) if lines is None else accepted(lines)
    taxes = chosen_taxes(work, tax_codes, kept=kept_taxes(invoice))
    values = cleaned(Invoice, fields)
    if isinstance(work, Project):
        values["percent_of_contract"] = percent_kept(invoice, work, totals(new_lines, taxes).subtotal)
    rewrite(invoice, lines=new_lines, taxes=taxes, now=now, **values)
    return invoice


def percent_kept(invoice: Invoice, project: Project, subtotal: Decimal) -> Decimal | None:
    """The percent an invoice says it bills, as long as its lines still come to that."""
    percent = invoice.percent_of_contract
    if percent is not None and money.percent_of_contract(project.contract_amount, percent) == subtotal:
        return percent
    return None


@transaction.atomic
def discard_draft(*, invoice: Invoice, expected: int | None = None) -> None:
    """Throw a draft away; its number is free again."""
    lock_with_work(invoice)
    check_revision(invoice, expected)
    require(invoice, InvoiceStatus.DRAFT)
    invoice.delete()
