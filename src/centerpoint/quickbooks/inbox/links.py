"""What lowered an invoice's balance, as the invoice itself tells it.

Credits may be applied without the credit's own time moving, and journal entries or checks are read nowhere else, so
the links of an invoice are the last word on them. Payments tell more of themselves (discounts), so a payment that was
read is left alone; one that was not (it is older than the connection) is known from its link until it is read.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from centerpoint.quickbooks.inbox.payments import settle
from centerpoint.quickbooks.models import CompanyFile, ReceivedPart, ReceivedPayment
from qbxml.messages import InvoiceRet, LinkedTxn

Kind = ReceivedPayment.Kind
ZERO = Decimal(0)
_KINDS = {"ReceivePayment": Kind.PAYMENT, "CreditMemo": Kind.CREDIT}
_METHODS = {"JournalEntry": "Journal entry", "ARRefundCreditCard": "Refund"}

# TxnID of what pays, TxnID of the invoice.
Link = tuple[str, str]


def take_links(company_file: CompanyFile, rets: Sequence[InvoiceRet], *, now: dt.datetime) -> None:
    """Bring the parts of these invoices up to date, and what was received here with them."""
    amounts, sources = _told(rets)
    invoice_ids = {ret.txn_id for ret in rets}
    mirrors = {
        mirror.txn_id: mirror
        for mirror in ReceivedPayment.objects.filter(
            company_file=company_file, txn_id__in={source for source, _ in amounts}
        )
    }
    new = [
        _mirror_from(company_file, ret, link, now)
        for source, (ret, link) in sources.items()
        if source not in mirrors
    ]
    mirrors |= {mirror.txn_id: mirror for mirror in ReceivedPayment.objects.bulk_create(new)}
    standing = list(
        ReceivedPart.objects.filter(
            received_payment__company_file=company_file, txn_id__in=invoice_ids
        ).select_related("received_payment")
    )
    concerned = {part.received_payment_id for part in standing} | {mirror.pk for mirror in new}
    stale, changed, missing = _compare(amounts, standing, mirrors)
    ReceivedPart.objects.filter(pk__in=[part.pk for part in stale]).delete()
    ReceivedPart.objects.bulk_update(changed, ["amount"])
    ReceivedPart.objects.bulk_create(missing)
    concerned |= {part.received_payment_id for part in missing}
    if stale or changed or missing:
        _total_what_only_links_tell(concerned)
    settle(company_file, concerned, now=now)


def _told(
    rets: Sequence[InvoiceRet],
) -> tuple[dict[Link, Decimal], dict[str, tuple[InvoiceRet, LinkedTxn]]]:
    """Amounts by link, positive where they lower the balance, and one invoice and link for each source."""
    amounts: dict[Link, Decimal] = defaultdict(lambda: ZERO)
    sources: dict[str, tuple[InvoiceRet, LinkedTxn]] = {}
    for ret in rets:
        for link in ret.linked_txn:
            # A link by quantity is the sales order or estimate the invoice was made from.
            if link.link_type != "QUANTYPE" and link.amount < 0:
                amounts[link.txn_id, ret.txn_id] -= link.amount
                sources.setdefault(link.txn_id, (ret, link))
    return dict(amounts), sources


def _mirror_from(
    company_file: CompanyFile, ret: InvoiceRet, link: LinkedTxn, now: dt.datetime
) -> ReceivedPayment:
    customer = ret.customer_ref
    return ReceivedPayment(
        company_file=company_file,
        kind=_KINDS.get(link.txn_type, Kind.OTHER),
        txn_id=link.txn_id,
        customer_list_id=(customer.list_id if customer else None) or "",
        customer_full_name=(customer.full_name if customer else None) or "",
        received_on=link.txn_date,
        reference=link.ref_number or "",
        method="" if link.txn_type in _KINDS else _METHODS.get(link.txn_type, link.txn_type),
        total=ZERO,
        read_at=now,
    )


def _speaks_for_itself(mirror: ReceivedPayment) -> bool:
    return mirror.is_deleted or (mirror.kind == Kind.PAYMENT and mirror.edit_sequence != "")


def _compare(
    amounts: dict[Link, Decimal], standing: Sequence[ReceivedPart], mirrors: dict[str, ReceivedPayment]
) -> tuple[list[ReceivedPart], list[ReceivedPart], list[ReceivedPart]]:
    """The parts to remove, those whose amount differs, and those to add."""
    stale, changed, seen = [], [], set()
    for part in standing:
        source = part.received_payment
        link = (source.txn_id, part.txn_id)
        seen.add(link)
        if _speaks_for_itself(source):
            continue
        if link not in amounts:
            stale.append(part)
        elif part.amount != amounts[link]:
            part.amount = amounts[link]
            changed.append(part)
    missing = [
        ReceivedPart(received_payment=mirrors[source], txn_id=invoice, txn_type="Invoice", amount=amount)
        for (source, invoice), amount in amounts.items()
        if (source, invoice) not in seen and not _speaks_for_itself(mirrors[source])
    ]
    return stale, changed, missing


def _total_what_only_links_tell(mirror_ids: Collection[int]) -> None:
    mirrors = ReceivedPayment.objects.filter(pk__in=mirror_ids, edit_sequence="").prefetch_related("parts")
    differing = []
    for mirror in mirrors:
        # Added up here: SQLite would add in binary fractions.
        total = sum((part.amount for part in mirror.parts.all()), ZERO)
        if mirror.total != total:
            mirror.total = total
            differing.append(mirror)
    ReceivedPayment.objects.bulk_update(differing, ["total"])
