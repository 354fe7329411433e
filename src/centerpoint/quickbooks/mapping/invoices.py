"""PURE: an invoice of ours and the invoice in QuickBooks."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from centerpoint.billing.models import LineKind
from centerpoint.quickbooks.mapping.facts import (
    AddressFacts,
    Blocked,
    BooksFacts,
    Content,
    Difference,
    Existing,
    InvoiceFacts,
    ItemFacts,
    Message,
    Settled,
    TaxItemFacts,
)
from centerpoint.quickbooks.mapping.names import cut
from centerpoint.quickbooks.mapping.taxes import quickbooks_tax
from centerpoint.quickbooks.models import LineMode, Posting, TaxMode
from qbxml import CLEAR, messages

REF_NUMBER, PO_NUMBER, DESCRIPTION, MEMO = 11, 25, 4095, 4095
CENT = Decimal("0.01")
_LIMITS = {"Addr1": 41, "Addr2": 41, "Addr3": 41, "City": 31, "State": 21, "PostalCode": 13, "Country": 31}
_FIELDS = {
    "Addr1": "addr1",
    "Addr2": "addr2",
    "Addr3": "addr3",
    "City": "city",
    "State": "state",
    "PostalCode": "postal_code",
    "Country": "country",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as QuickBooks gets it. Quantity and rate only where their product is the amount."""

    item: ItemFacts
    description: str
    amount: Decimal
    taxable: bool
    quantity: Decimal | None = None
    rate: Decimal | None = None


def message(
    invoice: InvoiceFacts, *, customer_list_id: str, books: BooksFacts, mark: str, existing: Existing | None
) -> Message:
    """InvoiceAdd, InvoiceMod or TxnVoid. Raises Blocked when the invoice cannot be in the books as it is."""
    if invoice.is_void:
        if existing is None:
            raise Blocked("nothing-to-void", number=invoice.number)
        body: Any = messages.TxnVoidRq(txn_void_type="Invoice", txn_id=existing.quickbooks_id)
        return Message(action=Posting.Action.VOID, body=body, content={})
    _refuse_closed_period(invoice, books)
    if len(cut(invoice.number, 99)) > REF_NUMBER:
        raise Blocked("number-too-long", number=invoice.number, limit=str(REF_NUMBER))
    item, tax_item = _item(invoice, books), _tax_item(invoice, books)
    lines = _lines(invoice, item, books)
    if books.tax_mode == TaxMode.QUICKBOOKS and books.sales_tax_is_on:
        _check_tax(invoice, tax_item, lines)
    content = _content(invoice, customer_list_id, books, tax_item, lines)
    total = sum((line.amount for line in lines), Decimal()) + _tax_by_quickbooks(tax_item, lines, books)
    if total != invoice.total:
        raise Blocked(
            "total-differs", ours=f"{invoice.total:.2f}", theirs=f"{total:.2f}", number=invoice.number
        )
    if existing is None:
        return Message(action=Posting.Action.ADD, body=_add(content, lines, books, mark), content=content)
    body = _mod(content, lines, books, existing)
    return Message(action=Posting.Action.MODIFY, body=body, content=content)


def _refuse_closed_period(invoice: InvoiceFacts, books: BooksFacts) -> None:
    if books.closing_date and invoice.issued_on <= books.closing_date:
        raise Blocked(
            "closed-period", date=invoice.issued_on.isoformat(), closing_date=books.closing_date.isoformat()
        )


def _item(invoice: InvoiceFacts, books: BooksFacts) -> ItemFacts:
    item, name = books.items.get(invoice.kind), books.item_names.get(invoice.kind, "")
    if item is None or not item.is_active:
        raise Blocked("item-missing", name=name, kind=invoice.kind)
    return item


def _tax_item(invoice: InvoiceFacts, books: BooksFacts) -> TaxItemFacts | None:
    if books.tax_mode != TaxMode.QUICKBOOKS:
        return None
    if not books.sales_tax_is_on:
        if invoice.tax:
            raise Blocked("sales-tax-off", tax=f"{invoice.tax:.2f}")
        return None
    tax_item = books.tax_items.get(invoice.kind)
    if (tax_item is None or not tax_item.is_active) and (
        invoice.tax or books.tax_item_names.get(invoice.kind)
    ):
        raise Blocked("tax-item-missing", name=books.tax_item_names.get(invoice.kind, ""), kind=invoice.kind)
    return tax_item


def _check_tax(invoice: InvoiceFacts, tax_item: TaxItemFacts | None, lines: list[Line]) -> None:
    taxable = sum((line.amount for line in lines if line.taxable), Decimal())
    theirs = quickbooks_tax(taxable, tax_item.rates) if tax_item else Decimal()
    if theirs != invoice.tax:
        raise Blocked(
            "tax-differs",
            ours=f"{invoice.tax:.2f}",
            theirs=f"{theirs:.2f}",
            item=tax_item.name if tax_item else "",
            taxable=f"{taxable:.2f}",
        )


def _tax_by_quickbooks(tax_item: TaxItemFacts | None, lines: list[Line], books: BooksFacts) -> Decimal:
    if tax_item is None or books.tax_mode != TaxMode.QUICKBOOKS:
        return Decimal()
    return quickbooks_tax(sum((line.amount for line in lines if line.taxable), Decimal()), tax_item.rates)


def _lines(invoice: InvoiceFacts, item: ItemFacts, books: BooksFacts) -> list[Line]:
    taxed = books.tax_mode == TaxMode.QUICKBOOKS and bool(invoice.tax or invoice.taxes)
    lines = _LINES_OF[books.line_mode](invoice, item, taxed) or [
        Line(
            item=item, description=cut(invoice.work_title, DESCRIPTION), amount=Decimal("0.00"), taxable=False
        )
    ]
    if books.tax_mode == TaxMode.EXACT_LINE and invoice.tax:
        tax_line = books.tax_line_item
        if tax_line is None or not tax_line.is_active:
            raise Blocked("tax-line-item-missing", name=books.tax_line_item_name)
        titles = ", ".join(title for title, _, _ in invoice.taxes) or "Sales tax"
        lines.append(
            Line(item=tax_line, description=cut(titles, DESCRIPTION), amount=invoice.tax, taxable=False)
        )
    return lines


def _every_line(invoice: InvoiceFacts, item: ItemFacts, taxed: bool) -> list[Line]:
    lines = []
    hidden: dict[bool, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        taxable = line.taxable and taxed
        if not line.visible:
            hidden[taxable] += line.amount
            continue
        exact = (line.quantity * line.unit_price).quantize(CENT, ROUND_HALF_UP) == line.amount
        lines.append(
            Line(
                item=item,
                description=_text(line.description or LineKind(line.kind).label),
                amount=line.amount,
                taxable=taxable,
                quantity=line.quantity.normalize() if exact and line.quantity else None,
                rate=line.unit_price.normalize() if exact and line.quantity else None,
            )
        )
    for taxable, amount in hidden.items():
        if amount:
            lines.append(Line(item=item, description="Other work", amount=amount, taxable=taxable))
    return lines


def _by_kind(invoice: InvoiceFacts, item: ItemFacts, taxed: bool) -> list[Line]:
    sums: dict[tuple[str, bool], Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        sums[line.kind, line.taxable and taxed] += line.amount
    order = {kind: position for position, kind in enumerate(LineKind.values)}
    return [
        Line(item=item, description=str(LineKind(kind).label), amount=amount, taxable=taxable)
        for (kind, taxable), amount in sorted(
            sums.items(), key=lambda each: (order[each[0][0]], not each[0][1])
        )
    ]


def _one_line(invoice: InvoiceFacts, item: ItemFacts, taxed: bool) -> list[Line]:
    sums: dict[bool, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        sums[line.taxable and taxed] += line.amount
    return [
        Line(item=item, description=_text(invoice.work_title), amount=amount, taxable=taxable)
        for taxable, amount in sorted(sums.items(), reverse=True)
    ]


_LINES_OF = {LineMode.EVERY_LINE: _every_line, LineMode.BY_KIND: _by_kind, LineMode.ONE_LINE: _one_line}


def _text(text: str) -> str:
    from qbxml.text import to_quickbooks

    return to_quickbooks(text)[:DESCRIPTION]


def _content(
    invoice: InvoiceFacts,
    customer_list_id: str,
    books: BooksFacts,
    tax_item: TaxItemFacts | None,
    lines: list[Line],
) -> Content:
    content: Content = {
        "CustomerRef.ListID": customer_list_id,
        "TxnDate": invoice.issued_on.isoformat(),
        "RefNumber": cut(invoice.number, REF_NUMBER),
        **_address("BillAddress", invoice.bill_to.name, invoice.bill_to.address),
        **_address("ShipAddress", invoice.property_name, invoice.property_address),
        "PONumber": cut(invoice.purchase_order, PO_NUMBER),
        "TermsRef.FullName": books.terms.get(invoice.terms.lower(), ""),
        "DueDate": (invoice.due_on or invoice.issued_on).isoformat(),
        "ItemSalesTaxRef.ListID": tax_item.list_id if tax_item else "",
        "Memo": _memo(invoice),
    }
    for number, line in enumerate(lines):
        content[f"Line.{number}.ItemRef.ListID"] = line.item.list_id
        content[f"Line.{number}.Desc"] = line.description
        content[f"Line.{number}.Amount"] = f"{line.amount:.2f}"
        content[f"Line.{number}.SalesTaxCodeRef.FullName"] = _code(line, books)
    content["Lines"] = str(len(lines))
    content["Total"] = f"{invoice.total:.2f}"
    return content


def _memo(invoice: InvoiceFacts) -> str:
    po = invoice.purchase_order if len(cut(invoice.purchase_order, 99)) > PO_NUMBER else ""
    parts = [f"PO {po}" if po else "", invoice.work_title]
    return cut("; ".join(part for part in parts if part), 200)


def _code(line: Line, books: BooksFacts) -> str:
    if not books.sales_tax_is_on:
        return ""
    return (books.taxable_code if line.taxable else books.non_taxable_code) or ""


def _address(element: str, name: str, address: AddressFacts) -> Content:
    values = {
        "Addr1": name,
        "Addr2": address.street,
        "Addr3": address.street2,
        "City": address.city,
        "State": address.state,
        "PostalCode": address.postal_code,
        "Country": address.country,
    }
    return {f"{element}.{tag}": cut(value, _LIMITS[tag]) for tag, value in values.items()}


def _address_of(element: str, content: Content) -> Any:
    return messages.Address(
        **{name: content[f"{element}.{tag}"] for tag, name in _FIELDS.items() if content[f"{element}.{tag}"]}
    )


def _ref(content: Content, element: str) -> Any:
    return messages.Ref(list_id=content[element]) if content[element] else None


def _named(name: str) -> Any:
    return messages.Ref(full_name=name) if name else None


def _header(content: Content, invoice_dates: tuple[Any, Any]) -> dict[str, Any]:
    txn_date, due_date = invoice_dates
    return {
        "customer_ref": _ref(content, "CustomerRef.ListID"),
        "txn_date": txn_date,
        "ref_number": content["RefNumber"],
        "bill_address": _address_of("BillAddress", content),
        "ship_address": _address_of("ShipAddress", content),
        "po_number": content["PONumber"] or None,
        "terms_ref": _named(content["TermsRef.FullName"]),
        "due_date": due_date,
        "item_sales_tax_ref": _ref(content, "ItemSalesTaxRef.ListID"),
        "memo": content["Memo"] or None,
    }


def _dates(content: Content) -> tuple[Any, Any]:
    import datetime as dt

    return dt.date.fromisoformat(content["TxnDate"]), dt.date.fromisoformat(content["DueDate"])


def _line_fields(line: Line, books: BooksFacts) -> dict[str, Any]:
    return {
        "item_ref": messages.Ref(list_id=line.item.list_id),
        "desc": line.description or None,
        "quantity": line.quantity,
        "rate": line.rate,
        "amount": None if line.rate is not None else line.amount,
        "sales_tax_code_ref": _named(_code(line, books)),
    }


def _add(content: Content, lines: list[Line], books: BooksFacts, mark: str) -> Any:
    customer_code = _named(books.taxable_code or "") if any(line.taxable for line in lines) else None
    return messages.InvoiceAddRq(
        invoice_add=messages.InvoiceAdd(
            **_header(content, _dates(content)),
            is_to_be_printed=False,
            is_to_be_emailed=False,
            customer_sales_tax_code_ref=customer_code if books.sales_tax_is_on else None,
            external_guid=mark,
            invoice_line_add=tuple(messages.InvoiceLineAdd(**_line_fields(line, books)) for line in lines),
        )
    )


def _mod(content: Content, lines: list[Line], books: BooksFacts, existing: Existing) -> Any:
    changed = {element for element, value in content.items() if existing.agreed.get(element, "") != value}
    if not changed:
        return None
    header = _header(content, _dates(content))
    sent = {
        "customer_ref": "CustomerRef",
        "txn_date": "TxnDate",
        "ref_number": "RefNumber",
        "bill_address": "BillAddress",
        "ship_address": "ShipAddress",
        "po_number": "PONumber",
        "terms_ref": "TermsRef",
        "due_date": "DueDate",
        "item_sales_tax_ref": "ItemSalesTaxRef",
        "memo": "Memo",
    }
    fields = {
        name: header[name] if header[name] is not None else CLEAR
        for name, element in sent.items()
        if any(each == element or each.startswith(f"{element}.") for each in changed)
    }
    mods: tuple[Any, ...] = ()
    if any(each.startswith("Line") for each in changed):
        ids = [*existing.line_ids[: len(lines)], *["-1"] * (len(lines) - len(existing.line_ids))]
        mods = tuple(
            messages.InvoiceLineMod(txn_line_id=line_id, **_line_fields(line, books))
            for line_id, line in zip(ids, lines, strict=True)
        )
    return messages.InvoiceModRq(
        invoice_mod=messages.InvoiceMod(
            txn_id=existing.quickbooks_id,
            edit_sequence=existing.edit_sequence,
            **fields,
            invoice_line_mod=mods,
        )
    )


def there(ret: Any) -> Content:
    """What the invoice holds, in the elements we write."""
    content: Content = {
        "CustomerRef.ListID": ret.customer_ref.list_id or "",
        "TxnDate": ret.txn_date.isoformat(),
        "RefNumber": ret.ref_number or "",
        "PONumber": ret.po_number or "",
        "TermsRef.FullName": (ret.terms_ref.full_name or "") if ret.terms_ref else "",
        "DueDate": ret.due_date.isoformat() if ret.due_date else "",
        "ItemSalesTaxRef.ListID": (ret.item_sales_tax_ref.list_id or "") if ret.item_sales_tax_ref else "",
        "Memo": ret.memo or "",
    }
    for element, address in (("BillAddress", ret.bill_address), ("ShipAddress", ret.ship_address)):
        for tag, name in _FIELDS.items():
            content[f"{element}.{tag}"] = (getattr(address, name) if address else None) or ""
    for number, line in enumerate(ret.invoice_line_ret):
        content[f"Line.{number}.ItemRef.ListID"] = (line.item_ref.list_id or "") if line.item_ref else ""
        content[f"Line.{number}.Desc"] = line.desc or ""
        content[f"Line.{number}.Amount"] = f"{line.amount or 0:.2f}"
        content[f"Line.{number}.SalesTaxCodeRef.FullName"] = (
            (line.sales_tax_code_ref.full_name or "") if line.sales_tax_code_ref else ""
        )
    content["Lines"] = str(len(ret.invoice_line_ret))
    content["Total"] = f"{_total(ret):.2f}"
    return content


def _total(ret: Any) -> Decimal:
    return (ret.subtotal or Decimal()) + (ret.sales_tax_total or Decimal())


def settle(content: Content, ret: Any) -> Settled:
    """Compare what was sent with what QuickBooks holds now; the total above all."""
    holds = there(ret)
    return Settled(
        quickbooks_id=ret.txn_id,
        edit_sequence=ret.edit_sequence,
        name=ret.ref_number or "",
        external_guid=ret.external_guid or "",
        content=holds,
        differences=tuple(
            Difference(field=element, ours=value, theirs=holds.get(element, ""))
            for element, value in content.items()
            if holds.get(element, "") != value and not (element == "ItemSalesTaxRef.ListID" and not value)
        ),
        line_ids=tuple(line.txn_line_id for line in ret.invoice_line_ret),
        total=_total(ret),
        balance=ret.balance_remaining,
    )
