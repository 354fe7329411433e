"""InvoiceAdd, InvoiceMod, InvoiceQuery."""

from __future__ import annotations

from qbemulator.company_file import sales_forms
from qbemulator.company_file.transactions import INVOICE, Transaction
from qbemulator.requests import sales_form, transaction_queries
from qbemulator.requests.answers import Outcome
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element


def add(context: Context, element: Element) -> Outcome:
    return sales_form.add(context, element, INVOICE, ret)


def modify(context: Context, element: Element) -> Outcome:
    return sales_form.modify(context, element, INVOICE, ret)


def query(context: Context, element: Element) -> Outcome:
    return transaction_queries.answer(context, element, INVOICE, ret)


def ret(context: Context, element: Element, entry: Transaction) -> str:
    """InvoiceRet in the order of samples 01 and 24."""
    written = context.ret("InvoiceRet", element)
    sales_form.heading(written, context, entry)
    written.amount("AppliedAmount", entry.open_amount - entry.total)
    written.amount("BalanceRemaining", entry.open_amount)
    written.text("Memo", entry.fields.get("Memo"))
    written.flag("IsPaid", entry.open_amount == 0 and not entry.is_pending, since=20)
    sales_form.footing(written, context, entry)
    if offered := sales_forms.suggested_discount(context.storage, entry):
        until, amount = offered
        written.amount("SuggestedDiscountAmount", amount)
        written.text("SuggestedDiscountDate", until)
    written.text("Other", entry.fields.get("Other"), since=60)
    written.text("ExternalGUID", entry.external_guid, since=90)
    written.raw("LinkedTxn", sales_form.links(context, element, entry))
    written.raw("InvoiceLineRet", sales_form.lines(context, element, entry))
    return written.close()
