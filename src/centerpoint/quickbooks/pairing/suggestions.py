"""Keep the stored suggestions true: compare again what changed, and only that."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from centerpoint.companies.models import Company
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import CompanyFile, ListEntry, QuickBooksCustomer, Suggestion
from centerpoint.quickbooks.pairing import suggest
from centerpoint.quickbooks.pairing.companies import (
    company_parties,
    customer_parties,
    unpaired_companies,
    unpaired_customers,
)
from centerpoint.quickbooks.pairing.suggest import Holder, Proposal

CLASHING_KINDS = (ListEntry.Kind.VENDOR, ListEntry.Kind.EMPLOYEE, ListEntry.Kind.OTHER_NAME)
# A change is dated before it is committed: looking back this far finds one that was still open when we last looked.
OVERLAP = dt.timedelta(minutes=2)
CHUNK = 5000  # names in one statement

# Company, customer, clashing entry: what a suggestion is about.
Key = tuple[int, int | None, int | None]


@transaction.atomic
def refresh_suggestions(
    *, company_file: CompanyFile, now: dt.datetime, companies: Iterable[int] | None = None
) -> None:
    """Compare these companies (all unpaired ones when not named) with the unpaired customers anew."""
    unpaired = unpaired_companies(company_file)
    asked = None if companies is None else set(companies)
    proposals = _propose(company_file, unpaired if asked is None else unpaired.filter(pk__in=asked))
    if asked is not None and (rivals := _rivals(company_file, asked, proposals)):
        asked |= rivals
        proposals = _propose(company_file, unpaired.filter(pk__in=asked))
    changed = _store(company_file, proposals, asked)
    if changed:
        outbox.reconsider(company_file, now=now, company_ids=changed)


def _propose(company_file: CompanyFile, unpaired: QuerySet[Company]) -> list[Proposal]:
    companies = company_parties(unpaired)
    rejected = Suggestion.objects.filter(company_file=company_file, not_the_same=True)
    return suggest.suggest(
        companies,
        customer_parties(unpaired_customers(company_file)),
        holders=_holders(company_file, {suggest.wanted_name(company.name) for company in companies}),
        rejected=set(rejected.values_list("company", "customer")),
    )


def _rivals(company_file: CompanyFile, asked: set[int], proposals: Sequence[Proposal]) -> set[int]:
    """Other companies that are, or were until now, suggested the same customers: certain means there is no other."""
    suggestions = Suggestion.objects.filter(company_file=company_file, not_the_same=False)
    before = suggestions.filter(company__in=asked, customer__isnull=False)
    customers = {proposal.customer for proposal in proposals if proposal.customer is not None}
    customers |= set(before.values_list("customer", flat=True))
    return set(suggestions.filter(customer__in=customers).values_list("company", flat=True)) - asked


@transaction.atomic
def refresh_changed(*, company_file: CompanyFile, now: dt.datetime) -> None:
    """Compare whatever changed on either side since the last look; next to nothing when nothing did."""
    since = CompanyFile.objects.values_list("suggested_to", flat=True).get(pk=company_file.pk)
    if since is None:
        refresh_suggestions(company_file=company_file, now=now)
    elif affected := _affected(company_file, since):
        refresh_suggestions(company_file=company_file, now=now, companies=affected)
    company_file.suggested_to = now - OVERLAP
    company_file.save(update_fields=["suggested_to"])


def _affected(company_file: CompanyFile, since: dt.datetime) -> set[int]:
    unpaired = unpaired_companies(company_file)
    affected = set(unpaired.filter(changed_at__gte=since).values_list("pk", flat=True))
    news = QuickBooksCustomer.objects.filter(company_file=company_file, is_news=True)
    affected |= set(
        Suggestion.objects.filter(company_file=company_file, customer__in=news).values_list(
            "company", flat=True
        )
    )
    entries = ListEntry.objects.filter(company_file=company_file, kind__in=CLASHING_KINDS, read_at__gte=since)
    names = {name.lower() for name in news.values_list("full_name", flat=True)}
    names |= {name.lower() for name in entries.values_list("full_name", flat=True)}
    if names:
        candidates = customer_parties(news & unpaired_customers(company_file))
        affected |= suggest.affected(company_parties(unpaired), candidates, names)
    return affected


def _holders(company_file: CompanyFile, wanted: Collection[str]) -> dict[str, Holder]:
    """Who bears these names (in lower case) in the name space that customers share with three other lists."""
    holders: dict[str, Holder] = {}
    names = sorted(wanted)
    for start in range(0, len(names), CHUNK):
        chunk = names[start : start + CHUNK]
        for pk, name, kind in _named(
            ListEntry.objects.filter(kind__in=CLASHING_KINDS), company_file, chunk
        ).values_list("pk", "lower", "kind"):
            holders[name] = Holder(what=ListEntry.Kind(kind).label.lower(), entry=pk)
        for pk, name, is_active, company in _named(
            QuickBooksCustomer.objects.filter(is_deleted=False), company_file, chunk
        ).values_list("pk", "lower", "is_active", "pairings__company__name"):
            what = "customer" if is_active else "inactive customer"
            holders[name] = Holder(what=f"{what} paired with {company}" if company else what, customer=pk)
    return holders


def _named(records: Any, company_file: CompanyFile, names: Collection[str]) -> Any:
    return records.annotate(lower=Lower("full_name")).filter(company_file=company_file, lower__in=names)


def _store(
    company_file: CompanyFile, proposals: Iterable[Proposal], asked: Collection[int] | None
) -> set[int]:
    """Write what differs; the companies whose suggestions changed."""
    stored = Suggestion.objects.filter(company_file=company_file, not_the_same=False)
    if asked is not None:
        stored = stored.filter(company__in=asked)
    known: dict[Key, Suggestion] = {
        (suggestion.company_id, suggestion.customer_id, suggestion.clash_id): suggestion
        for suggestion in stored
    }
    new, changed = [], []
    for proposal in proposals:
        suggestion = known.pop((proposal.company, proposal.customer, proposal.clash), None)
        told = {"verdict": proposal.verdict, "score": proposal.score, "reasons": list(proposal.reasons)}
        if suggestion is None:
            new.append(
                Suggestion(
                    company_file=company_file,
                    company_id=proposal.company,
                    customer_id=proposal.customer,
                    clash_id=proposal.clash,
                    **told,
                )
            )
        elif any(getattr(suggestion, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(suggestion, name, value)
            changed.append(suggestion)
    Suggestion.objects.filter(pk__in=[suggestion.pk for suggestion in known.values()]).delete()
    Suggestion.objects.bulk_create(new, batch_size=500)
    Suggestion.objects.bulk_update(changed, ["verdict", "score", "reasons"], batch_size=500)
    return {suggestion.company_id for suggestion in (*known.values(), *new, *changed)}
