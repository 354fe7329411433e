"""What the bookkeeper sees of the money that came in, and where the two sides do not tie."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.db.models import Aggregate, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.enums import TextChoices

from centerpoint.billing.models import Invoice, Payment
from centerpoint.billing.money import stored_sum
from centerpoint.companies.queries import companies_named
from centerpoint.quickbooks.models import (
    CompanyFile,
    Counterpart,
    ReceivedPart,
    ReceivedPayment,
    RecordKind,
)
from centerpoint.searching import among, any_of, contains


@dataclass(frozen=True, slots=True, kw_only=True)
class Untied:
    """An invoice whose balance is not the same on both sides."""

    invoice: Invoice
    balance: Decimal
    balance_there: Decimal


def _ours(company_file: CompanyFile) -> Exists:
    """As seen from a part: the transaction is an invoice of ours."""
    return Exists(
        Counterpart.objects.filter(
            company_file=company_file, kind=RecordKind.INVOICE, quickbooks_id=OuterRef("txn_id")
        )
    )


class Shown(TextChoices):
    """What of the received money one looks for."""

    ALL = "", "All"
    OURS = "ours", "Pays our invoices"
    ELSEWHERE = "elsewhere", "Pays something we do not know"
    UNAPPLIED = "unapplied", "Money not applied"
    DELETED = "deleted", "Deleted in QuickBooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a set of received payments adds up to, without those deleted in QuickBooks."""

    payments: int
    total: Decimal
    unapplied: Decimal
    deleted: int

    @classmethod
    def of(cls, sums: Mapping[str, Any]) -> Self:
        """From `RECEIVED_SUMS`."""
        total, unapplied = stored_sum(sums["total"]), stored_sum(sums["unapplied"])
        return cls(payments=sums["payments"], total=total, unapplied=unapplied, deleted=sums["deleted"])


_STANDS = Q(is_deleted=False)
RECEIVED_SUMS: Mapping[str, Aggregate] = {
    "payments": Count("pk", filter=_STANDS),
    "total": Sum("total", filter=_STANDS),
    "unapplied": Sum("unapplied", filter=_STANDS),
    "deleted": Count("pk", filter=~_STANDS),
}


def payments_received(
    company_file: CompanyFile,
    *,
    search: str = "",
    kind: str = "",
    shown: str = Shown.ALL,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[ReceivedPayment, ReceivedPayment]:
    """Payments and credits in the company file, the newest first.

    Each part knows whether it `is_ours`, and then the `our_invoice` it pays and that one's `our_number`. `search` looks
    in customers, references and the numbers of what was paid, here and there.
    """
    found = ReceivedPayment.objects.filter(company_file=company_file)
    if kind:
        found = found.filter(kind=kind)
    if since is not None:
        found = found.filter(received_on__gte=since)
    if until is not None:
        found = found.filter(received_on__lte=until)
    if search:
        found = found.filter(_named(company_file, search))
    parts = _parts(company_file)
    return (
        _only(found, company_file, shown)
        .select_related("payment__company")
        .prefetch_related(Prefetch("parts", queryset=parts))
        .order_by("-received_on", "-pk")
    )


def received(found: QuerySet[ReceivedPayment, ReceivedPayment]) -> Received:
    """Of all of `found`, in one query."""
    return Received.of(found.aggregate(**RECEIVED_SUMS))


def _parts(company_file: CompanyFile) -> QuerySet[ReceivedPart, ReceivedPart]:
    counterpart = Counterpart.objects.filter(
        company_file=company_file, kind=RecordKind.INVOICE, quickbooks_id=OuterRef("txn_id")
    )
    return ReceivedPart.objects.annotate(
        is_ours=_ours(company_file),
        our_invoice=Subquery(counterpart.values("invoice")[:1]),
        our_number=Subquery(counterpart.values("invoice__number")[:1]),
    ).order_by("pk")


def _named(company_file: CompanyFile, search: str) -> Q:
    contractor = company_file.contractor
    invoices = Invoice.objects.filter(contains(Invoice, search, "number"), contractor=contractor)
    numbered = Counterpart.objects.filter(among("invoice", invoices), company_file=company_file)
    parts = ReceivedPart.objects.filter(received_payment__company_file=company_file)
    paid_here = parts.filter(txn_id__in=numbered.values("quickbooks_id"))
    paid_there = parts.filter(contains(ReceivedPart, search, "ref_number"))
    own = contains(ReceivedPayment, search, "customer_full_name", "reference")
    return any_of(
        ReceivedPayment,
        own & Q(company_file=company_file),
        among("pk", paid_here.values("received_payment")),
        among("pk", paid_there.values("received_payment")),
        payment=Payment.objects.filter(among("company", companies_named(contractor, search))),
    )


def _only(
    found: QuerySet[ReceivedPayment, ReceivedPayment], company_file: CompanyFile, shown: str
) -> QuerySet[ReceivedPayment, ReceivedPayment]:
    parts = ReceivedPart.objects.filter(received_payment=OuterRef("pk"))
    match shown:
        case Shown.OURS:
            return found.filter(Exists(parts.filter(_ours(company_file))), is_deleted=False)
        case Shown.ELSEWHERE:
            return found.filter(Exists(parts.filter(~_ours(company_file))), is_deleted=False)
        case Shown.UNAPPLIED:
            return found.filter(unapplied__gt=0, is_deleted=False)
        case Shown.DELETED:
            return found.filter(is_deleted=True)
    return found


def parts_elsewhere(company_file: CompanyFile) -> QuerySet[ReceivedPart]:
    """What payments of our invoices paid of transactions that we do not know, the newest first."""
    return (
        ReceivedPart.objects.filter(
            ~_ours(company_file),
            received_payment__company_file=company_file,
            received_payment__is_deleted=False,
            received_payment__payment__withdrawn_at=None,
            received_payment__payment__isnull=False,
        )
        .select_related("received_payment__payment__company")
        .order_by("-received_payment__received_on", "-pk")
    )


def untied(company_file: CompanyFile) -> list[Untied]:
    """Invoices present on both sides whose balances differ, by number."""
    counterparts = (
        Counterpart.objects.filter(
            company_file=company_file,
            kind=RecordKind.INVOICE,
            there=Counterpart.There.PRESENT,
            balance__isnull=False,
        )
        .exclude(balance=F("invoice__balance"))
        .select_related("invoice")
        .order_by("invoice__number", "pk")
    )
    return [
        Untied(
            invoice=counterpart.invoice,
            balance=counterpart.invoice.balance,
            balance_there=counterpart.balance,
        )
        for counterpart in counterparts
        if counterpart.invoice is not None and counterpart.balance is not None
    ]
