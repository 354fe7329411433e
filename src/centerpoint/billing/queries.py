"""Reads of invoices, payments and what they add up to; each costs the same number of queries whatever the rows."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
)
from django.db.models.functions import Length, TruncMonth

from centerpoint.billing.models import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    InvoiceTax,
    Payment,
    PaymentPart,
    TaxCode,
)
from centerpoint.billing.money import ZERO, stored_sum
from centerpoint.companies.models import Company, Property
from centerpoint.companies.queries import Named, companies_named
from centerpoint.contractors.models import Contractor
from centerpoint.searching import among, any_of, contains
from centerpoint.work.models import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceTotals:
    """What a set of issued invoices adds up to."""

    invoices: int
    total: Decimal
    paid: Decimal
    balance: Decimal

    @classmethod
    def of(cls, sums: Mapping[str, Any]) -> Self:
        """From `INVOICE_SUMS`."""
        total, paid, balance = (stored_sum(sums[name]) for name in ("total", "paid", "balance"))
        return cls(invoices=sums["invoices"], total=total, paid=paid, balance=balance)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTotals:
    """What a set of payments and credits that were not withdrawn adds up to; `applied` counts no discounts."""

    payments: int
    amount: Decimal
    unapplied: Decimal

    @classmethod
    def of(cls, sums: Mapping[str, Any]) -> Self:
        """From `PAYMENT_SUMS`."""
        amount, unapplied = stored_sum(sums["amount"]), stored_sum(sums["unapplied"])
        return cls(payments=sums["payments"], amount=amount, unapplied=unapplied)

    @property
    def applied(self) -> Decimal:
        return self.amount - self.unapplied


class Preset(TextChoices):
    """The invoices an office asks for by name."""

    ALL = "", "All"
    DRAFTS = "draft", "Drafts"
    OPEN = "open", "Open"
    OVERDUE = "overdue", "Overdue"
    PAID = "paid", "Paid"
    VOID = "void", "Void"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailStep:
    """One payment on an invoice, and what the invoice had open after it. A withdrawn one changes nothing."""

    part: PaymentPart
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """An invoice a payment may pay: what is open without that payment, and what it pays of it now."""

    invoice: Invoice
    open: Decimal
    amount: Decimal = ZERO
    discount: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """How much of a project's contract is invoiced, before tax."""

    contract_amount: Decimal
    billed: Decimal

    @property
    def rest(self) -> Decimal:
        return self.contract_amount - self.billed

    @property
    def percent(self) -> Decimal | None:
        """None for a project without a contract amount."""
        return self.billed * 100 / self.contract_amount if self.contract_amount else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was billed in a calendar month, by the invoices' dates, and the money received in it."""

    first: dt.date
    billed: Decimal
    paid: Decimal


def usual_tax_codes(*, bill_to: Company, property: Property) -> list[TaxCode]:
    """The taxes an invoice gets unless somebody chooses: none when exempt, else those of the property, else the
    contractor's active tax code with the contractor's usual percent."""
    if bill_to.tax_exempt or property.tax_exempt:
        return []
    of_the_place = list(property.tax_codes.filter(is_active=True).order_by("pk"))
    if of_the_place:
        return of_the_place
    contractor = property.contractor
    usual = TaxCode.objects.filter(contractor=contractor, is_active=True, percent=contractor.tax_percent)
    return list(usual.order_by("pk")[:1])


def tax_codes(contractor: Contractor) -> QuerySet[TaxCode, TaxCode]:
    return TaxCode.objects.filter(contractor=contractor).order_by("-is_active", "code")


def invoices(
    contractor: Contractor,
    *,
    search: str = "",
    named: Named | None = None,
    kind: InvoiceKind | None = None,
    statuses: Sequence[InvoiceStatus] | None = None,
    only_open: bool = False,
    company: Company | None = None,
    issued_from: dt.date | None = None,
    issued_until: dt.date | None = None,
) -> QuerySet[Invoice, Invoice]:
    """The latest first, each with its ticket or project, its property and whom it is billed to.

    Ordered by `number_length` and `number` they stand as people count. `named`: what `search` names, where it was read already.
    """
    found = Invoice.objects.filter(contractor=contractor)
    if kind is not None:
        found = found.filter(kind=kind)
    if statuses is not None:
        found = found.filter(status__in=statuses)
    if only_open:
        found = found.filter(_OPEN)
    if company is not None:
        found = found.filter(bill_to=company)
    if issued_from is not None:
        found = found.filter(issued_on__gte=issued_from)
    if issued_until is not None:
        found = found.filter(issued_on__lte=issued_until)
    if search:
        named = named or Named.unread(contractor, search)
        found = found.filter(
            any_of(
                Invoice,
                Q(contractor=contractor) & contains(Invoice, search, "number", "purchase_order"),
                bill_to=named.companies,
                property=named.properties,
                row_by_row=named.are_many,
            )
        )
    return (
        found.order_by("-issued_on", "-pk")
        .select_related("ticket", "project", "property", "bill_to")
        .alias(number_length=Length("number"))
    )


def of_preset(
    found: QuerySet[Invoice, Invoice], preset: Preset, *, on: dt.date
) -> QuerySet[Invoice, Invoice]:
    """Those among them that the preset means on that day."""
    return found.filter(
        {
            Preset.ALL: Q(),
            Preset.DRAFTS: Q(status=InvoiceStatus.DRAFT),
            Preset.OPEN: _OPEN,
            Preset.OVERDUE: _OPEN & Q(due_on__lt=on),
            Preset.PAID: Q(status=InvoiceStatus.ISSUED, balance__lte=0),
            Preset.VOID: Q(status=InvoiceStatus.VOID),
        }[preset]
    )


def preset_of(invoice: Invoice, *, on: dt.date) -> Preset:
    """The narrowest preset that the invoice is in: an overdue one is open, too."""
    if invoice.status == InvoiceStatus.DRAFT:
        return Preset.DRAFTS
    if invoice.status == InvoiceStatus.VOID:
        return Preset.VOID
    if invoice.balance <= 0:
        return Preset.PAID
    return Preset.OVERDUE if invoice.due_on is not None and invoice.due_on < on else Preset.OPEN


def with_content(found: QuerySet[Invoice, Invoice]) -> QuerySet[Invoice, Invoice]:
    """The same invoices with their lines, taxes and the payments that count."""
    parts = PaymentPart.objects.filter(payment__withdrawn_at=None).select_related("payment").order_by("pk")
    return found.prefetch_related(
        Prefetch("lines", queryset=InvoiceLine.objects.order_by("position")),
        Prefetch("taxes", queryset=InvoiceTax.objects.select_related("tax_code").order_by("pk")),
        Prefetch("payment_parts", queryset=parts),
    )


_ISSUED = Q(status=InvoiceStatus.ISSUED)
_OPEN = _ISSUED & Q(balance__gt=0)
_UNPAID = _ISSUED & ~Q(balance=0)

# Whatever invoices are added up: of the issued ones. A draft is not owed yet, a void one no more.
INVOICE_SUMS: Mapping[str, Aggregate] = {
    "invoices": Count("pk", filter=_ISSUED),
    "total": Sum("total", filter=_ISSUED),
    "paid": Sum("paid", filter=_ISSUED),
    "balance": Sum("balance", filter=_ISSUED),
}
_COUNTS = Q(withdrawn_at=None)
# Of payments: of those that were not withdrawn.
PAYMENT_SUMS: Mapping[str, Aggregate] = {
    "payments": Count("pk", filter=_COUNTS),
    "amount": Sum("amount", filter=_COUNTS),
    "unapplied": Sum("unapplied", filter=_COUNTS),
}


def open_invoices(company: Company) -> QuerySet[Invoice, Invoice]:
    """What a company owes, the oldest first: the order in which a payment fills them."""
    return (
        Invoice.objects.filter(_OPEN, bill_to=company)
        .order_by("issued_on", "pk")
        .select_related("ticket", "project", "property")
    )


def balances(contractor: Contractor, companies: Iterable[Company] | None = None) -> dict[int, Decimal]:
    """What each company owes by its id; companies that owe nothing are left out."""
    found = Invoice.objects.filter(_UNPAID, contractor=contractor)
    if companies is not None:
        found = found.filter(bill_to__in=companies)
    rows = found.order_by().values_list("bill_to").annotate(Sum("balance"))
    return {company: stored_sum(balance) for company, balance in rows}


def with_owed(found: QuerySet[Company, Company]) -> QuerySet[Company, Company]:
    """The same companies with what each owes as `owed`, None for nothing (`owes`). Made to sort by; `balances` is exact."""
    of_one = Invoice.objects.filter(
        _UNPAID, contractor=OuterRef("contractor"), bill_to=OuterRef("pk")
    ).order_by()
    return found.annotate(
        owed=Subquery(of_one.values("bill_to").annotate(owed=Sum("balance")).values("owed"))
    )


def owes(contractor: Contractor) -> Q:
    """Of the contractor's companies: those that have an amount as `with_owed` says it."""
    unpaid = Invoice.objects.filter(_UNPAID, contractor=contractor)
    return among("pk", unpaid.values("bill_to"))


def owing(found: QuerySet[Company, Company]) -> QuerySet[Company, Company]:
    """Those among them that have an invoice to pay."""
    return found.filter(Exists(Invoice.objects.filter(_OPEN, bill_to=OuterRef("pk"))))


def owed_by(contractor: Contractor, found: QuerySet[Company, Company]) -> Decimal:
    """What all these companies owe together."""
    # Asked of each unpaid invoice: they are fewer than the companies.
    is_theirs = Exists(found.order_by().filter(pk=OuterRef("bill_to")))
    unpaid = Invoice.objects.filter(_UNPAID, is_theirs, contractor=contractor)
    return stored_sum(unpaid.aggregate(owed=Sum("balance"))["owed"])


def owed(contractor: Contractor, *, only_active: bool = False) -> Decimal:
    """What all companies owe together, or those that are active. The few that are not are found sooner than the many."""
    unpaid = Invoice.objects.filter(_UNPAID, contractor=contractor)
    if only_active:
        inactive = Company.objects.filter(contractor=contractor, is_active=False)
        unpaid = unpaid.exclude(bill_to__in=inactive)
    return stored_sum(unpaid.aggregate(owed=Sum("balance"))["owed"])


def overdue(contractor: Contractor, *, on: dt.date) -> QuerySet[Invoice, Invoice]:
    return invoices(contractor, only_open=True).filter(due_on__lt=on).order_by("due_on", "pk")


def totals(found: QuerySet[Invoice, Invoice]) -> InvoiceTotals:
    """Of the issued ones among them."""
    return InvoiceTotals.of(found.aggregate(**INVOICE_SUMS))


def previously_invoiced(project: Project) -> Decimal:
    """What the issued invoices of a project bill of its contract, before tax."""
    issued = project.invoices.filter(status=InvoiceStatus.ISSUED)
    return sum(issued.values_list("subtotal", flat=True), ZERO)


def billed_of_contract(projects: Sequence[Project]) -> dict[int, Billed]:
    """How far each project is billed, by its id, in one query."""
    issued = Invoice.objects.filter(project__in=projects, status=InvoiceStatus.ISSUED).order_by()
    billed = dict(issued.values_list("project").annotate(Sum("subtotal")))
    return {
        project.pk: Billed(contract_amount=project.contract_amount, billed=stored_sum(billed.get(project.pk)))
        for project in projects
    }


def billed_of_contracts(found: QuerySet[Project, Project]) -> Billed:
    """How far all these projects together are billed."""
    issued = Invoice.objects.filter(
        project__in=found.order_by().values("pk"), status=InvoiceStatus.ISSUED
    ).order_by()
    return Billed(
        contract_amount=stored_sum(found.order_by().aggregate(amount=Sum("contract_amount"))["amount"]),
        billed=stored_sum(issued.aggregate(billed=Sum("subtotal"))["billed"]),
    )


def payments(
    contractor: Contractor,
    *,
    company: Company | None = None,
    with_withdrawn: bool = False,
    search: str = "",
    received_from: dt.date | None = None,
    received_until: dt.date | None = None,
    only_unapplied: bool = False,
) -> QuerySet[Payment, Payment]:
    """The latest first, each with its company and the invoices it pays."""
    found = Payment.objects.filter(contractor=contractor)
    if company is not None:
        found = found.filter(company=company)
    if not with_withdrawn:
        found = found.filter(withdrawn_at=None)
    if received_from is not None:
        found = found.filter(received_on__gte=received_from)
    if received_until is not None:
        found = found.filter(received_on__lte=received_until)
    if only_unapplied:
        found = found.filter(unapplied__gt=0)
    if search:
        paid = Invoice.objects.filter(contains(Invoice, search, "number"), contractor=contractor)
        found = found.filter(
            any_of(
                Payment,
                Q(contractor=contractor, reference__icontains=search),
                company=companies_named(contractor, search),
                pk=PaymentPart.objects.filter(among("invoice", paid)).values("payment"),
            )
        )
    parts = PaymentPart.objects.select_related("invoice").order_by("pk")
    return (
        found.order_by("-received_on", "-pk")
        .select_related("company")
        .prefetch_related(Prefetch("parts", queryset=parts))
    )


def received(contractor: Contractor, *, kind: Payment.Kind = Payment.Kind.PAYMENT) -> Decimal:
    """All the money (or credit) that was received and not withdrawn."""
    found = Payment.objects.filter(contractor=contractor, kind=kind, withdrawn_at=None)
    return stored_sum(found.aggregate(amount=Sum("amount"))["amount"])


def trail(invoice: Invoice) -> list[TrailStep]:
    """How an invoice was paid, the first payment first; the withdrawn ones stand where they came."""
    parts = invoice.payment_parts.select_related("payment").order_by(
        "payment__received_on", "payment_id", "pk"
    )
    steps, balance = [], invoice.total
    for part in parts:
        if part.payment.withdrawn_at is None:
            balance -= part.amount + part.discount
        steps.append(TrailStep(part=part, balance=balance))
    return steps


def payable(
    company: Company, payment: Payment | None = None, *, asked: Collection[int] = ()
) -> list[Payable]:
    """What a payment of the company may pay, the oldest first: its open invoices, and those `payment` pays already.

    And those `asked` for by id, on which nothing may be open any more.
    """
    paid = {part.invoice_id: part for part in payment.parts.all()} if payment is not None else {}
    asked_for = Q(pk__in=asked) & ~Q(status=InvoiceStatus.DRAFT)
    found = (
        Invoice.objects.filter(_OPEN | Q(pk__in=paid) | asked_for, bill_to=company)
        .order_by("issued_on", "pk")
        .select_related("property")
    )
    return [
        Payable(
            invoice=invoice,
            open=invoice.balance + part.amount + part.discount,
            amount=part.amount,
            discount=part.discount,
        )
        if (part := paid.get(invoice.pk))
        else Payable(invoice=invoice, open=max(invoice.balance, ZERO))
        for invoice in found
    ]


def billed_and_paid(contractor: Contractor, *, until: dt.date, months: int = 12) -> list[Month]:
    """The latest calendar months up to that of `until`, the oldest first; two queries."""
    firsts = [_month_before(until, back) for back in reversed(range(months))]
    billed = (
        Invoice.objects.filter(
            contractor=contractor,
            status=InvoiceStatus.ISSUED,
            issued_on__range=(firsts[0], _last_of_month(until)),
        )
        .order_by()
        .values_list(TruncMonth("issued_on"))
        .annotate(Sum("total"))
    )
    paid = (
        Payment.objects.filter(
            contractor=contractor,
            kind=Payment.Kind.PAYMENT,
            withdrawn_at=None,
            received_on__range=(firsts[0], _last_of_month(until)),
        )
        .order_by()
        .values_list(TruncMonth("received_on"))
        .annotate(Sum("amount"))
    )
    of_invoices, of_payments = dict(billed), dict(paid)
    return [
        Month(
            first=first,
            billed=stored_sum(of_invoices.get(first)),
            paid=stored_sum(of_payments.get(first)),
        )
        for first in firsts
    ]


def _month_before(day: dt.date, months: int) -> dt.date:
    """The first of the month that many months before that of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return dt.date(count // 12, count % 12 + 1, 1)


def _last_of_month(day: dt.date) -> dt.date:
    return _month_before(day, -1) - dt.timedelta(days=1)
