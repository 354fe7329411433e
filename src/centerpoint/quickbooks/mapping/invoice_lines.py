"""PURE: the lines of an invoice as QuickBooks gets them. Whatever the mode, they add up to what ours add up to."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from centerpoint.billing.models import LineKind
from centerpoint.quickbooks.mapping.facts import Blocked, BooksFacts, InvoiceFacts, ItemFacts, LineFacts
from centerpoint.quickbooks.mapping.names import cut
from centerpoint.quickbooks.mapping.taxes import CENT
from centerpoint.quickbooks.models import LineMode, TaxMode
from qbxml.text import to_quickbooks

DESCRIPTION = 4095
HIDDEN_LINES = "Other work"
ZERO = Decimal("0.00")

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of QuickBooks' invoice. Quantity and rate only where their product is the amount."""

    item: ItemFacts
    description: str
    amount: Decimal
    taxable: bool = False
    quantity: Decimal | None = None
    rate: Decimal | None = None


def lines(invoice: InvoiceFacts, *, item: ItemFacts, books: BooksFacts, taxed: bool) -> list[Line]:
    """The lines in the bookkeeper's line mode, then our exact tax where that goes as lines.

    `taxed`: QuickBooks computes tax on the taxable ones. A line is taxable or not as a whole: ours of both sorts are
    never in one line. QuickBooks takes no invoice without a line.
    """
    of_work = _MODES[LineMode(books.line_mode)](invoice, item, taxed)
    empty = Line(item=item, description=_work(invoice), amount=ZERO)
    return [*(of_work or [empty]), *_exact_tax(invoice, books)]


def taxable(of: Sequence[Line]) -> Decimal:
    """What QuickBooks computes tax on."""
    return sum((line.amount for line in of if line.taxable), ZERO)


def _every_line(invoice: InvoiceFacts, item: ItemFacts, taxed: bool) -> list[Line]:
    shown = [_shown(line, item, taxed) for line in invoice.lines if line.visible]
    hidden = _sums([line for line in invoice.lines if not line.visible], lambda line: line.taxable and taxed)
    description = HIDDEN_LINES if shown else _work(invoice)
    return shown + [
        Line(item=item, description=description, amount=amount, taxable=is_taxed)
        for is_taxed, amount in sorted(hidden.items(), reverse=True)
        if amount
    ]


def _by_kind(invoice: InvoiceFacts, item: ItemFacts, taxed: bool) -> list[Line]:
    sums = _sums(invoice.lines, lambda line: (LineKind(line.kind), line.taxable and taxed))
    return [
        Line(item=item, description=str(kind.label), amount=sums[kind, is_taxed], taxable=is_taxed)
        for kind in LineKind
        for is_taxed in (True, False)
        if (kind, is_taxed) in sums
    ]


def _one_line(invoice: InvoiceFacts, item: ItemFacts, taxed: bool) -> list[Line]:
    """One line; two where a part of the invoice is taxed and a part is not."""
    sums = _sums(invoice.lines, lambda line: line.taxable and taxed)
    return [
        Line(item=item, description=_work(invoice), amount=amount, taxable=is_taxed)
        for is_taxed, amount in sorted(sums.items(), reverse=True)
    ]


_MODES: dict[LineMode, Callable[[InvoiceFacts, ItemFacts, bool], list[Line]]] = {
    LineMode.EVERY_LINE: _every_line,
    LineMode.BY_KIND: _by_kind,
    LineMode.ONE_LINE: _one_line,
}


def _shown(line: LineFacts, item: ItemFacts, taxed: bool) -> Line:
    multiplies = _multiplies(line)
    return Line(
        item=item,
        description=_text(line.description) or str(LineKind(line.kind).label),
        amount=line.amount,
        taxable=line.taxable and taxed,
        quantity=line.quantity if multiplies else None,
        rate=line.unit_price if multiplies else None,
    )


def _multiplies(line: LineFacts) -> bool:
    """Whether QuickBooks, too, gets the amount from quantity and rate.

    It rounds half a cent up (protocol.md E.3); which way that is below zero nobody recorded, so there only a product
    in whole cents counts.
    """
    product = line.quantity * line.unit_price
    rounded = product.quantize(CENT, ROUND_HALF_UP)
    return bool(line.quantity) and rounded == line.amount and (product >= 0 or product == rounded)


def _exact_tax(invoice: InvoiceFacts, books: BooksFacts) -> list[Line]:
    if books.tax_mode != TaxMode.EXACT_LINE or not invoice.tax:
        return []
    item = books.tax_line_item
    if item is None or not item.is_active:
        raise Blocked("tax-line-item-missing", name=books.tax_line_item_name)
    taxes = [(f"{title} {percent.normalize():f} %", amount) for title, percent, amount in invoice.taxes]
    if sum((amount for _, amount in taxes), ZERO) != invoice.tax:
        taxes = [("Sales tax", invoice.tax)]
    return [
        Line(item=item, description=cut(title, DESCRIPTION), amount=amount)
        for title, amount in taxes
        if amount
    ]


def _sums(of: Sequence[LineFacts], key: Callable[[LineFacts], Key]) -> dict[Key, Decimal]:
    sums: dict[Key, Decimal] = defaultdict(lambda: ZERO)
    for line in of:
        sums[key(line)] += line.amount
    return sums


def _work(invoice: InvoiceFacts) -> str:
    return _text(invoice.work_title)


def _text(text: str) -> str:
    """Several lines stay several lines: QuickBooks keeps line feeds in descriptions."""
    return to_quickbooks(text)[:DESCRIPTION].rstrip()
