"""How far the first contact has come, told from what the Web Connector and QuickBooks did, not from what was clicked."""

from dataclasses import dataclass
from pathlib import PureWindowsPath

from django.db.models import Count, Q

from centerpoint.quickbooks import cures
from centerpoint.quickbooks.cures import Cure
from centerpoint.quickbooks.models import (
    CompanyFile,
    ConnectorSession,
    ListEntry,
    QuickBooksCustomer,
    RefusedLogIn,
)

_ITEMS = (
    ListEntry.Kind.SERVICE_ITEM,
    ListEntry.Kind.NON_INVENTORY_ITEM,
    ListEntry.Kind.OTHER_CHARGE_ITEM,
    ListEntry.Kind.OTHER_ITEM,
)
_TAX_ITEMS = (ListEntry.Kind.SALES_TAX_ITEM, ListEntry.Kind.SALES_TAX_GROUP)
_NAMES = (ListEntry.Kind.VENDOR, ListEntry.Kind.EMPLOYEE, ListEntry.Kind.OTHER_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One of QuickBooks' lists: how many entries we have, and whether it was read to its end once."""

    label: str
    count: int
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`has_called`: the Web Connector knows our address. `is_let_in`: with the right password. `is_heard`: QuickBooks
    granted access and said which company file is open. Each only since the activation."""

    has_called: bool
    is_let_in: bool
    is_heard: bool
    is_read: bool
    heard_from: str
    refused: RefusedLogIn | None
    trouble: Cure | None
    session: ConnectorSession | None
    reads: tuple[Read, ...]

    @property
    def is_done(self) -> bool:
        return self.is_heard and self.is_read and self.refused is None and self.trouble is None


def progress(company_file: CompanyFile) -> Progress:
    """Five reads at most, whatever the lists hold."""
    since = company_file.activated_at
    session = company_file.sessions.filter(opened_at__gte=since).order_by("-opened_at").first()
    refused = RefusedLogIn.objects.filter(company_file=company_file, at__gte=since).first()
    was_refused = refused is not None
    successes = [company_file.last_heard_at, session.heard_at if session else None]
    latest_success = max((at for at in successes if at is not None), default=None)
    if refused is not None and latest_success is not None and latest_success >= refused.at:
        refused = None
    is_heard = company_file.last_heard_at is not None and company_file.last_heard_at >= since
    reads = _reads(company_file) if is_heard else ()
    return Progress(
        has_called=session is not None or was_refused,
        is_let_in=session is not None,
        is_heard=is_heard,
        is_read=bool(reads) and all(read.is_complete for read in reads),
        refused=refused,
        heard_from=_heard_from(company_file),
        trouble=trouble(company_file),
        session=session,
        reads=reads,
    )


def trouble(company_file: CompanyFile) -> Cure | None:
    """What stops the work on the whole file since its activation, and what to do about it."""
    since = company_file.trouble_since
    if not company_file.trouble or since is None or since < company_file.activated_at:
        return None
    detail = company_file.trouble_detail
    return cures.cure(company_file.trouble, {"detail": detail, "text": detail})


def _heard_from(company_file: CompanyFile) -> str:
    """The file's name without its folders, and the edition: Acme Roofing.qbw, QuickBooks Enterprise Solutions 24.0."""
    name = PureWindowsPath(company_file.file_name).name or company_file.company_name
    return ", ".join(part for part in (name, company_file.product_name) if part)


def _reads(company_file: CompanyFile) -> tuple[Read, ...]:
    marks = set(company_file.read_marks.values_list("reading", flat=True))
    kinds = dict(
        ListEntry.objects.filter(company_file=company_file, is_active=True)
        .values_list("kind")
        .annotate(count=Count("*"))
        .order_by("kind")
    )
    there = QuickBooksCustomer.objects.filter(company_file=company_file, is_deleted=False)
    people = there.aggregate(
        customers=Count("pk", filter=Q(sublevel=0)), jobs=Count("pk", filter=Q(sublevel__gt=0))
    )

    def entries(*of: ListEntry.Kind) -> int:
        return sum(kinds.get(kind, 0) for kind in of)

    has_names = {"vendors", "employees", "other_names"} <= marks
    return (
        Read(label="Customers", count=people["customers"], is_complete="customers" in marks),
        Read(label="Jobs", count=people["jobs"], is_complete="customers" in marks),
        Read(label="Items", count=entries(*_ITEMS), is_complete="items" in marks),
        Read(label="Sales tax items", count=entries(*_TAX_ITEMS), is_complete="items" in marks),
        Read(label="Terms", count=entries(ListEntry.Kind.TERMS), is_complete="terms" in marks),
        Read(label="Vendors and other names", count=entries(*_NAMES), is_complete=has_names),
    )
