"""TxnDel, TxnVoid, ListDel, and the queries for what was deleted."""

from __future__ import annotations

from qbemulator.company_file import customers, deletions, refusals, sales_forms, transactions
from qbemulator.company_file.deletions import Deletion
from qbemulator.company_file.refusals import Refused
from qbemulator.requests import queries
from qbemulator.requests.answers import Identity, Outcome, lines
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element, text, texts

TRANSACTIONS = (transactions.INVOICE, transactions.CREDIT_MEMO, transactions.PAYMENT)
VOIDABLE = (transactions.INVOICE, transactions.CREDIT_MEMO)


def delete_transaction(context: Context, element: Element) -> Outcome:
    kind, txn_id = text(element, "TxnDelType") or "", text(element, "TxnID") or ""
    if kind not in TRANSACTIONS:
        raise refusals.not_found(txn_id)
    gone = transactions.delete(context.storage, kind, txn_id, now=context.now)
    body = lines(
        [
            ("TxnDelType", kind),
            ("TxnID", txn_id),
            ("TimeDeleted", context.local_time.text(context.now)),
            ("RefNumber", gone.ref_number),
        ]
    )
    return Outcome(body=body, identity=Identity(txn_id=txn_id))


def void_transaction(context: Context, element: Element) -> Outcome:
    kind, txn_id = text(element, "TxnVoidType") or "", text(element, "TxnID") or ""
    if kind not in VOIDABLE:
        raise refusals.not_found(txn_id)
    voided = sales_forms.void(context.storage, kind, txn_id, now=context.now)
    body = lines(
        [
            ("TxnVoidType", kind),
            ("TxnID", txn_id),
            ("TimeCreated", context.local_time.text(voided.created)),
            ("TimeModified", context.local_time.text(voided.modified)),
            ("RefNumber", voided.ref_number),
        ]
    )
    return Outcome(body=body, identity=Identity(txn_id=txn_id, edit_sequence=str(voided.edit_sequence)))


def delete_list_record(context: Context, element: Element) -> Outcome:
    """Customers and jobs only; other lists are not emulated."""
    kind, list_id = text(element, "ListDelType") or "", text(element, "ListID") or ""
    if kind != customers.CUSTOMER:
        raise Refused(1030, "This request is not supported by this implementation.")
    gone = customers.delete(context.storage, list_id, now=context.now)
    body = lines(
        [
            ("ListDelType", kind),
            ("ListID", list_id),
            ("TimeDeleted", context.local_time.text(context.now)),
            ("FullName", gone.full_name),
        ]
    )
    return Outcome(body=body, identity=Identity(list_id=list_id))


def deleted_transactions(context: Context, element: Element) -> Outcome:
    return _deleted(context, element, "TxnDelType", "TxnDeletedRet", "TxnID", "RefNumber")


def deleted_list_records(context: Context, element: Element) -> Outcome:
    return _deleted(context, element, "ListDelType", "ListDeletedRet", "ListID", "FullName")


def _deleted(context: Context, element: Element, kind: str, ret: str, object_id: str, name: str) -> Outcome:
    between = element.find("DeletedDateRangeFilter")
    since = until = None
    if between is not None:
        if first := text(between, "FromDeletedDate"):
            since = context.local_time.instant(first)
        if last := text(between, "ToDeletedDate"):
            until = context.local_time.instant(last, latest=True)
    found = deletions.between(
        context.storage, texts(element, kind), now=context.now, since=since, until=until
    )

    def write(deletion: Deletion) -> str:
        written = context.ret(ret, element)
        written.text(kind, deletion.kind)
        written.text(object_id, deletion.object_id)
        written.text("TimeCreated", context.local_time.text(deletion.created))
        written.text("TimeDeleted", context.local_time.text(deletion.deleted))
        written.text(name, deletion.name)
        return written.close()

    return queries.found_records(element, [write(deletion) for deletion in found])
