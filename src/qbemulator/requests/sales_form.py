"""What the answers about invoices and credit memos have in common, and how their lines are read."""

from __future__ import annotations

from decimal import Decimal

from qbemulator.company_file import amounts, sales_forms, transactions
from qbemulator.company_file.refusals import Refused
from qbemulator.company_file.transactions import Line, Transaction
from qbemulator.requests import transaction_queries
from qbemulator.requests.answers import Outcome, Ret, address, address_block
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element, children, fields, not_kept, text, truth
from qbemulator.requests.transaction_queries import WriteTransaction, linked

# Accepted and not kept; the answer says so with 530.
NOT_KEPT = ("LinkToTxnID", "PriceLevelRef", "InventorySiteRef", "ExchangeRate", "IsFinanceCharge")
LINE_NOT_KEPT = (
    "UnitOfMeasure", "OverrideUOMSetRef", "PriceLevelRef", "OptionForPriceRuleConflict", "InventorySiteRef",
    "InventorySiteLocationRef", "SerialNumber", "LotNumber", "OverrideItemAccountRef", "LinkToTxn", "DataExt",
)  # fmt: skip


def add(context: Context, element: Element, kind: str, write: WriteTransaction) -> Outcome:
    form = element[0]
    _refuse_groups(form, kind)
    given = fields(form, skip=(*NOT_KEPT, "SetCredit", f"{kind}LineAdd"))
    lines = [fields(line, skip=LINE_NOT_KEPT) for line in form.iterfind(f"{kind}LineAdd")]
    entry = sales_forms.add(context.storage, kind, given, lines, today=context.today, now=context.now)
    return _saved(context, element, entry, write)


def modify(context: Context, element: Element, kind: str, write: WriteTransaction) -> Outcome:
    form = element[0]
    _refuse_groups(form, kind)
    skip = (*NOT_KEPT, "SetCredit", "TxnID", "EditSequence", f"{kind}LineMod")
    changes = fields(form, skip=skip, clearing=True)
    lines = [fields(line, skip=LINE_NOT_KEPT, clearing=True) for line in form.iterfind(f"{kind}LineMod")]
    txn_id, edit_sequence = text(form, "TxnID") or "", text(form, "EditSequence") or ""
    try:
        entry = sales_forms.modify(
            context.storage, kind, txn_id, edit_sequence, changes, lines or None, now=context.now
        )
    except Refused as refusal:
        return _refused(context, element, kind, write, refusal)
    return _saved(context, element, entry, write)


def heading(written: Ret, context: Context, entry: Transaction) -> None:
    """From TxnID to ShipMethodRef, as far as both forms agree."""
    known = entry.fields
    transaction_queries.heading(written, context, entry)
    written.ref("ClassRef", context.named("Class", known.get("ClassRef")))
    written.ref("ARAccountRef", context.named("Account", known.get("ARAccountRef")))
    written.ref("TemplateRef", context.named("Template", known.get("TemplateRef")), since=30)
    written.text("TxnDate", entry.txn_date)
    written.text("RefNumber", entry.ref_number)
    for tag in ("BillAddress", "ShipAddress"):
        written.group(tag, address(known.get(tag), written.version))
        written.group(f"{tag}Block", address_block(known.get(tag)), since=60)
    written.flag("IsPending", entry.is_pending)
    if entry.kind == transactions.INVOICE:
        written.flag("IsFinanceCharge", False)
    written.text("PONumber", known.get("PONumber"))
    written.ref("TermsRef", context.named("Terms", known.get("TermsRef")))
    written.text("DueDate", known.get("DueDate"))
    written.ref("SalesRepRef", context.named("SalesRep", known.get("SalesRepRef")))
    written.text("FOB", known.get("FOB"))
    written.text("ShipDate", known.get("ShipDate"))
    written.ref("ShipMethodRef", context.named("ShipMethod", known.get("ShipMethodRef")))
    written.amount("Subtotal", entry.subtotal)
    written.ref("ItemSalesTaxRef", context.named("Item", known.get("ItemSalesTaxRef")))
    written.text("SalesTaxPercentage", amounts.price_text(sales_forms.tax_percent(context.storage, entry)))
    written.amount("SalesTaxTotal", entry.tax)


def footing(written: Ret, context: Context, entry: Transaction) -> None:
    """From CustomerMsgRef to CustomerSalesTaxCodeRef."""
    known = entry.fields
    written.ref("CustomerMsgRef", context.named("CustomerMsg", known.get("CustomerMsgRef")))
    written.flag("IsToBePrinted", known.get("IsToBePrinted"))
    written.flag("IsToBeEmailed", known.get("IsToBeEmailed"), since=60)
    code = context.named("SalesTaxCode", known.get("CustomerSalesTaxCodeRef"))
    written.ref("CustomerSalesTaxCodeRef", code)


def lines(context: Context, element: Element, entry: Transaction) -> str:
    """All lines; an answer to a query has them only with IncludeLineItems."""
    if element.tag == f"{entry.kind}QueryRq" and not truth(element, "IncludeLineItems"):
        return ""
    tag = f"{entry.kind}LineRet"
    return "".join(_line(context, tag, line) for line in transactions.lines_of(context.storage, entry.txn_id))


def links(context: Context, element: Element, entry: Transaction) -> str:
    """Only in queries, and only with IncludeLinkedTxns. Money that came is negative."""
    if not truth(element, "IncludeLinkedTxns"):
        return ""
    if entry.kind == transactions.INVOICE:
        paid = transactions.applications_on(context.storage, entry.txn_id)
        return "".join(linked(context, each.source_id, -(each.amount + each.discount)) for each in paid)
    used = transactions.applications_of(context.storage, entry.txn_id)
    return "".join(linked(context, each.invoice_id, each.amount) for each in used)


def _line(context: Context, tag: str, line: Line) -> str:
    known = line.fields
    written = Ret(tag, context.version)
    written.text("TxnLineID", line.line_id)
    written.ref("ItemRef", context.named("Item", line.item_id))
    for name in ("Desc", "Quantity", "Rate", "RatePercent"):
        written.text(name, known.get(name))
    written.ref("ClassRef", context.named("Class", known.get("ClassRef")))
    written.amount("Amount", known.get("Amount"))
    written.text("ServiceDate", known.get("ServiceDate"))
    written.ref("SalesTaxCodeRef", context.named("SalesTaxCode", known.get("SalesTaxCodeRef")))
    for name in ("Other1", "Other2"):
        written.text(name, known.get(name), since=60)
    return written.close()


def _saved(context: Context, element: Element, entry: Transaction, write: WriteTransaction) -> Outcome:
    form = element[0]
    credits = [_credit(credit) for credit in form.iterfind("SetCredit")]
    sales_forms.use_credits(context.storage, entry, credits, now=context.now)
    current = transactions.existing(context.storage, entry.kind, entry.txn_id)
    outcome = Outcome(body=write(context, element, current), identity=transaction_queries.identity(current))
    ignored = not_kept(form, NOT_KEPT)
    for line in children(form, f"{entry.kind}LineAdd", f"{entry.kind}LineMod"):
        ignored += not_kept(line, LINE_NOT_KEPT)
    if ignored:
        outcome.warn(530, f'The field "{ignored[0]}" is not supported by this implementation.')
    return outcome


def _credit(credit: Element) -> tuple[str, Decimal]:
    return text(credit, "CreditTxnID") or "", Decimal(text(credit, "AppliedAmount") or "0")


def _refused(
    context: Context, element: Element, kind: str, write: WriteTransaction, refusal: Refused
) -> Outcome:
    """A stale edit sequence is answered with the current record, as recorded for customers (sample 27)."""
    if refusal.current is None:
        raise refusal
    current = transactions.existing(context.storage, kind, refusal.current)
    body = write(context, element, current)
    return Outcome(body=body, code=refusal.code, severity="Error", message=refusal.message)


def _refuse_groups(form: Element, kind: str) -> None:
    for group in children(form, f"{kind}LineGroupAdd", f"{kind}LineGroupMod"):
        raise Refused(1030, f"This request is not supported by this implementation: {group.tag}.")
