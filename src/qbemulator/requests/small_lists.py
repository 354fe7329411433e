"""SalesTaxCodeQuery, StandardTermsQuery, TermsQuery, ClassQuery, AccountQuery."""

from __future__ import annotations

from qbemulator.company_file.lists import ListRecord
from qbemulator.requests import list_queries
from qbemulator.requests.answers import Outcome, Ret
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element


def sales_tax_codes(context: Context, element: Element) -> Outcome:
    return list_queries.answer(context, element, "SalesTaxCode", ("SalesTaxCode",), _sales_tax_code)


def terms(context: Context, element: Element) -> Outcome:
    """StandardTermsQuery and TermsQuery: the emulated files have standard terms only."""
    return list_queries.answer(context, element, "Terms", ("StandardTerms",), _terms)


def classes(context: Context, element: Element) -> Outcome:
    return list_queries.answer(context, element, "Class", ("Class",), _class)


def accounts(context: Context, element: Element) -> Outcome:
    return list_queries.answer(context, element, "Account", ("Account",), _account)


def _sales_tax_code(context: Context, element: Element, entry: ListRecord) -> str:
    written = _begun("SalesTaxCodeRet", context, element, entry)
    written.flag("IsActive", entry.is_active)
    written.flag("IsTaxable", entry.fields["IsTaxable"])
    written.text("Desc", entry.fields.get("Desc"))
    return written.close()


def _terms(context: Context, element: Element, entry: ListRecord) -> str:
    written = _begun("StandardTermsRet", context, element, entry)
    written.flag("IsActive", entry.is_active)
    written.text("StdDueDays", entry.fields.get("StdDueDays"))
    written.text("StdDiscountDays", entry.fields.get("StdDiscountDays"))
    written.text("DiscountPct", entry.fields.get("DiscountPct"))
    return written.close()


def _class(context: Context, element: Element, entry: ListRecord) -> str:
    written = _begun("ClassRet", context, element, entry)
    _placed(written, context, entry)
    return written.close()


def _account(context: Context, element: Element, entry: ListRecord) -> str:
    written = _begun("AccountRet", context, element, entry)
    _placed(written, context, entry)
    written.text("AccountType", entry.fields["AccountType"])
    written.text("SpecialAccountType", entry.fields.get("SpecialAccountType"), since=21)
    written.text("AccountNumber", entry.fields.get("AccountNumber"))
    written.text("Desc", entry.fields.get("Desc"))
    written.amount("Balance", entry.balance)
    written.amount("TotalBalance", entry.total_balance)
    written.text("CashFlowClassification", entry.fields.get("CashFlowClassification"), since=21)
    return written.close()


def _begun(tag: str, context: Context, element: Element, entry: ListRecord) -> Ret:
    written = context.ret(tag, element)
    list_queries.heading(written, context, entry)
    written.text("Name", entry.name)
    return written


def _placed(written: Ret, context: Context, entry: ListRecord) -> None:
    written.text("FullName", entry.full_name)
    written.flag("IsActive", entry.is_active)
    written.ref("ParentRef", context.named(entry.list, entry.parent_id))
    written.text("Sublevel", entry.sublevel)
