"""What the lines of an invoice or credit memo amount to (protocol.md E.3)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from qbemulator.company_file import amounts, lists, refusals
from qbemulator.company_file.lists import Fields, ListRecord
from qbemulator.company_file.storage import Storage
from qbemulator.company_file.taxes import PERCENT, TAX_ITEM_KINDS

NON_TAXABLE = "Non"

REFERENCES = {"ClassRef": "Class", "SalesTaxCodeRef": "SalesTaxCode"}


def priced(item: ListRecord | None, given: Fields, *, above: list[Fields]) -> Fields:
    """The line as QuickBooks keeps it: Quantity, Rate or RatePercent as printed text, Amount in cents.

    `given` has decimal text in Quantity, Rate, RatePercent and Amount; `above` are the kept lines before this one.
    """
    line = {
        tag: value for tag, value in given.items() if tag not in ("Quantity", "Rate", "RatePercent", "Amount")
    }
    if item is None:
        if any(tag in given for tag in ("Quantity", "Rate", "RatePercent", "Amount")):
            raise refusals.conflicting_element("ItemRef", "a line with an amount needs an item.")
        return line
    if "Desc" not in line and (description := item.fields.get("Desc")):
        line["Desc"] = description
    if item.kind == "ItemSubtotal":
        return line | {"Amount": subtotal(above)}
    if item.kind == "ItemDiscount":
        return line | _discount(item, given, above)
    return line | _sale(item, given)


def subtotal(above: list[Fields]) -> int:
    """What stands above since the last subtotal."""
    total = 0
    for line in above:
        total = line["Amount"] if line.get("Kind") == "ItemSubtotal" else total + line.get("Amount", 0)
    return total


def is_taxable(storage: Storage, line: Fields) -> bool:
    code = (
        lists.get(storage, "SalesTaxCode", line["SalesTaxCodeRef"]) if line.get("SalesTaxCodeRef") else None
    )
    return code is not None and bool(code.fields.get("IsTaxable"))


def refuse_impossible_item(item: ListRecord, where: str) -> None:
    if item.kind in (*TAX_ITEM_KINDS, "ItemGroup", "ItemPayment"):
        raise refusals.cannot_save(where, f'The item "{item.full_name}" cannot be used on a line.')


def _sale(item: ListRecord, given: Fields) -> Fields:
    quantity = _decimal(given, "Quantity")
    rate = _decimal(given, "Rate")
    amount = _decimal(given, "Amount")
    percent = _decimal(given, "RatePercent")
    if percent is not None:
        raise refusals.conflicting_element("RatePercent", "the item is not sold at a percentage.")
    if amount is not None:
        return _sale_of_amount(quantity, amount)
    if rate is None:
        rate = Decimal(item.fields.get("Price") or "0")
        quantity = Decimal(1) if quantity is None else quantity
    line = {
        "Rate": amounts.price_text(rate),
        "Amount": amounts.cents(rate * (1 if quantity is None else quantity)),
    }
    return line if quantity is None else {"Quantity": amounts.plain_text(quantity)} | line


def _sale_of_amount(quantity: Decimal | None, amount: Decimal) -> Fields:
    """An amount beside a rate decides, and the rate follows from it; without quantity the rate is the amount."""
    cents = amounts.cents(amount)
    if quantity is None:
        return {"Rate": amounts.plain_text(amounts.amount(cents)), "Amount": cents}
    if quantity == 0:
        return {"Quantity": "0", "Amount": cents}
    rate = (amounts.amount(cents) / quantity).quantize(amounts.FIVE_PLACES, ROUND_HALF_UP)
    return {"Quantity": amounts.plain_text(quantity), "Rate": amounts.price_text(rate), "Amount": cents}


def _discount(item: ListRecord, given: Fields, above: list[Fields]) -> Fields:
    """A discount takes a percentage of the line above it (a subtotal counts as one line), or an amount."""
    percent = _decimal(given, "RatePercent")
    amount = _decimal(given, "Amount")
    rate = _decimal(given, "Rate")
    if percent is None and amount is None and rate is None:
        if "DiscountRatePercent" in item.fields:
            percent = -Decimal(item.fields["DiscountRatePercent"])
        else:
            amount = -Decimal(item.fields.get("DiscountRate", "0"))
    if percent is not None:
        base = above[-1].get("Amount", 0) if above else 0
        return {
            "RatePercent": amounts.price_text(percent),
            "Amount": amounts.cents(amounts.amount(base) * percent / PERCENT),
        }
    fixed = -abs(amount if amount is not None else rate or Decimal(0))
    return {"Rate": amounts.plain_text(fixed), "Amount": amounts.cents(fixed)}


def _decimal(given: Fields, tag: str) -> Decimal | None:
    text = given.get(tag)
    return None if text is None else Decimal(text)
