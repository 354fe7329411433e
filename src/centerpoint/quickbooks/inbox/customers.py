"""Customers and jobs: mirrored as QuickBooks has them, then made something of here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Substr

from centerpoint.quickbooks.models import CompanyFile, Counterpart, QuickBooksCustomer, RecordKind
from qbxml.messages import Address, CustomerRet

_LINES = ("addr1", "addr2", "addr3", "addr4", "addr5")
_JOB_KINDS = (RecordKind.PROPERTY, RecordKind.TICKET, RecordKind.PROJECT)

# What the customer is. A transaction of his moves TimeModified and the balances, and says nothing new about him.
_CONTENT = (
    "parent_list_id",
    "sublevel",
    "name",
    "full_name",
    "is_active",
    "company_name",
    "contact",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "phone",
    "email",
    "account_number",
    "external_guid",
    "is_deleted",
)
_STAMPS = ("balance", "total_balance", "edit_sequence", "time_modified")


def take_customers(company_file: CompanyFile, rets: Sequence[CustomerRet], *, now: dt.datetime) -> None:
    """Mirror a chunk of customers and jobs; customers whose content is new are news."""
    told = {ret.list_id: ret for ret in rets}
    known = {
        customer.list_id: customer
        for customer in QuickBooksCustomer.objects.filter(company_file=company_file, list_id__in=told)
    }
    changed, renamed = [], {}
    for list_id, ret in told.items():
        columns, old = _columns(ret), known.get(list_id)
        is_new_content = old is None or _differs(old, columns, _CONTENT)
        if old is not None and not is_new_content and not _differs(old, columns, _STAMPS):
            continue
        if old is not None and old.full_name != columns["full_name"]:
            renamed[old.full_name] = columns["full_name"]
        is_news = (is_new_content and ret.sublevel in (None, 0)) or (old is not None and old.is_news)
        changed.append(QuickBooksCustomer(company_file=company_file, **columns, is_news=is_news, read_at=now))
    for old_name, new_name in renamed.items():
        _rename_below(company_file, old_name, new_name)
    QuickBooksCustomer.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["company_file", "list_id"],
        update_fields=[*_CONTENT, *_STAMPS, "is_news", "read_at"],
    )


def _differs(customer: QuickBooksCustomer, columns: Mapping[str, Any], names: Sequence[str]) -> bool:
    return any(getattr(customer, name) != columns[name] for name in names)


def _columns(ret: CustomerRet) -> dict[str, Any]:
    address = ret.bill_address or Address()
    parent = ret.parent_ref
    return {
        "list_id": ret.list_id,
        "parent_list_id": (parent.list_id if parent else None) or "",
        "sublevel": ret.sublevel or 0,
        "name": ret.name,
        "full_name": ret.full_name or ret.name,
        "is_active": ret.is_active is not False,
        "company_name": ret.company_name or "",
        "contact": ret.contact or "",
        "street": "\n".join(line for name in _LINES if (line := getattr(address, name))),
        "city": address.city or "",
        "state": address.state or "",
        "postal_code": address.postal_code or "",
        "country": address.country or "",
        "phone": ret.phone or "",
        "email": ret.email or "",
        "account_number": ret.account_number or "",
        "balance": ret.balance or 0,
        "total_balance": ret.total_balance or 0,
        "edit_sequence": ret.edit_sequence,
        "time_modified": ret.time_modified,
        "external_guid": ret.external_guid or "",
        "is_deleted": False,
    }


def _rename_below(company_file: CompanyFile, old: str, new: str) -> None:
    """Everything below a renamed or moved customer bears its name; QuickBooks does not tell it of each job."""
    jobs: QuerySet[Any] = QuickBooksCustomer.objects.filter(company_file=company_file)
    ours: QuerySet[Any] = Counterpart.objects.filter(company_file=company_file, kind__in=_JOB_KINDS)
    for records, column in ((jobs, "full_name"), (ours, "name")):
        rest = Substr(F(column), len(old) + 1)
        records.filter(**{f"{column}__istartswith": f"{old}:"}).update(**{column: Concat(Value(new), rest)})
    ours.filter(name=old).update(name=new)
