"""ItemQuery and its narrower sisters, ItemServiceAdd."""

from __future__ import annotations

from collections.abc import Sequence

from qbemulator.company_file import items
from qbemulator.company_file.lists import ListRecord
from qbemulator.requests import list_queries
from qbemulator.requests.answers import Identity, Outcome, Ret, line, lines
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element, fields, not_kept

SOLD = ("ItemService", "ItemNonInventory", "ItemOtherCharge")
# Accepted and not kept; the answer says so with 530.
NOT_KEPT = ("BarCode", "UnitOfMeasureSetRef", "PrefVendorRef")
KINDS = (*SOLD, "ItemSubtotal", "ItemDiscount", "ItemSalesTax", "ItemSalesTaxGroup")


def query(kinds: Sequence[str], context: Context, element: Element) -> Outcome:
    return list_queries.answer(context, element, "Item", kinds, ret)


def add_service(context: Context, element: Element) -> Outcome:
    given = fields(element[0], skip=("SalesOrPurchase", "SalesAndPurchase", *NOT_KEPT))
    for sold in element[0].iterfind("SalesOrPurchase"):
        given |= fields(sold)
    for sold in element[0].iterfind("SalesAndPurchase"):
        both = fields(sold, skip=NOT_KEPT)
        given |= {
            "Desc": both.pop("SalesDesc", None),
            "Price": both.pop("SalesPrice", None),
            "IsAlsoPurchased": True,
        }
        given |= both
    kept = {tag: value for tag, value in given.items() if value is not None}
    entry = items.add_service(context.storage, kept, now=context.now)
    identity = Identity(
        list_id=entry.list_id, edit_sequence=str(entry.edit_sequence), external_guid=entry.external_guid
    )
    outcome = Outcome(body=ret(context, element, entry), identity=identity)
    ignored = [tag for holder in element.iter() for tag in not_kept(holder, NOT_KEPT)]
    if ignored:
        outcome.warn(530, f'The field "{ignored[0]}" is not supported by this implementation.')
    return outcome


def ret(context: Context, element: Element, entry: ListRecord) -> str:
    written = context.ret(f"{entry.kind}Ret", element)
    list_queries.heading(written, context, entry)
    written.text("Name", entry.name)
    if entry.kind in (*SOLD, "ItemDiscount"):
        _placed(written, context, entry)
    else:
        written.flag("IsActive", entry.is_active)
    if entry.kind in SOLD:
        _sold(written, context, entry)
    else:
        written.text("ItemDesc", entry.fields.get("ItemDesc"))
    if entry.kind == "ItemDiscount":
        _discount(written, context, entry)
    if entry.kind == "ItemSalesTax":
        written.text("TaxRate", entry.fields.get("TaxRate"))
    written.text("ExternalGUID", entry.external_guid, since=80)
    for list_id in entry.fields.get("ItemSalesTaxRef", ()):
        written.ref("ItemSalesTaxRef", context.named("Item", list_id))
    return written.close()


def _placed(written: Ret, context: Context, entry: ListRecord) -> None:
    written.text("FullName", entry.full_name)
    written.flag("IsActive", entry.is_active)
    written.ref("ClassRef", context.named("Class", entry.fields.get("ClassRef")), since=120)
    written.ref("ParentRef", context.named("Item", entry.parent_id))
    written.text("Sublevel", entry.sublevel)


def _sold(written: Ret, context: Context, entry: ListRecord) -> None:
    known = entry.fields
    written.ref("SalesTaxCodeRef", context.named("SalesTaxCode", known.get("SalesTaxCodeRef")))
    if known.get("IsAlsoPurchased"):
        written.group("SalesAndPurchase", _both(context, entry))
        return
    inner = lines([("Desc", known.get("Desc"))])
    if known.get("PricePercent"):
        inner += line("PricePercent", f"{known['PricePercent']}%")  # with the sign, as in sample 40
    else:
        inner += lines([("Price", known.get("Price"))])
    written.group("SalesOrPurchase", inner + _account(context, "AccountRef", known.get("AccountRef")))


def _both(context: Context, entry: ListRecord) -> str:
    known = entry.fields
    return (
        lines([("SalesDesc", known.get("Desc")), ("SalesPrice", known.get("Price"))])
        + _account(context, "IncomeAccountRef", known.get("IncomeAccountRef"))
        + lines([("PurchaseDesc", known.get("PurchaseDesc")), ("PurchaseCost", known.get("PurchaseCost"))])
        + _account(context, "ExpenseAccountRef", known.get("ExpenseAccountRef"))
    )


def _discount(written: Ret, context: Context, entry: ListRecord) -> None:
    known = entry.fields
    written.ref("SalesTaxCodeRef", context.named("SalesTaxCode", known.get("SalesTaxCodeRef")))
    written.text("DiscountRate", known.get("DiscountRate"))
    written.text("DiscountRatePercent", known.get("DiscountRatePercent"))
    written.ref("AccountRef", context.named("Account", known.get("AccountRef")))


def _account(context: Context, tag: str, list_id: str | None) -> str:
    inner = Ret(tag, context.version)
    inner.ref(tag, context.named("Account", list_id))
    return inner.inner()
