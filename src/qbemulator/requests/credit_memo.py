"""CreditMemoAdd and CreditMemoQuery."""

from __future__ import annotations

from qbemulator.company_file.transactions import CREDIT_MEMO, Transaction
from qbemulator.requests import sales_form, transaction_queries
from qbemulator.requests.answers import Outcome
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element


def add(context: Context, element: Element) -> Outcome:
    return sales_form.add(context, element, CREDIT_MEMO, ret)


def query(context: Context, element: Element) -> Outcome:
    return transaction_queries.answer(context, element, CREDIT_MEMO, ret)


def ret(context: Context, element: Element, entry: Transaction) -> str:
    """CreditMemoRet in the order of sample 33."""
    written = context.ret("CreditMemoRet", element)
    sales_form.heading(written, context, entry)
    written.amount("TotalAmount", entry.total)
    written.amount("CreditRemaining", entry.open_amount, since=20)
    written.text("Memo", entry.fields.get("Memo"))
    sales_form.footing(written, context, entry)
    written.text("Other", entry.fields.get("Other"), since=60)
    written.text("ExternalGUID", entry.external_guid, since=90)
    written.raw("LinkedTxn", sales_form.links(context, element, entry))
    written.raw("CreditMemoLineRet", sales_form.lines(context, element, entry))
    return written.close()
