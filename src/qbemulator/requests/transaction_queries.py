"""Queries over transactions: by TxnID, by RefNumber, or by change, date, customer, number and payment."""

from __future__ import annotations

from collections.abc import Callable

from qbemulator.company_file import lists, transactions
from qbemulator.company_file.transactions import Transaction
from qbemulator.requests import date_macros, list_queries, queries
from qbemulator.requests.answers import Identity, Outcome, Ret
from qbemulator.requests.context import Context
from qbemulator.requests.queries import Condition
from qbemulator.requests.reading import Element, text, texts

WriteTransaction = Callable[[Context, Element, Transaction], str]


def answer(context: Context, element: Element, kind: str, write: WriteTransaction) -> Outcome:
    """Answer a query of one kind of transaction."""

    def written(txn_id: str) -> str | None:
        entry = transactions.get(context.storage, kind, txn_id)
        return None if entry is None else write(context, element, entry)

    if wanted := texts(element, "TxnID"):
        found = [[name] if transactions.get(context.storage, kind, name) else [] for name in wanted]
        return queries.by_key(context, element, wanted, found, written)
    if wanted := texts(element, "RefNumber"):
        found = [_numbered(context, kind, "ref_key", name.lower()) for name in wanted]
        return queries.by_key(context, element, wanted, found, written)
    if wanted := texts(element, "RefNumberCaseSensitive"):
        found = [
            [
                key
                for key in _numbered(context, kind, "ref_key", name.lower())
                if _ref_number(context, key) == name
            ]
            for name in wanted
        ]
        return queries.by_key(context, element, wanted, found, written)
    return queries.by_filter(context, element, lambda: _keys(context, element, kind), written)


def heading(ret: Ret, context: Context, entry: Transaction) -> None:
    """From TxnID to CustomerRef: how every transaction begins."""
    ret.text("TxnID", entry.txn_id)
    ret.text("TimeCreated", context.local_time.text(entry.created))
    ret.text("TimeModified", context.local_time.text(entry.modified))
    ret.text("EditSequence", entry.edit_sequence)
    ret.text("TxnNumber", entry.txn_number)
    ret.ref("CustomerRef", context.named("Name", entry.customer_id))


def identity(entry: Transaction) -> Identity:
    return Identity(
        txn_id=entry.txn_id,
        txn_number=entry.txn_number,
        edit_sequence=str(entry.edit_sequence),
        external_guid=entry.external_guid,
    )


def linked(context: Context, txn_id: str, amount: int) -> str:
    """One LinkedTxn: money that went from one transaction to another, in cents, negative for payments."""
    row = context.storage.one(
        "SELECT kind, txn_date, ref_number FROM transactions WHERE txn_id = ?", (txn_id,)
    )
    assert row is not None
    written = Ret("LinkedTxn", context.version)
    written.text("TxnID", txn_id)
    written.text("TxnType", row["kind"])
    written.text("TxnDate", row["txn_date"])
    written.text("RefNumber", row["ref_number"])
    written.text("LinkType", "AMTTYPE", since=30)
    written.amount("Amount", amount)
    return written.close()


def _numbered(context: Context, kind: str, column: str, number: str) -> list[str]:
    rows = context.storage.all(
        f"SELECT txn_id FROM transactions WHERE kind = ? AND {column} = ? ORDER BY txn_date, sequence",  # noqa: S608
        (kind, number),
    )
    return [row["txn_id"] for row in rows]


def _ref_number(context: Context, txn_id: str) -> str | None:
    row = context.storage.one("SELECT ref_number FROM transactions WHERE txn_id = ?", (txn_id,))
    return None if row is None else row["ref_number"]


def _keys(context: Context, element: Element, kind: str) -> list[str]:
    conditions = [Condition("kind = ?", (kind,))]
    if (changed := element.find("ModifiedDateRangeFilter")) is not None:
        conditions += list_queries.time_range(
            context, changed, "FromModifiedDate", "ToModifiedDate", "modified"
        )
    conditions += _dated(context, element) + _of_entity(context, element) + _of_account(context, element)
    conditions += _numbers(element) + _paid(element)
    where = " AND ".join(condition.sql for condition in conditions)
    parameters = [value for condition in conditions for value in condition.parameters]
    rows = context.storage.all(
        f"SELECT txn_id FROM transactions WHERE {where} ORDER BY txn_date, sequence",  # noqa: S608 (fixed pieces)
        parameters,
    )
    return [row["txn_id"] for row in rows]


def _dated(context: Context, element: Element) -> list[Condition]:
    wanted = element.find("TxnDateRangeFilter")
    if wanted is None:
        return []
    if macro := text(wanted, "DateMacro"):
        first, last = date_macros.days(macro, context.today)
        return [Condition("txn_date BETWEEN ? AND ?", (first.isoformat(), last.isoformat()))]
    conditions = []
    if since := text(wanted, "FromTxnDate"):
        conditions.append(Condition("txn_date >= ?", (since,)))
    if until := text(wanted, "ToTxnDate"):
        conditions.append(Condition("txn_date <= ?", (until,)))
    return conditions


def _of_entity(context: Context, element: Element) -> list[Condition]:
    wanted = element.find("EntityFilter")
    if wanted is None:
        return []
    ids: list[str] = []
    for reference, with_children in list_queries.filter_references(wanted):
        entry = lists.find(context.storage, "Name", reference)
        if entry is not None:
            ids += list_queries.family(context, entry) if with_children else [entry.list_id]
    return [Condition(f"customer_id IN ({', '.join('?' * len(ids))})", tuple(ids))]


def _of_account(context: Context, element: Element) -> list[Condition]:
    wanted = element.find("AccountFilter")
    if wanted is None:
        return []
    entries = [
        lists.find(context.storage, "Account", reference)
        for reference, _ in list_queries.filter_references(wanted)
    ]
    ids = tuple(entry.list_id for entry in entries if entry is not None)
    return [Condition(f"json_extract(fields, '$.ARAccountRef') IN ({', '.join('?' * len(ids))})", ids)]


def _numbers(element: Element) -> list[Condition]:
    conditions = []
    if (wanted := element.find("RefNumberFilter")) is not None:
        criterion, number = text(wanted, "MatchCriterion") or "", text(wanted, "RefNumber") or ""
        conditions.append(list_queries.matching(criterion, "ref_key", number))
    if (between := element.find("RefNumberRangeFilter")) is not None:
        if first := text(between, "FromRefNumber"):
            conditions.append(Condition("ref_key >= ?", (first.lower(),)))
        if last := text(between, "ToRefNumber"):
            conditions.append(Condition("ref_key <= ?", (last.lower(),)))
    return conditions


def _paid(element: Element) -> list[Condition]:
    status = text(element, "PaidStatus") or "All"
    if status == "All":
        return []
    paid = "(open_amount = 0 AND is_pending = 0)"
    return [Condition(paid if status == "PaidOnly" else f"NOT {paid}")]
