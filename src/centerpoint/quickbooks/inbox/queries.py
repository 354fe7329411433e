"""What the bookkeeper sees of the money that came in, and where the two sides do not tie."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from centerpoint.billing.models import Invoice
from centerpoint.quickbooks.models import (
    CompanyFile,
    Counterpart,
    ReceivedPart,
    ReceivedPayment,
    RecordKind,
)


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


def payments_received(company_file: CompanyFile) -> QuerySet[ReceivedPayment]:
    """Payments and credits in the company file, the newest first; each part knows whether it `is_ours`."""
    parts = ReceivedPart.objects.annotate(is_ours=_ours(company_file)).order_by("pk")
    return (
        ReceivedPayment.objects.filter(company_file=company_file)
        .select_related("payment__company")
        .prefetch_related(Prefetch("parts", queryset=parts))
        .order_by("-received_on", "-pk")
    )


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
