"""Mirrors of QuickBooks' small lists, and of the names that could clash with a customer's."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from centerpoint.quickbooks.models import CompanyFile, ListEntry
from qbxml import messages

Kind = ListEntry.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an entry says beyond its name; the keys of `facts` are named at the model."""

    percent: Decimal | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def _nothing(ret: Any) -> Details:
    return Details()


def _item(ret: Any) -> Details:
    code = getattr(ret, "sales_tax_code_ref", None)
    facts = {"type": type(ret).__name__.removesuffix("Ret")}
    if code is not None:
        facts["tax_code"] = code.full_name or ""
    return Details(facts=facts)


def _sales_tax_item(ret: messages.ItemSalesTaxRet) -> Details:
    return Details(percent=ret.tax_rate)


def _sales_tax_group(ret: messages.ItemSalesTaxGroupRet) -> Details:
    return Details(facts={"members": [member.list_id for member in ret.item_sales_tax_ref]})


def _sales_tax_code(ret: messages.SalesTaxCodeRet) -> Details:
    return Details(facts={"taxable": bool(ret.is_taxable)})


def _terms(ret: messages.StandardTermsRet) -> Details:
    return Details(facts={"due_days": ret.std_due_days})


def _account(ret: messages.AccountRet) -> Details:
    return Details(facts={"type": ret.account_type or ""})


_READERS: dict[type[Any], tuple[Kind, Callable[[Any], Details]]] = {
    messages.ItemServiceRet: (Kind.SERVICE_ITEM, _item),
    messages.ItemNonInventoryRet: (Kind.NON_INVENTORY_ITEM, _item),
    messages.ItemOtherChargeRet: (Kind.OTHER_CHARGE_ITEM, _item),
    messages.ItemSalesTaxRet: (Kind.SALES_TAX_ITEM, _sales_tax_item),
    messages.ItemSalesTaxGroupRet: (Kind.SALES_TAX_GROUP, _sales_tax_group),
    messages.ItemDiscountRet: (Kind.OTHER_ITEM, _item),
    messages.ItemFixedAssetRet: (Kind.OTHER_ITEM, _item),
    messages.ItemGroupRet: (Kind.OTHER_ITEM, _item),
    messages.ItemInventoryAssemblyRet: (Kind.OTHER_ITEM, _item),
    messages.ItemInventoryRet: (Kind.OTHER_ITEM, _item),
    messages.ItemPaymentRet: (Kind.OTHER_ITEM, _item),
    messages.ItemSubtotalRet: (Kind.OTHER_ITEM, _item),
    messages.SalesTaxCodeRet: (Kind.SALES_TAX_CODE, _sales_tax_code),
    messages.StandardTermsRet: (Kind.TERMS, _terms),
    messages.ClassRet: (Kind.CLASS, _nothing),
    messages.AccountRet: (Kind.ACCOUNT, _account),
    messages.VendorRet: (Kind.VENDOR, _nothing),
    messages.EmployeeRet: (Kind.EMPLOYEE, _nothing),
    messages.OtherNameRet: (Kind.OTHER_NAME, _nothing),
}
_COLUMNS = ("name", "full_name", "is_active", "percent", "facts")


def take_list_entries(company_file: CompanyFile, rets: Sequence[Any], *, now: dt.datetime) -> None:
    """Mirror a chunk of entries, of one list or of several. `read_at` is when an entry was last seen changed."""
    told = {(entry.kind, entry.list_id): entry for entry in (_entry(company_file, ret, now) for ret in rets)}
    known = {
        (entry.kind, entry.list_id): entry
        for entry in ListEntry.objects.filter(
            company_file=company_file, list_id__in={list_id for _, list_id in told}
        )
    }
    changed = [entry for key, entry in told.items() if _differs(entry, known.get(key))]
    ListEntry.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["company_file", "kind", "list_id"],
        update_fields=[*_COLUMNS, "read_at"],
    )


def _entry(company_file: CompanyFile, ret: Any, now: dt.datetime) -> ListEntry:
    kind, details = _READERS[type(ret)]
    said = details(ret)
    return ListEntry(
        company_file=company_file,
        kind=kind,
        list_id=ret.list_id,
        name=ret.name,
        full_name=getattr(ret, "full_name", None) or ret.name,
        is_active=ret.is_active is not False,
        percent=said.percent,
        facts=said.facts,
        read_at=now,
    )


def _differs(entry: ListEntry, known: ListEntry | None) -> bool:
    return known is None or any(getattr(entry, column) != getattr(known, column) for column in _COLUMNS)
