"""VendorQuery, EmployeeQuery, OtherNameQuery: the names that may clash with a customer's."""

from __future__ import annotations

from functools import partial

from qbemulator.company_file.lists import ListRecord
from qbemulator.requests import list_queries
from qbemulator.requests.answers import Outcome, address, address_block
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element


def query(kind: str, context: Context, element: Element) -> Outcome:
    return list_queries.answer(context, element, "Name", (kind,), partial(ret, kind))


def ret(kind: str, context: Context, element: Element, entry: ListRecord) -> str:
    known = entry.fields
    written = context.ret(f"{kind}Ret", element)
    list_queries.heading(written, context, entry)
    written.text("Name", entry.name)
    written.flag("IsActive", entry.is_active)
    if kind != "Employee":
        written.text("CompanyName", known.get("CompanyName"))
    for tag in ("Salutation", "FirstName", "MiddleName", "LastName"):
        written.text(tag, known.get(tag))
    if kind != "Employee":
        written.group(f"{kind}Address", address(known.get("Address"), written.version))
        written.group(f"{kind}AddressBlock", address_block(known.get("Address")), since=60)
        written.text("Phone", known.get("Phone"))
    if kind == "Vendor":
        written.amount("Balance", entry.balance)
    return written.close()
