"""A company file as plain dictionaries under qbXML's element names, for `dump` and for tests. JSON-ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qbemulator.company_file import amounts, customers, lists, preferences, sales_forms, transactions
from qbemulator.company_file.lists import ListRecord
from qbemulator.company_file.storage import Storage
from qbemulator.company_file.transactions import Transaction

View = dict[str, Any]

POINTS_INTO: Mapping[str, str] = {
    **customers.REFERENCES,
    **sales_forms.REFERENCES,
    "PaymentMethodRef": "PaymentMethod",
    "DepositToAccountRef": "Account",
    "AccountRef": "Account",
    "IncomeAccountRef": "Account",
    "ExpenseAccountRef": "Account",
}


def named_records(storage: Storage, kind: str) -> list[View]:
    """Customers with their jobs, vendors, employees or other names, in list order."""
    return [list_record(storage, entry) for entry in lists.every(storage, "Name", (kind,))]


def list_records(storage: Storage, list_name: str) -> list[View]:
    return [{"Kind": entry.kind, **list_record(storage, entry)} for entry in lists.every(storage, list_name)]


def list_record(storage: Storage, entry: ListRecord) -> View:
    view: View = {
        "ListID": entry.list_id,
        "EditSequence": str(entry.edit_sequence),
        "Name": entry.name,
        "FullName": entry.full_name,
        "IsActive": entry.is_active,
        "Sublevel": entry.sublevel,
    }
    if entry.parent_id:
        view["ParentRef"] = reference(storage, entry.list, entry.parent_id)
    if entry.kind == customers.CUSTOMER:
        view["Balance"] = amounts.amount_text(entry.balance)
        view["TotalBalance"] = amounts.amount_text(entry.total_balance)
    if entry.external_guid:
        view["ExternalGUID"] = entry.external_guid
    return view | _fields(storage, entry.fields)


def invoices(storage: Storage) -> list[View]:
    return [invoice(storage, entry) for entry in transactions.every(storage, transactions.INVOICE)]


def invoice(storage: Storage, entry: Transaction) -> View:
    view = _form(storage, entry) | {
        "AppliedAmount": amounts.amount_text(entry.open_amount - entry.total),
        "BalanceRemaining": amounts.amount_text(entry.open_amount),
        "IsPaid": entry.open_amount == 0 and not entry.is_pending,
    }
    view["InvoiceLineRet"] = _lines(storage, entry)
    return view


def credit_memos(storage: Storage) -> list[View]:
    return [credit_memo(storage, entry) for entry in transactions.every(storage, transactions.CREDIT_MEMO)]


def credit_memo(storage: Storage, entry: Transaction) -> View:
    return _form(storage, entry) | {
        "TotalAmount": amounts.amount_text(entry.total),
        "CreditRemaining": amounts.amount_text(entry.open_amount),
        "CreditMemoLineRet": _lines(storage, entry),
    }


def payments(storage: Storage) -> list[View]:
    return [payment(storage, entry) for entry in transactions.every(storage, transactions.PAYMENT)]


def payment(storage: Storage, entry: Transaction) -> View:
    return _heading(storage, entry) | {
        "TotalAmount": amounts.amount_text(entry.total),
        "UnusedPayment": amounts.amount_text(entry.open_amount),
        **_fields(storage, entry.fields),
        "AppliedToTxnRet": [
            {
                "TxnID": each.invoice_id,
                "Amount": amounts.amount_text(each.amount),
                "DiscountAmount": amounts.amount_text(each.discount),
            }
            for each in transactions.applications_of(storage, entry.txn_id)
        ],
    }


def deleted(storage: Storage) -> list[View]:
    rows = storage.all("SELECT kind, object_id, name FROM deletions ORDER BY id")
    return [{"Type": row["kind"], "ID": row["object_id"], "Name": row["name"]} for row in rows]


def message_sets(storage: Storage) -> list[View]:
    rows = storage.all("SELECT application, set_id FROM message_sets ORDER BY application, set_id")
    return [{"application": row["application"], "newMessageSetID": row["set_id"]} for row in rows]


def private_fields(storage: Storage) -> list[View]:
    rows = storage.all("SELECT owner_id, name, value FROM private_fields ORDER BY owner_id, name")
    return [
        {"OwnerID": row["owner_id"], "DataExtName": row["name"], "DataExtValue": row["value"]} for row in rows
    ]


def company(storage: Storage) -> View:
    information = preferences.CompanyInformation(storage)
    preference = preferences.Preferences(storage)
    return {
        "CompanyName": information.name,
        "IsSampleCompany": information.is_sample,
        "Address": information.address,
        "ClosingDate": preference.closing_date,
        "IsUsingClassTracking": preference.uses_classes,
        "IsUsingSalesTax": preference.uses_sales_tax,
    }


def reference(storage: Storage, list_name: str, list_id: str) -> View:
    return {"ListID": list_id, "FullName": lists.full_name_of(storage, list_name, list_id)}


def _heading(storage: Storage, entry: Transaction) -> View:
    view: View = {
        "TxnID": entry.txn_id,
        "EditSequence": str(entry.edit_sequence),
        "TxnNumber": entry.txn_number,
        "CustomerRef": reference(storage, "Name", entry.customer_id),
        "TxnDate": entry.txn_date,
        "RefNumber": entry.ref_number,
    }
    return view | ({"ExternalGUID": entry.external_guid} if entry.external_guid else {})


def _form(storage: Storage, entry: Transaction) -> View:
    return _heading(storage, entry) | {
        "IsPending": entry.is_pending,
        "Subtotal": amounts.amount_text(entry.subtotal),
        "SalesTaxTotal": amounts.amount_text(entry.tax),
        **_fields(storage, entry.fields),
    }


def _lines(storage: Storage, entry: Transaction) -> list[View]:
    views = []
    for line in transactions.lines_of(storage, entry.txn_id):
        view: View = {"TxnLineID": line.line_id}
        if line.item_id:
            view["ItemRef"] = reference(storage, "Item", line.item_id)
        fields = {tag: value for tag, value in line.fields.items() if tag != "Kind"}
        if "Amount" in fields:
            fields["Amount"] = amounts.amount_text(fields["Amount"])
        views.append(view | _fields(storage, fields))
    return views


def _fields(storage: Storage, fields: lists.Fields) -> View:
    return {
        tag: reference(storage, POINTS_INTO[tag], value)
        if tag in POINTS_INTO and isinstance(value, str)
        else value
        for tag, value in fields.items()
    }
