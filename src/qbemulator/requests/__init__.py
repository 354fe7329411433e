"""Requests: raw XML in, the company file asked, raw XML out. One module per object; this table says who answers what."""

from __future__ import annotations

from functools import partial

from qbemulator.requests import (
    company,
    credit_memo,
    customer,
    deleted,
    invoice,
    item,
    known,
    names,
    receive_payment,
    small_lists,
)
from qbemulator.requests.context import Handler

HANDLERS: dict[str, Handler] = {
    "HostQueryRq": company.host,
    "CompanyQueryRq": company.company,
    "PreferencesQueryRq": company.preferences,
    "CustomerQueryRq": customer.query,
    "CustomerAddRq": customer.add,
    "CustomerModRq": customer.modify,
    "VendorQueryRq": partial(names.query, "Vendor"),
    "EmployeeQueryRq": partial(names.query, "Employee"),
    "OtherNameQueryRq": partial(names.query, "OtherName"),
    "ItemQueryRq": partial(item.query, item.KINDS),
    "ItemServiceQueryRq": partial(item.query, ("ItemService",)),
    "ItemServiceAddRq": item.add_service,
    "ItemSalesTaxQueryRq": partial(item.query, ("ItemSalesTax",)),
    "ItemSalesTaxGroupQueryRq": partial(item.query, ("ItemSalesTaxGroup",)),
    "SalesTaxCodeQueryRq": small_lists.sales_tax_codes,
    "StandardTermsQueryRq": small_lists.terms,
    "TermsQueryRq": small_lists.terms,
    "ClassQueryRq": small_lists.classes,
    "AccountQueryRq": small_lists.accounts,
    "InvoiceAddRq": invoice.add,
    "InvoiceModRq": invoice.modify,
    "InvoiceQueryRq": invoice.query,
    "CreditMemoAddRq": credit_memo.add,
    "CreditMemoQueryRq": credit_memo.query,
    "ReceivePaymentAddRq": receive_payment.add,
    "ReceivePaymentQueryRq": receive_payment.query,
    "TxnDelRq": deleted.delete_transaction,
    "TxnVoidRq": deleted.void_transaction,
    "ListDelRq": deleted.delete_list_record,
    "TxnDeletedQueryRq": deleted.deleted_transactions,
    "ListDeletedQueryRq": deleted.deleted_list_records,
}
"""What is emulated. Each has a declaration in qbxml, which the grammar checks against."""

READ_ONLY = frozenset(name for name in HANDLERS if name.endswith("QueryRq"))


def is_known(name: str) -> bool:
    """Whether qbXML 13.0 has a request of that name at all."""
    return name in known.REQUEST_NAMES
