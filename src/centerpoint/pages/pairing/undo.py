"""The latest decisions of one bookkeeper about pairs, kept in his session so that each can be taken back in turn."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from centerpoint.companies.models import Company
from centerpoint.contractors.refusals import Refusal
from centerpoint.pages.access import OfficeRequest
from centerpoint.quickbooks.models import CompanyFile, QuickBooksCustomer
from centerpoint.quickbooks.pairing import operations

KEPT = 20
_SESSION = "pairing_decisions"

# Companies, each with its customer where the decision was about one.
Pairs = Sequence[tuple[int, int | None]]


def remember(request: OfficeRequest, did: str, pairs: Pairs, said: str) -> None:
    """`did` is a key of `_TAKE_BACK`; `said` tells the bookkeeper what he did."""
    decisions = [*_decisions(request), {"did": did, "pairs": [list(pair) for pair in pairs], "said": said}]
    _keep(request, decisions[-KEPT:])


def latest(request: OfficeRequest) -> str:
    """What would be taken back, in words; empty when there is nothing."""
    decisions = _decisions(request)
    return str(decisions[-1]["said"]) if decisions else ""


def take_back(
    request: OfficeRequest, company_file: CompanyFile, *, now: dt.datetime
) -> tuple[str, int] | None:
    """Take the latest decision back: what it was and the first company it was about. None when there is none.

    A decision that cannot be taken back any more is forgotten. Raises Refusal.
    """
    decisions = _decisions(request)
    if not decisions:
        return None
    decision = decisions.pop()
    _keep(request, decisions)
    _TAKE_BACK[decision["did"]](company_file, decision["pairs"], now)
    return str(decision["said"]), int(decision["pairs"][0][0])


def _unpair(company_file: CompanyFile, pairs: Pairs, now: dt.datetime) -> None:
    operations.undo_pairings(company_file=company_file, companies=[pair[0] for pair in pairs], now=now)


def _ask_again(company_file: CompanyFile, pairs: Pairs, now: dt.datetime) -> None:
    for company_id, customer_id in pairs:
        assert customer_id is not None
        operations.take_back_not_the_same(
            company_file=company_file,
            company=Company.objects.get(contractor=company_file.contractor_id, pk=company_id),
            customer=QuickBooksCustomer.objects.get(company_file=company_file, pk=customer_id),
            now=now,
        )


def _withdraw(company_file: CompanyFile, pairs: Pairs, now: dt.datetime) -> None:
    """Those that have left stay; when all have, the reason is told."""
    refusals = []
    for company_id, _ in pairs:
        company = Company.objects.get(contractor=company_file.contractor_id, pk=company_id)
        try:
            operations.withdraw_creation(company_file=company_file, company=company, now=now)
        except Refusal as refusal:
            refusals.append(refusal)
    if len(refusals) == len(pairs):
        raise refusals[0]


_TAKE_BACK: dict[str, Callable[[CompanyFile, Pairs, dt.datetime], None]] = {
    "paired": _unpair,
    "rejected": _ask_again,
    "asked_for": _withdraw,
}


def _decisions(request: OfficeRequest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = request.session.get(_SESSION, {}).get(str(request.contractor.pk), [])
    return list(found)


def _keep(request: OfficeRequest, decisions: list[dict[str, Any]]) -> None:
    request.session[_SESSION] = {
        **request.session.get(_SESSION, {}),
        str(request.contractor.pk): decisions,
    }
