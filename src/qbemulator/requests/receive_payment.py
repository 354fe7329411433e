"""ReceivePaymentAdd and ReceivePaymentQuery."""

from __future__ import annotations

from decimal import Decimal

from qbemulator.company_file import payments, transactions
from qbemulator.company_file.lists import Reference
from qbemulator.company_file.payments import Applied
from qbemulator.company_file.transactions import INVOICE, PAYMENT, Application, Transaction
from qbemulator.requests import transaction_queries
from qbemulator.requests.answers import Outcome, Ret
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element, fields, not_kept, reference, text, truth
from qbemulator.requests.transaction_queries import linked

NOT_KEPT = ("ExchangeRate", "CreditCardTxnInfo")


def add(context: Context, element: Element) -> Outcome:
    given = element[0]
    skip = (*NOT_KEPT, "IsAutoApply", "AppliedToTxnAdd")
    entry = payments.add(
        context.storage,
        fields(given, skip=skip),
        [_applied(part) for part in given.iterfind("AppliedToTxnAdd")],
        auto_apply=truth(given, "IsAutoApply"),
        today=context.today,
        now=context.now,
    )
    outcome = Outcome(body=ret(context, element, entry), identity=transaction_queries.identity(entry))
    ignored = not_kept(given, NOT_KEPT)
    if ignored:
        outcome.warn(530, f'The field "{ignored[0]}" is not supported by this implementation.')
    return outcome


def query(context: Context, element: Element) -> Outcome:
    return transaction_queries.answer(context, element, PAYMENT, ret)


def ret(context: Context, element: Element, entry: Transaction) -> str:
    """ReceivePaymentRet in the order of samples 02 and 41."""
    known = entry.fields
    written = context.ret("ReceivePaymentRet", element)
    transaction_queries.heading(written, context, entry)
    written.ref("ARAccountRef", context.named("Account", known.get("ARAccountRef")))
    written.text("TxnDate", entry.txn_date)
    written.text("RefNumber", entry.ref_number)
    written.amount("TotalAmount", entry.total)
    written.ref("PaymentMethodRef", context.named("PaymentMethod", known.get("PaymentMethodRef")))
    written.text("Memo", known.get("Memo"))
    written.ref("DepositToAccountRef", context.named("Account", known.get("DepositToAccountRef")))
    written.amount("UnusedPayment", entry.open_amount)
    written.amount("UnusedCredits", 0)
    written.text("ExternalGUID", entry.external_guid, since=90)
    written.raw("AppliedToTxnRet", _applied_to(context, element, entry))
    return written.close()


def _applied(part: Element) -> Applied:
    amount = text(part, "PaymentAmount")
    return Applied(
        txn_id=text(part, "TxnID") or "",
        amount=None if amount is None else Decimal(amount),
        discount=Decimal(text(part, "DiscountAmount") or "0"),
        discount_account=_reference(part, "DiscountAccountRef"),
        discount_class=_reference(part, "DiscountClassRef"),
        credits=tuple(
            (text(credit, "CreditTxnID") or "", Decimal(text(credit, "AppliedAmount") or "0"))
            for credit in part.iterfind("SetCredit")
        ),
    )


def _reference(part: Element, tag: str) -> Reference | None:
    found = part.find(tag)
    return None if found is None else reference(found)


def _applied_to(context: Context, element: Element, entry: Transaction) -> str:
    """What this payment paid; an answer to a query has it only with IncludeLineItems."""
    if element.tag == "ReceivePaymentQueryRq" and not truth(element, "IncludeLineItems"):
        return ""
    applications = transactions.applications_of(context.storage, entry.txn_id)
    return "".join(_applied_to_one(context, application) for application in applications)


def _applied_to_one(context: Context, application: Application) -> str:
    invoice = transactions.existing(context.storage, INVOICE, application.invoice_id)
    written = Ret("AppliedToTxnRet", context.version)
    written.text("TxnID", invoice.txn_id)
    written.text("TxnType", INVOICE)
    written.text("TxnDate", invoice.txn_date)
    written.text("RefNumber", invoice.ref_number)
    written.amount("BalanceRemaining", invoice.open_amount)
    written.amount("Amount", application.amount)
    if application.discount:
        written.amount("DiscountAmount", application.discount)
        written.ref("DiscountAccountRef", context.named("Account", application.discount_account))
        written.ref("DiscountClassRef", context.named("Class", application.discount_class), since=110)
    if context.version >= 100:
        written.raw("LinkedTxn", _other_links(context, application))
    return written.close()


def _other_links(context: Context, application: Application) -> str:
    """What else paid the same invoice (sample 41)."""
    others = transactions.applications_on(context.storage, application.invoice_id)
    return "".join(
        linked(context, other.source_id, -(other.amount + other.discount))
        for other in others
        if other.source_id != application.source_id
    )
