"""What is read out of QuickBooks: one table of readings, and where each stands in a connector session.

Lists and transactions are read from where the last complete reading ended, minus an overlap; everything read is an
upsert, so reading twice is harmless. Iterators live only in the session that began them (protocol.md C.6).
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet

from centerpoint.quickbooks import inbox
from centerpoint.quickbooks.compiled_query import CompiledQuery, Given
from centerpoint.quickbooks.models import CompanyFile, Counterpart, ReadMark, RecordKind
from qbxml import messages

# The seconds between a change and its stamp, and a clock that was set back a little.
OVERLAP = dt.timedelta(minutes=10)
# On the night the clocks change, an hour of local time comes twice.
CLOCK_CHANGE = dt.timedelta(hours=1)
# Records QuickBooks may put into one answer; a full customer is about 2.8 kB (protocol.md C.6).
PAGE = 500
TRANSACTIONS_PAGE = 200
TOUCHED_PAGE = 100
RESTARTS = 3

# An IncludeRetElement list for name lists: only what could clash with a customer's name.
_NAME_FIELDS = ("ListID", "TimeModified", "EditSequence", "Name", "IsActive")
_LISTS_DELETED = (
    "Account",
    "Class",
    "Customer",
    "Employee",
    "ItemNonInventory",
    "ItemOtherCharge",
    "ItemSalesTax",
    "ItemSalesTaxGroup",
    "ItemService",
    "OtherName",
    "SalesTaxCode",
    "StandardTerms",
    "Vendor",
)
_TRANSACTIONS_DELETED = ("CreditMemo", "Invoice", "ReceivePayment")

Take = Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where one reading stands in a session."""

    state: str = "due"  # due, paging, done, failed
    since: str = ""  # FromModifiedDate of every page
    iterator: str = ""
    remaining: int = 0
    modified_to: str = ""  # the greatest TimeModified seen
    restarts: int = 0
    alone: bool = False  # asked in a message of its own
    news: bool = False  # a list has entries newer than its mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    name: str
    query: Callable[[Progress], Any]
    take: Take
    complete: Take | None = None
    page: int = PAGE


def _paging(progress: Progress, page: int) -> dict[str, Any]:
    if progress.iterator:
        return {"iterator": "Continue", "iterator_id": progress.iterator, "max_returned": page}
    return {"iterator": "Start", "max_returned": page}


def _list(
    query: Callable[..., Any], *, iterates: bool, fields: tuple[str, ...] = ()
) -> Callable[[Progress], Any]:
    def build(progress: Progress) -> Any:
        return query(
            active_status="All",
            from_modified_date=progress.since or None,
            include_ret_element=fields,
            **(_paging(progress, PAGE) if iterates else {}),
        )

    return build


def _transactions(query: Callable[..., Any], **include: bool) -> Callable[[Progress], Any]:
    def build(progress: Progress) -> Any:
        modified = (
            messages.ModifiedDateRangeFilter(from_modified_date=progress.since) if progress.since else None
        )
        return query(modified_date_range_filter=modified, **include, **_paging(progress, TRANSACTIONS_PAGE))

    return build


def _deleted(query: Callable[..., Any], kinds: dict[str, tuple[str, ...]]) -> Callable[[Progress], Any]:
    def build(progress: Progress) -> Any:
        deleted = (
            messages.DeletedDateRangeFilter(from_deleted_date=progress.since) if progress.since else None
        )
        return query(deleted_date_range_filter=deleted, **kinds)

    return build


# In the order in which an answer must be taken in: what is referred to before what refers to it.
READINGS: dict[str, Reading] = {
    reading.name: reading
    for reading in (
        Reading(
            name="sales_tax_codes",
            query=_list(messages.SalesTaxCodeQueryRq, iterates=False),
            take=inbox.take_list_entries,
        ),
        Reading(
            name="terms",
            query=_list(messages.StandardTermsQueryRq, iterates=False),
            take=inbox.take_list_entries,
        ),
        Reading(
            name="classes", query=_list(messages.ClassQueryRq, iterates=False), take=inbox.take_list_entries
        ),
        Reading(
            name="accounts",
            query=_list(messages.AccountQueryRq, iterates=False),
            take=inbox.take_list_entries,
        ),
        Reading(name="items", query=_list(messages.ItemQueryRq, iterates=True), take=inbox.take_list_entries),
        Reading(
            name="vendors",
            query=_list(messages.VendorQueryRq, iterates=True, fields=_NAME_FIELDS),
            take=inbox.take_list_entries,
        ),
        Reading(
            name="employees",
            query=_list(messages.EmployeeQueryRq, iterates=False, fields=_NAME_FIELDS),
            take=inbox.take_list_entries,
        ),
        Reading(
            name="other_names",
            query=_list(messages.OtherNameQueryRq, iterates=False, fields=_NAME_FIELDS),
            take=inbox.take_list_entries,
        ),
        Reading(
            name="customers",
            query=_list(messages.CustomerQueryRq, iterates=True),
            take=inbox.take_customers,
            complete=inbox.customers_complete,
        ),
        Reading(
            name="lists_deleted",
            query=_deleted(messages.ListDeletedQueryRq, {"list_del_type": _LISTS_DELETED}),
            take=inbox.take_deleted,
        ),
        Reading(
            name="transactions_deleted",
            query=_deleted(messages.TxnDeletedQueryRq, {"txn_del_type": _TRANSACTIONS_DELETED}),
            take=inbox.take_deleted,
        ),
        Reading(
            name="invoices",
            query=_transactions(messages.InvoiceQueryRq, include_line_items=True, include_linked_txns=True),
            take=inbox.take_invoices,
            page=TRANSACTIONS_PAGE,
        ),
        Reading(
            name="credits",
            query=_transactions(messages.CreditMemoQueryRq, include_linked_txns=True),
            take=inbox.take_credits,
            page=TRANSACTIONS_PAGE,
        ),
        Reading(
            name="payments",
            query=_transactions(messages.ReceivePaymentQueryRq, include_line_items=True),
            take=inbox.take_payments,
            page=TRANSACTIONS_PAGE,
        ),
    )
}

# Invoices that money or a hand touched are read after all else, by ID.
TOUCHED = "touched_invoices"


def due(company_file: CompanyFile) -> dict[str, dict[str, Any]]:
    """The readings a new session begins with, as kept in ConnectorSession.readings."""
    marks = dict(ReadMark.objects.filter(company_file=company_file).values_list("reading", "modified_to"))
    return {name: asdict(Progress(since=_since(company_file, name, marks))) for name in READINGS}


def _since(company_file: CompanyFile, name: str, marks: dict[str, str]) -> str:
    if mark := marks.get(name):
        return minus_overlap(mark, zoneinfo.ZoneInfo(company_file.contractor.time_zone))
    if name in ("invoices", "payments", "credits", "lists_deleted", "transactions_deleted"):
        # Only what happened since we are here can concern us; the day before covers every time zone.
        return f"{company_file.activated_at - dt.timedelta(days=1):%Y-%m-%dT00:00:00}"
    return ""


def minus_overlap(mark: str, zone: dt.tzinfo) -> str:
    """A mark of QuickBooks' clock, moved back, as local time without an offset.

    QuickBooks prints an offset that ignores daylight saving; a time without one it takes as its computer's own
    (protocol.md C.7, C.8). `zone` tells when the clocks change there.
    """
    local = dt.datetime.fromisoformat(mark[:19])
    day = dt.timedelta(days=1)
    offsets = {(local + shift).replace(tzinfo=zone).utcoffset() for shift in (-day, day)}
    overlap = OVERLAP if len(offsets) == 1 else OVERLAP + CLOCK_CHANGE
    return f"{local - overlap:%Y-%m-%dT%H:%M:%S}"


def touched_given_up(readings: Mapping[str, dict[str, Any]]) -> bool:
    """Whether QuickBooks did not answer for these invoices in this session: the next one asks again."""
    return TOUCHED in readings and readings[TOUCHED]["state"] == "failed"


def touched_invoices(company_file: CompanyFile) -> list[str]:
    """TxnIDs of the invoices to read again, at most a page of them."""
    return [txn_id for (txn_id,) in _touched.rows(company_file=company_file.pk)]


@CompiledQuery
def _touched() -> QuerySet[Any, Any]:
    touched = Counterpart.objects.filter(
        company_file=Given("company_file"),
        read_again=True,
        kind=RecordKind.INVOICE,
        there=Counterpart.There.PRESENT,
    )
    return touched.order_by("pk").values_list("quickbooks_id")[:TOUCHED_PAGE]


def touched_query(txn_ids: Sequence[str]) -> Any:
    return messages.InvoiceQueryRq(txn_id=tuple(txn_ids), include_line_items=True, include_linked_txns=True)


def finish(company_file: CompanyFile, name: str, progress: Progress, *, now: dt.datetime) -> bool:
    """Remember up to where a complete reading went; whether a list had news. With nothing read, the old mark stands."""
    mark, is_first = ReadMark.objects.get_or_create(
        company_file=company_file, reading=name, defaults={"completed_at": now}
    )
    news = is_first or progress.modified_to > mark.modified_to
    mark.modified_to = max(mark.modified_to, progress.modified_to)
    mark.completed_at = now
    mark.save()
    if (complete := READINGS[name].complete) is not None:
        complete(company_file, now=now)
    return news and READINGS[name].take is inbox.take_list_entries
