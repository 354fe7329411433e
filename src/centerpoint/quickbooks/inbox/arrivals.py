"""Which answers of QuickBooks brought a payment here, changed it, or took it back.

Nothing is stored for that: what an answer brings is written in the same transaction, with the answer's own time.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from centerpoint.billing.models import Payment
from centerpoint.contractors.history import kind_of
from centerpoint.contractors.models import Change
from centerpoint.quickbooks.models import CompanyFile, ConnectorSession, Exchange, ReceivedPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One answer that told of a payment. `changes` is what followed from it here; it may have been nothing."""

    exchange: Exchange  # with its session, without its texts
    changes: tuple[Change, ...]  # in order


def arrivals(company_file: CompanyFile, payment: Payment, *, at_most: int) -> list[Arrival]:
    """The latest first; three queries. Of answers that changed nothing here only the last is known."""
    changes: dict[dt.datetime, list[Change]] = defaultdict(list)
    sessions: dict[dt.datetime, int | None] = {}
    followed = Change.objects.filter(
        contractor=company_file.contractor_id, kind=kind_of(Payment), record=payment.pk, by=None
    )
    for change in followed.annotate(session=_session_at(company_file, "at")).order_by("-at", "-pk")[:at_most]:
        changes[change.at].append(change)
        sessions[change.at] = vars(change)["session"]
    mirrors = ReceivedPayment.objects.filter(company_file=company_file, payment=payment)
    last_told = mirrors.annotate(session=_session_at(company_file, "read_at"))
    sessions |= dict(last_told.values_list("read_at", "session"))
    answers = Exchange.objects.filter(
        session__in=set(sessions.values()) - {None},
        answered_at__in=sessions,
        writes=False,
        status=Exchange.Status.ANSWERED,
    )
    in_order = answers.select_related("session").defer("request", "answer").order_by("-answered_at", "-pk")
    return [
        Arrival(exchange=exchange, changes=tuple(reversed(changes[exchange.answered_at])))
        for exchange in in_order[:at_most]
        if exchange.answered_at is not None
    ]


def _session_at(company_file: CompanyFile, moment: str) -> Subquery:
    """The session that was open at that time of a row: a company file has one at a time, so the last that began before."""
    begun = ConnectorSession.objects.filter(company_file=company_file, opened_at__lte=OuterRef(moment))
    return Subquery(begun.order_by("-opened_at").values("pk")[:1])
