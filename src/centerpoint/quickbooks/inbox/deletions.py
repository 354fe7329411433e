"""What was deleted in QuickBooks. Each deletion is told again and again for 90 days; only the first time counts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q

from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.inbox.invoices import deleted_there, invoices_gone
from centerpoint.quickbooks.inbox.payments import read_again, settle
from centerpoint.quickbooks.models import (
    CompanyFile,
    Counterpart,
    ListEntry,
    Pairing,
    Posting,
    QuickBooksCustomer,
    ReceivedPart,
    ReceivedPayment,
    RecordKind,
)
from qbxml.messages import ListDeletedRet, TxnDeletedRet

Kind = ListEntry.Kind
_ENTRY_KINDS = {
    "Account": Kind.ACCOUNT,
    "Class": Kind.CLASS,
    "Employee": Kind.EMPLOYEE,
    "ItemNonInventory": Kind.NON_INVENTORY_ITEM,
    "ItemOtherCharge": Kind.OTHER_CHARGE_ITEM,
    "ItemSalesTax": Kind.SALES_TAX_ITEM,
    "ItemSalesTaxGroup": Kind.SALES_TAX_GROUP,
    "ItemService": Kind.SERVICE_ITEM,
    "OtherName": Kind.OTHER_NAME,
    "SalesTaxCode": Kind.SALES_TAX_CODE,
    "StandardTerms": Kind.TERMS,
    "Vendor": Kind.VENDOR,
}
_JOB_KINDS = (RecordKind.PROPERTY, RecordKind.TICKET, RecordKind.PROJECT)


def take_deleted(
    company_file: CompanyFile, rets: Sequence[TxnDeletedRet | ListDeletedRet], *, now: dt.datetime
) -> None:
    """Take in a chunk of deletions, of transactions or of list entries."""
    transactions: dict[str, list[str]] = defaultdict(list)
    entries: dict[str, list[str]] = defaultdict(list)
    for ret in rets:
        if isinstance(ret, TxnDeletedRet):
            transactions[ret.txn_del_type].append(ret.txn_id)
        else:
            entries[ret.list_del_type].append(ret.list_id)
    if invoices := transactions.get("Invoice"):
        invoices_gone(company_file, invoices, now=now)
    if money := [*transactions.get("ReceivePayment", ()), *transactions.get("CreditMemo", ())]:
        _money_gone(company_file, money, now=now)
    if customers := entries.pop("Customer", None):
        _customers_gone(company_file, customers, now=now)
    _entries_gone(company_file, entries)


def _money_gone(company_file: CompanyFile, txn_ids: Collection[str], *, now: dt.datetime) -> None:
    """A payment that bounced or was a mistake: what it paid here is open again."""
    mirrors = ReceivedPayment.objects.filter(company_file=company_file, txn_id__in=txn_ids, is_deleted=False)
    ids = list(mirrors.values_list("pk", flat=True))
    if not ids:
        return
    ReceivedPayment.objects.filter(pk__in=ids).update(is_deleted=True, read_at=now)
    parts = ReceivedPart.objects.filter(received_payment__in=ids)
    read_again(company_file, set(parts.values_list("txn_id", flat=True)))
    settle(company_file, ids, now=now)


def _customers_gone(company_file: CompanyFile, list_ids: Collection[str], *, now: dt.datetime) -> None:
    """A customer merged into another one counts as deleted, too. A pairing stays, so that it can be seen."""
    customers = QuickBooksCustomer.objects.filter(
        company_file=company_file, list_id__in=list_ids, is_deleted=False
    )
    gone = list(customers.values_list("pk", flat=True))
    QuickBooksCustomer.objects.filter(pk__in=gone).update(is_deleted=True, is_news=False, read_at=now)
    companies = set(Pairing.objects.filter(customer__in=gone).values_list("company", flat=True))
    postings = Posting.objects.filter(company_file=company_file, company__in=companies)
    deleted_there(postings.values_list("pk", "state"), now=now)
    companies |= _jobs_gone(company_file, list_ids, now=now)
    if companies:
        outbox.reconsider(company_file, now=now, company_ids=companies)


def _jobs_gone(company_file: CompanyFile, list_ids: Collection[str], *, now: dt.datetime) -> set[int]:
    """Jobs that stood for our work; the companies billed for it."""
    counterparts = Counterpart.objects.filter(
        company_file=company_file, kind__in=_JOB_KINDS, quickbooks_id__in=list_ids
    ).exclude(there=Counterpart.There.DELETED)
    gone = list(counterparts.values_list("pk", "property", "ticket", "project"))
    if not gone:
        return set()
    Counterpart.objects.filter(pk__in=[pk for pk, *_ in gone]).update(
        there=Counterpart.There.DELETED, read_at=now
    )
    records = Q(property__in=[record for _, record, _, _ in gone if record])
    records |= Q(ticket__in=[record for _, _, record, _ in gone if record])
    records |= Q(project__in=[record for _, _, _, record in gone if record])
    postings = Posting.objects.filter(records, company_file=company_file)
    rows = list(postings.values_list("pk", "state", "bill_to"))
    deleted_there([(pk, state) for pk, state, _ in rows], now=now)
    return {bill_to for _, _, bill_to in rows}


def _entries_gone(company_file: CompanyFile, entries: dict[str, list[str]]) -> None:
    gone = Q(pk__in=[])
    for deleted_type, list_ids in entries.items():
        if (kind := _ENTRY_KINDS.get(deleted_type)) is not None:
            gone |= Q(kind=kind, list_id__in=list_ids)
    if entries:
        ListEntry.objects.filter(gone, company_file=company_file).delete()
