"""PURE: an invoice of ours and the invoice in QuickBooks."""

import datetime as dt
from collections.abc import Sequence, Set
from decimal import Decimal
from typing import Any, TypedDict

from centerpoint.quickbooks.mapping import addresses, invoice_lines
from centerpoint.quickbooks.mapping.comparison import changed, differences, touches
from centerpoint.quickbooks.mapping.facts import (
    Blocked,
    BooksFacts,
    Content,
    Existing,
    InvoiceFacts,
    ItemFacts,
    Message,
    Settled,
    TaxItemFacts,
)
from centerpoint.quickbooks.mapping.invoice_lines import Line
from centerpoint.quickbooks.mapping.names import cut, one_line
from centerpoint.quickbooks.mapping.taxes import quickbooks_tax
from centerpoint.quickbooks.models import Posting, TaxMode
from qbxml import CLEAR, messages

REF_NUMBER, PO_NUMBER = 11, 25
MEMO = 200  # QuickBooks holds 4095; the memo is one line in its registers
NEW_LINE = "-1"


def message(
    invoice: InvoiceFacts, *, customer_list_id: str, books: BooksFacts, mark: str, existing: Existing | None
) -> Message:
    """InvoiceAdd, InvoiceMod or TxnVoid. Raises Blocked when the invoice cannot be in the books as it is."""
    if invoice.is_void:
        return _void(invoice, books, existing)
    _refuse_long_number(invoice)
    lines, tax_item = _lines(invoice, books)
    content = _content(invoice, customer_list_id, books, tax_item, lines)
    if existing is None:
        _refuse_closed_period(books, invoice.issued_on)
        body = _add(invoice, content, lines, books, mark)
        return Message(action=Posting.Action.ADD, body=body, content=content)
    to_change = changed(content, existing.agreed)
    if not to_change:
        return Message(action=Posting.Action.MODIFY, body=None, content=content)
    _refuse_closed_period(books, invoice.issued_on, _agreed_date(existing))
    return Message(
        action=Posting.Action.MODIFY,
        body=_mod(invoice, content, to_change, lines, books, existing),
        content=content,
    )


def _void(invoice: InvoiceFacts, books: BooksFacts, existing: Existing | None) -> Message:
    if existing is None:
        raise Blocked("nothing-to-void", number=invoice.number)
    _refuse_closed_period(books, _agreed_date(existing) or invoice.issued_on)
    body = messages.TxnVoidRq(txn_void_type="Invoice", txn_id=existing.quickbooks_id)
    return Message(action=Posting.Action.VOID, body=body, content={})


# -- what stops an invoice before it is sent ------------------------------------------------------------------------


def _refuse_long_number(invoice: InvoiceFacts) -> None:
    if len(one_line(invoice.number)) > REF_NUMBER:
        raise Blocked("number-too-long", number=invoice.number, limit=str(REF_NUMBER))


def _refuse_closed_period(books: BooksFacts, *dates: dt.date | None) -> None:
    """The closing date is the last day that is closed."""
    closed = [day for day in dates if day and books.closing_date and day <= books.closing_date]
    if closed and books.closing_date:
        raise Blocked(
            "closed-period", date=min(closed).isoformat(), closing_date=books.closing_date.isoformat()
        )


def _agreed_date(existing: Existing) -> dt.date | None:
    date = existing.agreed.get("TxnDate")
    return dt.date.fromisoformat(date) if date else None


def _lines(invoice: InvoiceFacts, books: BooksFacts) -> tuple[list[Line], TaxItemFacts | None]:
    """The lines and the tax item on them. Raises Blocked where QuickBooks' tax or total would be another than ours."""
    item, tax_item = _item(invoice, books), _tax_item(invoice, books)
    taxed = tax_item is not None and bool(invoice.tax or invoice.taxes)
    lines = invoice_lines.lines(invoice, item=item, books=books, taxed=taxed)
    taxable = invoice_lines.taxable(lines)
    tax = quickbooks_tax(taxable, tax_item.rates) if tax_item else Decimal("0.00")
    if tax_item and tax != invoice.tax:
        raise Blocked(
            "tax-differs",
            ours=_money(invoice.tax),
            theirs=_money(tax),
            item=tax_item.name,
            taxable=_money(taxable),
        )
    total = sum((line.amount for line in lines), tax)
    if total != invoice.total:
        raise Blocked(
            "total-differs", number=invoice.number, ours=_money(invoice.total), theirs=_money(total)
        )
    if total < 0:
        raise Blocked("total-negative", number=invoice.number, total=_money(total))
    return lines, tax_item


def _item(invoice: InvoiceFacts, books: BooksFacts) -> ItemFacts:
    item = books.items.get(invoice.kind)
    if item is None or not item.is_active:
        raise Blocked("item-missing", name=books.item_names.get(invoice.kind, ""), kind=invoice.kind)
    return item


def _tax_item(invoice: InvoiceFacts, books: BooksFacts) -> TaxItemFacts | None:
    """The item QuickBooks computes the tax with; None where it computes none. An untaxed invoice needs none."""
    if books.sales_tax_is_on and not (books.taxable_code and books.non_taxable_code):
        raise Blocked("tax-codes-unknown", number=invoice.number)
    if books.tax_mode != TaxMode.QUICKBOOKS:
        return None
    if not books.sales_tax_is_on:
        if invoice.tax:
            raise Blocked("sales-tax-off", number=invoice.number, tax=_money(invoice.tax))
        return None
    tax_item = books.tax_items.get(invoice.kind)
    if tax_item is not None and tax_item.is_active:
        return tax_item
    if invoice.tax:
        raise Blocked("tax-item-missing", name=books.tax_item_names.get(invoice.kind, ""), kind=invoice.kind)
    return None


# -- what is sent ---------------------------------------------------------------------------------------------------


def _content(
    invoice: InvoiceFacts,
    customer_list_id: str,
    books: BooksFacts,
    tax_item: TaxItemFacts | None,
    lines: Sequence[Line],
) -> Content:
    """What is ours of the invoice. What we have nothing for is left to QuickBooks, which takes the customer's own."""
    content: Content = {
        "CustomerRef.ListID": customer_list_id,
        "TxnDate": invoice.issued_on.isoformat(),
        "RefNumber": one_line(invoice.number),
        **addresses.content("BillAddress", invoice.bill_to.name, invoice.bill_to.address),
        **addresses.content("ShipAddress", invoice.property_name, invoice.property_address),
        "PONumber": cut(invoice.purchase_order, PO_NUMBER),
        "DueDate": (invoice.due_on or invoice.issued_on).isoformat(),
        "Memo": _memo(invoice),
    }
    if terms := books.terms.get(invoice.terms.strip().lower()):
        content["TermsRef.FullName"] = terms
    if tax_item:
        content["ItemSalesTaxRef.ListID"] = tax_item.list_id
    if books.sales_tax_is_on:
        content["CustomerSalesTaxCodeRef.FullName"] = _code(any(line.taxable for line in lines), books)
    for number, line in enumerate(lines):
        content |= _line_content(f"Line.{number}", line, books)
    content["Lines"] = str(len(lines))
    content["Total"] = _money(invoice.total)
    return content


def _line_content(path: str, line: Line, books: BooksFacts) -> Content:
    content = {f"{path}.ItemRef.ListID": line.item.list_id, f"{path}.Amount": _money(line.amount)}
    if line.description:  # else QuickBooks takes the item's
        content[f"{path}.Desc"] = line.description
    if line.quantity is not None and line.rate is not None:
        content[f"{path}.Quantity"] = _plain(line.quantity)
        content[f"{path}.Rate"] = _plain(line.rate)
    if books.sales_tax_is_on:
        content[f"{path}.SalesTaxCodeRef.FullName"] = _code(line.taxable, books)
    return content


def _memo(invoice: InvoiceFacts) -> str:
    """What the invoice is for, behind a purchase order number that is cut in its own field."""
    purchase_order = one_line(invoice.purchase_order)
    whole = f"PO {purchase_order}; " if len(purchase_order) > PO_NUMBER else ""
    return cut(f"{whole}{invoice.work_title}", MEMO)


def _code(is_taxable: bool, books: BooksFacts) -> str:
    """The name of the sales tax code; _tax_item has seen that both are known."""
    return (books.taxable_code if is_taxable else books.non_taxable_code) or ""


def _add(
    invoice: InvoiceFacts, content: Content, lines: Sequence[Line], books: BooksFacts, mark: str
) -> messages.InvoiceAddRq:
    return messages.InvoiceAddRq(
        invoice_add=messages.InvoiceAdd(
            customer_ref=messages.Ref(list_id=content["CustomerRef.ListID"]),
            txn_date=invoice.issued_on,
            ref_number=content["RefNumber"],
            bill_address=addresses.to_add("BillAddress", content),
            ship_address=addresses.to_add("ShipAddress", content),
            po_number=content["PONumber"] or None,
            terms_ref=_named(content, "TermsRef"),
            due_date=invoice.due_on or invoice.issued_on,
            item_sales_tax_ref=_by_id(content, "ItemSalesTaxRef"),
            memo=content["Memo"] or None,
            is_to_be_printed=False,
            is_to_be_emailed=False,
            customer_sales_tax_code_ref=_named(content, "CustomerSalesTaxCodeRef"),
            external_guid=mark,
            invoice_line_add=tuple(messages.InvoiceLineAdd(**_values(line, books)) for line in lines),
        )
    )


def _mod(
    invoice: InvoiceFacts,
    content: Content,
    to_change: Set[str],
    lines: Sequence[Line],
    books: BooksFacts,
    existing: Existing,
) -> messages.InvoiceModRq:
    """What differs, and the due date with what QuickBooks would reckon it anew from."""

    def given(element: str, value: Any) -> Any:
        return value if touches(to_change, element) else None

    moves_due_date = any(touches(to_change, element) for element in ("DueDate", "TxnDate", "TermsRef"))
    changes_lines = any(element.startswith("Line") for element in to_change)
    return messages.InvoiceModRq(
        invoice_mod=messages.InvoiceMod(
            txn_id=existing.quickbooks_id,
            edit_sequence=existing.edit_sequence,
            customer_ref=given("CustomerRef", _by_id(content, "CustomerRef")),
            txn_date=given("TxnDate", invoice.issued_on),
            ref_number=given("RefNumber", content["RefNumber"]),
            bill_address=_changed_address("BillAddress", content, to_change),
            ship_address=_changed_address("ShipAddress", content, to_change),
            po_number=given("PONumber", content["PONumber"] or CLEAR),
            terms_ref=given("TermsRef", _named(content, "TermsRef")),
            due_date=(invoice.due_on or invoice.issued_on) if moves_due_date else None,
            item_sales_tax_ref=given("ItemSalesTaxRef", _by_id(content, "ItemSalesTaxRef")),
            memo=given("Memo", content["Memo"] or CLEAR),
            customer_sales_tax_code_ref=given(
                "CustomerSalesTaxCodeRef", _named(content, "CustomerSalesTaxCodeRef")
            ),
            invoice_line_mod=_changed_lines(lines, books, existing) if changes_lines else (),
        )
    )


def _changed_address(element: str, content: Content, to_change: Set[str]) -> messages.Address | None:
    return addresses.to_change(element, content) if touches(to_change, element) else None


def _changed_lines(
    lines: Sequence[Line], books: BooksFacts, existing: Existing
) -> tuple[messages.InvoiceLineMod, ...]:
    """All lines, in order: QuickBooks deletes those that are not named (protocol.md E.4)."""
    return tuple(
        messages.InvoiceLineMod(txn_line_id=_line_id(number, line, existing), **_values(line, books))
        for number, line in enumerate(lines)
    )


def _line_id(number: int, line: Line, existing: Existing) -> str:
    """The line in the same place. One that loses its quantity is a new line, for a quantity cannot be cleared."""
    loses_quantity = line.quantity is None and f"Line.{number}.Quantity" in existing.agreed
    if number >= len(existing.line_ids) or loses_quantity:
        return NEW_LINE
    return existing.line_ids[number]


class _Values(TypedDict):
    """What a line says, new or changed. With a rate, QuickBooks computes the amount."""

    item_ref: messages.Ref
    desc: str | None
    quantity: Decimal | None
    rate: Decimal | None
    amount: Decimal | None
    sales_tax_code_ref: messages.Ref | None


def _values(line: Line, books: BooksFacts) -> _Values:
    return {
        "item_ref": messages.Ref(list_id=line.item.list_id),
        "desc": line.description or None,
        "quantity": line.quantity,
        "rate": line.rate,
        "amount": line.amount if line.rate is None else None,
        "sales_tax_code_ref": (
            messages.Ref(full_name=_code(line.taxable, books)) if books.sales_tax_is_on else None
        ),
    }


def _by_id(content: Content, element: str) -> messages.Ref | None:
    list_id = content.get(f"{element}.ListID")
    return messages.Ref(list_id=list_id) if list_id else None


def _named(content: Content, element: str) -> messages.Ref | None:
    name = content.get(f"{element}.FullName")
    return messages.Ref(full_name=name) if name else None


def _money(amount: Decimal) -> str:
    """Two decimals, and no minus before a zero."""
    return f"{amount + 0:.2f}"


def _plain(number: Decimal) -> str:
    """Quantities and rates are printed with and without trailing zeros (protocol.md C.8): compared without."""
    return f"{(number + 0).normalize():f}"


# -- what came back -------------------------------------------------------------------------------------------------


def there(ret: messages.InvoiceRet) -> Content:
    """What the invoice holds, in the elements we write."""
    content: Content = {
        "CustomerRef.ListID": _list_id(ret.customer_ref),
        "TxnDate": _date(ret.txn_date),
        "RefNumber": ret.ref_number or "",
        **addresses.there("BillAddress", ret.bill_address),
        **addresses.there("ShipAddress", ret.ship_address),
        "PONumber": ret.po_number or "",
        "TermsRef.FullName": _full_name(ret.terms_ref),
        "DueDate": _date(ret.due_date),
        "ItemSalesTaxRef.ListID": _list_id(ret.item_sales_tax_ref),
        "Memo": ret.memo or "",
        "CustomerSalesTaxCodeRef.FullName": _full_name(ret.customer_sales_tax_code_ref),
    }
    for number, line in enumerate(ret.invoice_line_ret):
        content |= _line_there(f"Line.{number}", line)
    # A group that somebody put in is a line that is not ours.
    content["Lines"] = str(len(ret.invoice_line_ret) + len(ret.invoice_line_group_ret))
    content["Total"] = _money(_total(ret))
    return content


def _line_there(path: str, line: messages.InvoiceLineRet) -> Content:
    content = {
        f"{path}.ItemRef.ListID": _list_id(line.item_ref),
        f"{path}.Desc": line.desc or "",
        f"{path}.Amount": _money(line.amount or Decimal()),
        f"{path}.SalesTaxCodeRef.FullName": _full_name(line.sales_tax_code_ref),
    }
    if line.quantity is not None:
        content[f"{path}.Quantity"] = _plain(line.quantity)
    if line.rate is not None:
        content[f"{path}.Rate"] = _plain(line.rate)
    return content


def _list_id(ref: messages.Ref | None) -> str:
    return (ref.list_id or "") if ref else ""


def _full_name(ref: messages.Ref | None) -> str:
    return (ref.full_name or "") if ref else ""


def _date(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _total(ret: messages.InvoiceRet) -> Decimal:
    """protocol.md D: invoices of the US edition have no total of their own."""
    return (ret.subtotal or Decimal()) + (ret.sales_tax_total or Decimal())


def settle(content: Content, ret: messages.InvoiceRet) -> Settled:
    """Compare what was sent with what QuickBooks holds now; the total above all."""
    holds = there(ret)
    return Settled(
        quickbooks_id=ret.txn_id,
        edit_sequence=ret.edit_sequence,
        name=ret.ref_number or "",
        external_guid=ret.external_guid or "",
        content=holds,
        differences=differences(content, holds),
        line_ids=tuple(line.txn_line_id for line in ret.invoice_line_ret),
        total=_total(ret),
        balance=ret.balance_remaining,
    )
