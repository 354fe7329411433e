"""Issued invoices: what the company, the bookkeeper and the books have seen. A correction is a new revision."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction

from centerpoint.billing.models import Invoice, InvoiceStatus, TaxCode
from centerpoint.billing.money import ZERO
from centerpoint.billing.operations.drafts import check_contract, percent_kept
from centerpoint.billing.operations.writing import (
    IssuedFields,
    Line,
    accepted,
    check_exemption,
    check_revision,
    chosen_taxes,
    kept_lines,
    kept_taxes,
    lock_with_work,
    require,
    rewrite,
    totals,
)
from centerpoint.billing.queries import previously_invoiced
from centerpoint.billing.terms import due_date
from centerpoint.companies.models import Company
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors.fields import cleaned
from centerpoint.contractors.refusals import Refusal, dollars
from centerpoint.contractors.revisions import StaleRevision, lock, revise
from centerpoint.work.models import Project, ServiceTicket
from centerpoint.work.operations import CompanyInactive, mark_invoiced, mark_not_invoiced


class InvoiceHasNoLines(Refusal):
    def __init__(self, invoice: Invoice) -> None:
        super().__init__(f"{invoice} has no lines; write what is billed first.")


class NegativeTotal(Refusal):
    def __init__(self, invoice: Invoice, total: Decimal) -> None:
        super().__init__(
            f"{invoice} comes to {dollars(total)}; an invoice cannot be less than nothing. Give a credit instead."
        )


class PurchaseOrderMissing(Refusal):
    def __init__(self, invoice: Invoice) -> None:
        super().__init__(
            f"{invoice.bill_to} pays no invoice without a purchase order number; add it to {invoice}."
        )


class DueBeforeIssued(Refusal):
    def __init__(self, issued_on: dt.date, due_on: dt.date) -> None:
        super().__init__(f"An invoice of {issued_on:%Y-%m-%d} cannot be due on {due_on:%Y-%m-%d}.")


class FinalIsNotTheRest(Refusal):
    def __init__(self, invoice: Invoice, rest: Decimal) -> None:
        super().__init__(
            f"{invoice} is the final one but bills {dollars(invoice.subtotal)}, while {dollars(rest)} of the contract "
            "is left. Discard the draft and make the final invoice anew."
        )


class PaidMoreThanTotal(Refusal):
    def __init__(self, invoice: Invoice, total: Decimal) -> None:
        super().__init__(
            f"{dollars(invoice.paid)} of {invoice} is paid; it cannot become {dollars(total)}. "
            "Change the payment first."
        )


class InvoiceIsPaid(Refusal):
    def __init__(self, invoice: Invoice) -> None:
        super().__init__(
            f"{dollars(invoice.paid)} of {invoice} is paid; take the payment off before you void it."
        )


class WorkIsInvoiced(Refusal):
    def __init__(self, work: ServiceTicket | Project) -> None:
        super().__init__(f"{work} has an issued invoice; void it before you bill another company.")


@transaction.atomic
def issue_invoice(*, invoice: Invoice, on: dt.date, now: dt.datetime, expected: int | None = None) -> Invoice:
    """Freeze the draft as a snapshot of the work: from now on the company and the books may see it."""
    work = lock_with_work(invoice)
    check_revision(invoice, expected)
    require(invoice, InvoiceStatus.DRAFT)
    if not invoice.lines.exists():
        raise InvoiceHasNoLines(invoice)
    if invoice.total < 0:
        raise NegativeTotal(invoice, invoice.total)
    if invoice.taxes.exists():
        check_exemption(work.bill_to, work.property)
    if work.bill_to.needs_purchase_order and not invoice.purchase_order:
        raise PurchaseOrderMissing(invoice)
    changes: dict[str, Any] = {}
    if isinstance(work, Project):
        changes["previously_invoiced"] = _check_project(invoice, work)
    else:
        mark_invoiced(ticket=work, on=on, now=now)
    revise(
        invoice,
        now=now,
        did="Issued",
        status=InvoiceStatus.ISSUED,
        issued_on=on,
        due_on=_due(invoice, on, invoice.terms, invoice.due_on),
        property_id=work.property_id,
        **changes,
    )
    return invoice


def _check_project(invoice: Invoice, project: Project) -> Decimal:
    """What was invoiced before this one; the contract holds whatever was issued since the draft was written."""
    previously = previously_invoiced(project)
    if invoice.is_final and invoice.subtotal != project.contract_amount - previously:
        raise FinalIsNotTheRest(invoice, project.contract_amount - previously)
    check_contract(project, previously, invoice.subtotal)
    return previously


def _due(invoice: Invoice, issued_on: dt.date, terms: str, wanted: dt.date | None) -> dt.date:
    if wanted is None:
        contractor = invoice.contractor
        return due_date(
            issued_on,
            terms=terms,
            usual_terms=contractor.payment_terms,
            usual_days=contractor.payment_days,
        )
    if wanted < issued_on:
        raise DueBeforeIssued(issued_on, wanted)
    return wanted


@transaction.atomic
def change_issued_invoice(
    *,
    invoice: Invoice,
    now: dt.datetime,
    expected: int | None = None,
    lines: Sequence[Line] | None = None,
    tax_codes: Sequence[TaxCode] | None = None,
    **fields: Unpack[IssuedFields],
) -> Invoice:
    """Correct an invoice that is out: the next revision, which shows as changed since it was sent.

    A new date or new terms move the due date unless that is given too.
    """
    work = lock_with_work(invoice)
    check_revision(invoice, expected)
    require(invoice, InvoiceStatus.ISSUED)
    new_lines = kept_lines(invoice) if lines is None else accepted(lines)
    if not new_lines:
        raise InvoiceHasNoLines(invoice)
    taxes = chosen_taxes(work, tax_codes, kept=kept_taxes(invoice))
    result = totals(new_lines, taxes)
    if result.total < 0:
        raise NegativeTotal(invoice, result.total)
    if result.total < invoice.paid:
        raise PaidMoreThanTotal(invoice, result.total)
    values = cleaned(Invoice, fields)
    _check_purchase_order(invoice, values)
    values["due_on"] = _corrected_due(invoice, values)
    if isinstance(work, Project) and result.subtotal != invoice.subtotal:
        others = previously_invoiced(work) - invoice.subtotal
        check_contract(work, others, result.subtotal)
        values["percent_of_contract"] = percent_kept(invoice, work, result.subtotal)
    rewrite(invoice, lines=new_lines, taxes=taxes, now=now, **values)
    return invoice


def _check_purchase_order(invoice: Invoice, values: dict[str, Any]) -> None:
    if invoice.bill_to.needs_purchase_order and values.get("purchase_order") == "":
        raise PurchaseOrderMissing(invoice)


def _corrected_due(invoice: Invoice, values: dict[str, Any]) -> dt.date:
    assert invoice.issued_on is not None, "the database keeps a date on every issued invoice"
    issued_on: dt.date = values.get("issued_on", invoice.issued_on)
    terms: str = values.get("terms", invoice.terms)
    moved = issued_on != invoice.issued_on or terms != invoice.terms
    return _due(invoice, issued_on, terms, values.get("due_on", None if moved else invoice.due_on))


@transaction.atomic
def void_invoice(*, invoice: Invoice, now: dt.datetime, expected: int | None = None) -> Invoice:
    """Take an issued invoice back. Lines and total stay readable, nothing is open; the ticket waits for a new invoice."""
    work = lock_with_work(invoice)
    check_revision(invoice, expected)
    require(invoice, InvoiceStatus.ISSUED)
    if invoice.paid:
        raise InvoiceIsPaid(invoice)
    revise(invoice, now=now, did="Voided", status=InvoiceStatus.VOID, balance=ZERO)
    if isinstance(work, ServiceTicket):
        mark_not_invoiced(ticket=work, now=now)
    return invoice


@transaction.atomic
def change_bill_to(
    *, work: ServiceTicket | Project, bill_to: Company, now: dt.datetime, expected: int | None = None
) -> ServiceTicket | Project:
    """Bill another company for the work; drafts go along, with its taxes when one of the two is exempt."""
    lock(work)
    if expected is not None and work.revision != expected:
        raise StaleRevision(work, expected)
    if bill_to.contractor_id != work.contractor_id:
        raise OfAnotherContractor("company")
    if not bill_to.is_active:
        raise CompanyInactive(bill_to)
    if work.invoices.filter(status=InvoiceStatus.ISSUED).exists():
        raise WorkIsInvoiced(work)
    taxed_as_before = bill_to.tax_exempt == work.bill_to.tax_exempt
    revise(work, now=now, bill_to_id=bill_to.pk)
    for draft in work.invoices.select_for_update().filter(status=InvoiceStatus.DRAFT):
        taxes = kept_taxes(draft) if taxed_as_before else chosen_taxes(work, None)
        rewrite(draft, lines=kept_lines(draft), taxes=taxes, now=now, bill_to_id=bill_to.pk)
    return work
