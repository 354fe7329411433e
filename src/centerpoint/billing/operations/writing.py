"""How an invoice's lines, taxes and amounts are written: the one way for drafts and for corrections."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, TypedDict

from centerpoint.billing import money
from centerpoint.billing.models import Invoice, InvoiceLine, InvoiceStatus, InvoiceTax, LineKind, TaxCode
from centerpoint.billing.queries import usual_tax_codes
from centerpoint.companies.models import Company, Property
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors import history
from centerpoint.contractors.fields import cleaned
from centerpoint.contractors.refusals import Refusal
from centerpoint.contractors.revisions import StaleRevision, lock, revise
from centerpoint.work.models import Project, ServiceTicket

BATCH = 1000  # rows in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as somebody writes it; its amount is quantity times unit price, rounded in money.py."""

    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    unit: str = ""
    kind: str = LineKind.OTHER
    taxable: bool = True
    visible: bool = True


class InvoiceFields(TypedDict, total=False):
    purchase_order: str
    terms: str
    note: str
    due_on: dt.date | None


class IssuedFields(InvoiceFields, total=False):
    issued_on: dt.date


@dataclass(frozen=True, slots=True)
class ChosenTax:
    """A tax code with the percent that counts for this invoice."""

    tax_code_id: int
    percent: Decimal


def standing(invoice: Invoice) -> str:
    """What an invoice is, inside a sentence."""
    return {
        InvoiceStatus.DRAFT: "a draft",
        InvoiceStatus.ISSUED: "issued",
        InvoiceStatus.VOID: "void",
    }[InvoiceStatus(invoice.status)]


class NotADraft(Refusal):
    def __init__(self, invoice: Invoice) -> None:
        super().__init__(f"{invoice} is {standing(invoice)}, no draft any more; correct or void it instead.")


class NotIssued(Refusal):
    def __init__(self, invoice: Invoice) -> None:
        super().__init__(f"{invoice} is {standing(invoice)}, not issued.")


class TaxOnExempt(Refusal):
    def __init__(self, who: Company | Property) -> None:
        super().__init__(f"{who} is tax exempt; take the tax codes off the invoice or lift the exemption.")


class TaxCodeInactive(Refusal):
    def __init__(self, tax_code: TaxCode) -> None:
        super().__init__(f"The tax code {tax_code.code} is not active; choose another one.")


def lock_with_work(invoice: Invoice) -> ServiceTicket | Project:
    """Lock the work, then the invoice: everybody takes them in this order, so that nobody waits for ever."""
    work = invoice.ticket or invoice.project
    assert work is not None, "an invoice bills one ticket or one project"
    lock(work)
    lock(invoice)
    return work


def check_revision(invoice: Invoice, expected: int | None) -> None:
    """Before anything else: who did not see the present invoice is told that, and not what follows from it."""
    if expected is not None and invoice.revision != expected:
        raise StaleRevision(invoice, expected)


def check_exemption(bill_to: Company, property: Property) -> None:
    for who in (bill_to, property):
        if who.tax_exempt:
            raise TaxOnExempt(who)


def chosen_taxes(
    work: ServiceTicket | Project,
    tax_codes: Sequence[TaxCode] | None,
    kept: Sequence[ChosenTax] | None = None,
) -> list[ChosenTax]:
    """The taxes asked for; without a choice those `kept` from before or else the usual ones of the place."""
    if tax_codes is None and kept is not None:
        return list(kept)
    if tax_codes is None:
        tax_codes = usual_tax_codes(bill_to=work.bill_to, property=work.property)
    elif tax_codes:
        check_exemption(work.bill_to, work.property)
    for tax_code in tax_codes:
        if tax_code.contractor_id != work.contractor_id:
            raise OfAnotherContractor("tax code")
        if not tax_code.is_active:
            raise TaxCodeInactive(tax_code)
    return list(dict.fromkeys(ChosenTax(tax_code.pk, tax_code.percent) for tax_code in tax_codes))


def kept_taxes(invoice: Invoice) -> list[ChosenTax]:
    rows = invoice.taxes.order_by("pk").values_list("tax_code_id", "percent")
    return [ChosenTax(tax_code, percent) for tax_code, percent in rows]


def kept_lines(invoice: Invoice) -> list[Line]:
    return [
        Line(
            description=line.description,
            unit_price=line.unit_price,
            quantity=line.quantity,
            unit=line.unit,
            kind=line.kind,
            taxable=line.taxable,
            visible=line.visible,
        )
        for line in invoice.lines.order_by("position")
    ]


def accepted(lines: Sequence[Line]) -> list[Line]:
    """The lines tidied; FieldsRefused when one of them cannot be stored as it is."""
    return [Line(**cleaned(InvoiceLine, asdict(line))) for line in lines]


def totals(lines: Sequence[Line], taxes: Sequence[ChosenTax]) -> money.Totals:
    amounts = [(money.line_amount(line.quantity, line.unit_price), line.taxable) for line in lines]
    return money.totals(amounts, [tax.percent for tax in taxes])


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """An invoice without its amounts, not saved yet, and what it bills."""

    invoice: Invoice
    lines: Sequence[Line]
    taxes: Sequence[ChosenTax]


def create(invoice: Invoice, lines: Sequence[Line], taxes: Sequence[ChosenTax]) -> Invoice:
    """Save a new invoice with its lines, taxes and amounts."""
    create_many([NewInvoice(invoice, lines, taxes)])
    return invoice


def create_many(new: Sequence[NewInvoice]) -> None:
    """Save many new invoices in a fixed number of statements; a void one asks for nothing."""
    results = []
    for one in new:
        result = totals(one.lines, one.taxes)
        invoice = one.invoice
        invoice.subtotal, invoice.tax, invoice.total = result.subtotal, result.tax, result.total
        invoice.balance = money.ZERO if invoice.status == InvoiceStatus.VOID else result.total
        results.append(result)
    Invoice.objects.bulk_create([one.invoice for one in new], batch_size=BATCH)
    InvoiceLine.objects.bulk_create(
        [line for one in new for line in _line_rows(one.invoice, one.lines)], batch_size=BATCH
    )
    InvoiceTax.objects.bulk_create(
        [
            tax
            for one, result in zip(new, results, strict=True)
            for tax in _tax_rows(one.invoice, one.taxes, result)
        ],
        batch_size=BATCH,
    )
    for created_at, drafted in groupby((one.invoice for one in new), key=attrgetter("created_at")):
        history.record_many(drafted, "Drafted", now=created_at)


def rewrite(
    invoice: Invoice,
    *,
    lines: Sequence[Line],
    taxes: Sequence[ChosenTax],
    now: dt.datetime,
    **changes: Any,
) -> None:
    """Write the invoice anew as its next revision, if it differs at all."""
    old_lines, old_taxes = kept_lines(invoice), kept_taxes(invoice)
    result = totals(lines, taxes)
    beside = list(lines) != old_lines or list(taxes) != old_taxes
    if beside:
        invoice.lines.all().delete()
        invoice.taxes.all().delete()
        InvoiceLine.objects.bulk_create(_line_rows(invoice, lines))
        InvoiceTax.objects.bulk_create(_tax_rows(invoice, taxes, result))
    revise(
        invoice,
        now=now,
        beside=beside,
        subtotal=result.subtotal,
        tax=result.tax,
        total=result.total,
        balance=result.total - invoice.paid,
        **changes,
    )


def _line_rows(invoice: Invoice, lines: Sequence[Line]) -> Iterator[InvoiceLine]:
    for position, line in enumerate(lines, start=1):
        yield InvoiceLine(
            invoice=invoice,
            position=position,
            kind=line.kind,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=money.line_amount(line.quantity, line.unit_price),
            taxable=line.taxable,
            visible=line.visible,
        )


def _tax_rows(invoice: Invoice, taxes: Sequence[ChosenTax], result: money.Totals) -> Iterator[InvoiceTax]:
    for tax, amount in zip(taxes, result.taxes, strict=True):
        yield InvoiceTax(invoice=invoice, tax_code_id=tax.tax_code_id, percent=tax.percent, amount=amount)


def require(invoice: Invoice, status: InvoiceStatus) -> None:
    if invoice.status != status:
        raise NotADraft(invoice) if status is InvoiceStatus.DRAFT else NotIssued(invoice)
