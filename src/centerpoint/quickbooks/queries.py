"""Shared reads about the integration: how it stands, and where each record stands."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from centerpoint.billing.models import Payment
from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks.compiled_query import CompiledQuery, Given
from centerpoint.quickbooks.counted import UpToMany
from centerpoint.quickbooks.models import (
    CompanyFile,
    Conflict,
    ConnectorSession,
    Posting,
    ReceivedPayment,
    RecordKind,
)
from centerpoint.quickbooks.posting_states import State

# What only a person can move on.
WAITS_FOR_A_PERSON = (State.NEEDS_PAIRING, State.HELD, State.REFUSED, State.DELETED_THERE)
# What the next connector sessions settle by themselves.
OWED = (State.READY, State.SENT, State.UNKNOWN, State.BUSY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How an integration stands. Amounts are strings with two decimals; times are ISO 8601 in UTC."""

    contractor: str
    status: str
    company_file: str
    product: str
    last_heard_at: str | None
    silent_hours: int | None
    trouble: str
    trouble_detail: str
    owed: int
    held: int
    held_amount: str
    needs_pairing: int
    waiting: int
    refused: int
    in_quickbooks: dict[str, int]
    sessions: int
    last_session: str | None

    @property
    def waits_for_a_person(self) -> bool:
        return bool(self.trouble or self.held or self.needs_pairing or self.refused)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def status(company_file: CompanyFile, *, now: dt.datetime) -> Status:
    postings = Posting.objects.filter(company_file=company_file)
    counts = dict(postings.values_list("state").annotate(count=Count("*")))
    held = postings.filter(state=State.HELD).aggregate(sum=Sum("amount"))["sum"] or Decimal()
    last = ConnectorSession.objects.filter(company_file=company_file).order_by("-opened_at").first()
    heard = company_file.last_heard_at
    return Status(
        contractor=company_file.contractor.name,
        status=company_file.status,
        company_file=company_file.company_name,
        product=company_file.product_name,
        last_heard_at=heard.isoformat() if heard else None,
        silent_hours=int((now - heard).total_seconds() // 3600) if heard else None,
        trouble=company_file.trouble,
        trouble_detail=company_file.trouble_detail,
        owed=sum(counts.get(state, 0) for state in OWED),
        held=counts.get(State.HELD, 0),
        held_amount=f"{held:.2f}",
        needs_pairing=counts.get(State.NEEDS_PAIRING, 0),
        waiting=counts.get(State.WAITING, 0),
        refused=counts.get(State.REFUSED, 0) + counts.get(State.DELETED_THERE, 0),
        in_quickbooks=in_quickbooks(company_file),
        sessions=ConnectorSession.objects.filter(company_file=company_file).count(),
        last_session=last.get_status_display() if last else None,
    )


def in_quickbooks(company_file: CompanyFile) -> dict[str, int]:
    """Records whose latest revision QuickBooks holds, by kind."""
    done = Posting.objects.filter(company_file=company_file, state__in=[State.IN_QUICKBOOKS, State.VOIDED])
    counts = dict(done.values_list("kind").annotate(count=Count("*")))
    return {str(kind): counts.get(kind, 0) for kind in RecordKind}


def with_source(found: QuerySet[Payment, Payment]) -> QuerySet[Payment, Payment]:
    """The same payments with `from_quickbooks`: whether QuickBooks told of it, and keeps it up to date."""
    return found.annotate(from_quickbooks=Exists(ReceivedPayment.objects.filter(payment=OuterRef("pk"))))


def waiting(contractor: Contractor) -> dict[str, int]:
    """How much waits for a person, by name; one query, nothing without an integration. Counted up to MANY
    (quickbooks/counted.py).

    `unpaired` are companies that hold something up, the others are records.
    """
    found = next(iter(_waiting.rows(contractor=contractor.pk)), ())
    return {name: count or 0 for name, count in zip(_WAITING, found, strict=False)}


_WAITING = ("unpaired", "to_approve", "to_fix", "conflicts")


@CompiledQuery
def _waiting() -> QuerySet[Any, Any]:
    """The numbers of `_WAITING`, in its order; every page asks for them."""
    postings = Posting.objects.filter(company_file=OuterRef("pk"))
    conflicts = Conflict.objects.filter(company_file=OuterRef("pk"), choice=Conflict.Choice.OPEN)
    connected = CompanyFile.objects.filter(contractor=Given("contractor")).exclude(
        status=CompanyFile.Status.DEACTIVATED
    )
    return connected.values_list(
        UpToMany(postings.filter(state=State.NEEDS_PAIRING).values("bill_to").distinct()),
        UpToMany(postings.filter(state=State.HELD).values("pk")),
        UpToMany(postings.filter(state__in=[State.REFUSED, State.DELETED_THERE]).values("pk")),
        UpToMany(conflicts.values("pk")),
    )
