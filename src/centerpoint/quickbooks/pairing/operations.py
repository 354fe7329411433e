"""Pair, unpair, create there: what the bookkeeper decides about companies and QuickBooks customers."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from centerpoint.companies.models import Company
from centerpoint.companies.operations import OfAnotherContractor, change_company, create_companies
from centerpoint.contractors import history
from centerpoint.contractors.models import User
from centerpoint.contractors.refusals import Refusal
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import (
    CompanyFile,
    Options,
    Pairing,
    Posting,
    QuickBooksCustomer,
    ReadMark,
    Suggestion,
)
from centerpoint.quickbooks.pairing import conflicts
from centerpoint.quickbooks.pairing.agreement import as_changes, before_pairing, compare, new_company
from centerpoint.quickbooks.pairing.companies import company_facts
from centerpoint.quickbooks.pairing.suggestions import refresh_changed, refresh_suggestions
from centerpoint.quickbooks.posting_states import IN_DOUBT, State

__all__ = [
    "accept_certain",
    "bring_in",
    "create_there",
    "not_the_same",
    "pair",
    "pair_all",
    "refresh_changed",
    "refresh_suggestions",
    "take_back_not_the_same",
    "undo_pairings",
    "unpair",
    "withdraw_creation",
]

How = Pairing.How
Record = TypeVar("Record", bound=Model)


class CompanyAlreadyPaired(Refusal):
    def __init__(self, pairing: Pairing) -> None:
        super().__init__(
            f"{pairing.company} is already paired with {pairing.customer} in QuickBooks. Unpair them first."
        )


class CustomerAlreadyPaired(Refusal):
    def __init__(self, pairing: Pairing) -> None:
        super().__init__(
            f"{pairing.customer} in QuickBooks is already paired with {pairing.company}. Unpair them first."
        )


class JobIsNoCustomer(Refusal):
    def __init__(self, customer: QuickBooksCustomer) -> None:
        super().__init__(
            f"{customer} is a job in QuickBooks. Pair the company with the customer above it; jobs stand for tickets "
            "and projects."
        )


class CustomerIsDeleted(Refusal):
    def __init__(self, customer: QuickBooksCustomer) -> None:
        super().__init__(f"{customer} was deleted in QuickBooks. Choose another customer.")


class NotPaired(Refusal):
    def __init__(self, company: Company) -> None:
        super().__init__(f"{company} is not paired with a QuickBooks customer.")


class AnswerIsAwaited(Refusal):
    """Something of the company was sent and QuickBooks has not said yet what became of it."""

    def __init__(self, company: Company, count: int) -> None:
        self.count = count
        what = "record was" if count == 1 else "records were"
        super().__init__(
            f"{count} {what} sent for {company} and QuickBooks has not answered yet. Let the Web Connector run once, "
            "then try again."
        )


class CustomersNotReadYet(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "The customers in QuickBooks have not been read yet, so nobody knows whether this one is there. Let the "
            "Web Connector run once."
        )


class LikelyMatchUnreviewed(Refusal):
    """A customer there may be this company: `suggestions` are to be paired or rejected first."""

    def __init__(self, company: Company, suggestions: Sequence[Suggestion]) -> None:
        self.suggestions = tuple(suggestions)
        names = " or ".join(str(suggestion.customer) for suggestion in suggestions)
        super().__init__(
            f"{company} may be {names} in QuickBooks. Pair them, or say that they are not the same; then it can be "
            "created."
        )


@transaction.atomic
def pair(
    *,
    company_file: CompanyFile,
    company: Company,
    customer: QuickBooksCustomer,
    now: dt.datetime,
    how: Pairing.How = How.BY_HAND,
    by: User | None = None,
) -> Pairing:
    """This company IS that customer. What waited for it goes on; values that differ become conflicts."""
    company, customer = _locked(company_file, company), _locked_customer(company_file, customer)
    _check_unpaired(company_file, company, customer)
    _check_customer(customer)
    _check_no_doubt(company_file, company, only_itself=True)
    return pair_all(company_file=company_file, pairs=[(company, customer)], how=how, by=by, now=now)[0]


def pair_all(
    *,
    company_file: CompanyFile,
    pairs: Sequence[tuple[Company, QuickBooksCustomer]],
    how: Pairing.How,
    now: dt.datetime,
    by: User | None = None,
) -> list[Pairing]:
    """Pair many that are known to be free, in a fixed number of statements but for companies that get values.

    Runs inside the caller's transaction.
    """
    takes_changes = Options.objects.get(company_file=company_file).company_changes_in
    facts = company_facts(company for company, _ in pairs)
    pairings, found, taken = [], {}, {}
    for company, customer in pairs:
        ours = facts[company.pk]
        agreement = compare(
            customer, agreed=before_pairing(customer, ours), ours=ours, takes_changes=takes_changes
        )
        if agreement.take:
            change_company(company=company, now=now, **as_changes(agreement.take))
        taken[company.pk] = set(agreement.take)
        pairing = Pairing(
            company_file=company_file,
            company=company,
            customer=customer,
            how=how,
            paired_at=now,
            paired_by=by,
            agreed=agreement.agreed,
        )
        pairings.append(pairing)
        found[company.pk] = (pairing, agreement.conflicts)
    Pairing.objects.bulk_create(pairings)
    history.record_many(pairings, "Paired", now=now, contractor_id=company_file.contractor_id)
    conflicts.record(found, taken=taken, now=now)
    _after_pairing(company_file, pairings, now=now)
    return pairings


def _after_pairing(company_file: CompanyFile, pairings: Sequence[Pairing], *, now: dt.datetime) -> None:
    """Nothing is suggested for them any more; others who were suggested the same customers are looked at anew."""
    companies = {pairing.company_id for pairing in pairings}
    suggestions = Suggestion.objects.filter(company_file=company_file)
    rivals = suggestions.filter(
        customer__in=[pairing.customer_id for pairing in pairings], not_the_same=False
    ).exclude(company__in=companies)
    others = set(rivals.values_list("company", flat=True))
    suggestions.filter(company__in=companies, not_the_same=False).delete()
    paired = {(pairing.company_id, pairing.customer_id) for pairing in pairings}
    rejected = suggestions.filter(company__in=companies).values_list("pk", "company", "customer")
    overruled = [pk for pk, company, customer in rejected if (company, customer) in paired]
    suggestions.filter(pk__in=overruled).delete()
    refresh_suggestions(company_file=company_file, now=now, companies=others)
    # Whose customer was deleted has another one now.
    found_again = Posting.objects.filter(
        company_file=company_file, company__in=companies, state=State.DELETED_THERE
    )
    outbox.move(list(found_again.values_list("pk", flat=True)), State.DELETED_THERE, State.BYPASSED, now=now)
    outbox.reconsider(company_file, now=now, company_ids=companies)


@transaction.atomic
def unpair(*, company_file: CompanyFile, company: Company, now: dt.datetime) -> None:
    """Undo a pairing. What is in QuickBooks stays there; what has not left waits for a new pairing.

    The two are not suggested to each other again; pairing them by hand stays possible.
    """
    company = _locked(company_file, company)
    pairing = Pairing.objects.filter(company_file=company_file, company=company).first()
    if pairing is None:
        raise NotPaired(company)
    _check_no_doubt(company_file, company, only_itself=False)
    customer = pairing.customer
    history.record(pairing, "Unpaired", now=now, contractor_id=company_file.contractor_id)
    pairing.delete()
    conflicts.drop(company_file_id=company_file.pk, company_ids=[company.pk])
    _reject(company_file, company, customer, reasons=["They were paired and unpaired again."])
    refresh_suggestions(company_file=company_file, now=now, companies=[company.pk])
    outbox.reconsider(company_file, now=now, company_ids=[company.pk])


@transaction.atomic
def undo_pairings(*, company_file: CompanyFile, companies: Collection[int], now: dt.datetime) -> int:
    """Unpair what was paired by a slip; how many. Unlike after `unpair` the two may be suggested to each other again.

    Values taken over from the customer stay, and so does, among several, a pairing that an answer is awaited for.
    """
    found = (
        Pairing.objects.select_for_update(of=("self",))
        .select_related("company", "customer")
        .filter(company_file=company_file, company__in=companies)
    )
    pairings = list(found)
    if len(pairings) == 1:
        _check_no_doubt(company_file, pairings[0].company, only_itself=False)
    sent = Posting.objects.filter(company_file=company_file, state__in=sorted(IN_DOUBT))
    in_doubt = set(sent.values_list("bill_to", flat=True))
    undone = [pairing for pairing in pairings if pairing.company_id not in in_doubt]
    free = [pairing.company_id for pairing in undone]
    history.record_many(undone, "Unpaired", now=now, contractor_id=company_file.contractor_id)
    Pairing.objects.filter(pk__in=[pairing.pk for pairing in undone]).delete()
    conflicts.drop(company_file_id=company_file.pk, company_ids=free)
    refresh_suggestions(company_file=company_file, now=now, companies=free)
    outbox.reconsider(company_file, now=now, company_ids=free)
    return len(undone)


@transaction.atomic
def bring_in(
    *, company_file: CompanyFile, customer: QuickBooksCustomer, now: dt.datetime, by: User | None = None
) -> Pairing:
    """Make a company of a customer that is nobody here, and pair the two."""
    customer = _locked_customer(company_file, customer)
    pairing = Pairing.objects.filter(customer=customer).select_related("company", "customer").first()
    if pairing is not None:
        raise CustomerAlreadyPaired(pairing)
    _check_customer(customer)
    companies = create_companies(
        contractor=company_file.contractor, companies=[new_company(customer)], now=now
    )
    pairs = [(companies[0], customer)]
    return pair_all(company_file=company_file, pairs=pairs, how=How.BROUGHT_IN, by=by, now=now)[0]


@transaction.atomic
def create_there(
    *, company_file: CompanyFile, company: Company, now: dt.datetime, by: User | None = None
) -> Posting:
    """Have the company created in QuickBooks, once nobody there may be it."""
    company = _locked(company_file, company)
    pairing = Pairing.objects.filter(company_file=company_file, company=company).first()
    if pairing is not None:
        raise CompanyAlreadyPaired(pairing)
    if not ReadMark.objects.filter(company_file=company_file, reading="customers").exists():
        raise CustomersNotReadYet
    refresh_suggestions(company_file=company_file, now=now, companies=[company.pk])
    unreviewed = (
        Suggestion.objects.filter(company_file=company_file, company=company, not_the_same=False)
        .exclude(verdict=Suggestion.Verdict.NAME_CLASH)
        .select_related("customer")
        .order_by("-score", "pk")
    )
    if unreviewed:
        raise LikelyMatchUnreviewed(company, list(unreviewed))
    return outbox.post_company(company_file=company_file, company=company, now=now, by=by)


@transaction.atomic
def withdraw_creation(*, company_file: CompanyFile, company: Company, now: dt.datetime) -> None:
    """Take back `create_there`. Raises outbox.NotAskedFor once the company has left."""
    outbox.withdraw_company(company_file=company_file, company=_locked(company_file, company), now=now)


@transaction.atomic
def not_the_same(
    *, company_file: CompanyFile, company: Company, customer: QuickBooksCustomer, now: dt.datetime
) -> None:
    """Somebody looked: they are two. Never suggested again."""
    company, customer = _locked(company_file, company), _locked_customer(company_file, customer)
    _reject(company_file, company, customer, reasons=None)
    # It may now be brought in as a company of its own.
    QuickBooksCustomer.objects.filter(pk=customer.pk).update(is_news=True)
    refresh_suggestions(company_file=company_file, now=now, companies=[company.pk])
    outbox.reconsider(company_file, now=now, company_ids=[company.pk])


@transaction.atomic
def take_back_not_the_same(
    *, company_file: CompanyFile, company: Company, customer: QuickBooksCustomer, now: dt.datetime
) -> None:
    """Whether they are two is open again; they are suggested to each other if they fit."""
    company = _locked(company_file, company)
    Suggestion.objects.filter(
        company_file=company_file, company=company, customer=customer, not_the_same=True
    ).delete()
    refresh_suggestions(company_file=company_file, now=now, companies=[company.pk])
    outbox.reconsider(company_file, now=now, company_ids=[company.pk])


def _reject(
    company_file: CompanyFile,
    company: Company,
    customer: QuickBooksCustomer,
    *,
    reasons: list[str] | None,
) -> None:
    suggestion, _ = Suggestion.objects.get_or_create(
        company_file=company_file,
        company=company,
        customer=customer,
        defaults={"verdict": Suggestion.Verdict.LIKELY, "score": 0},
    )
    suggestion.not_the_same = True
    if reasons is not None:
        suggestion.reasons = reasons
    suggestion.save(update_fields=["not_the_same", "reasons"])


@transaction.atomic
def accept_certain(*, company_file: CompanyFile, now: dt.datetime, by: User | None = None) -> int:
    """Pair every certain suggestion; how many. Whatever changed since they were made is looked at first."""
    refresh_changed(company_file=company_file, now=now)
    certain = (
        Suggestion.objects.filter(
            company_file=company_file, verdict=Suggestion.Verdict.CERTAIN, not_the_same=False
        )
        .select_related("company", "customer")
        .order_by("company__name", "pk")
    )
    pairs = [
        (suggestion.company, suggestion.customer) for suggestion in certain if suggestion.customer is not None
    ]
    in_doubt = _companies_in_doubt(company_file, [company.pk for company, _ in pairs])
    free = [(company, customer) for company, customer in pairs if company.pk not in in_doubt]
    pair_all(company_file=company_file, pairs=free, how=How.CERTAIN, by=by, now=now)
    return len(free)


def _locked(company_file: CompanyFile, company: Company) -> Company:
    found = Company.objects.select_for_update().filter(pk=company.pk, contractor=company_file.contractor_id)
    return _only(found, "company")


def _locked_customer(company_file: CompanyFile, customer: QuickBooksCustomer) -> QuickBooksCustomer:
    found = QuickBooksCustomer.objects.select_for_update().filter(pk=customer.pk, company_file=company_file)
    return _only(found, "QuickBooks customer")


def _only(found: Iterable[Record], what: str) -> Record:
    for record in found:
        return record
    raise OfAnotherContractor(what)


def _check_unpaired(company_file: CompanyFile, company: Company, customer: QuickBooksCustomer) -> None:
    pairings = Pairing.objects.select_related("company", "customer").filter(company_file=company_file)
    if (pairing := pairings.filter(company=company).first()) is not None:
        raise CompanyAlreadyPaired(pairing)
    if (pairing := pairings.filter(customer=customer).first()) is not None:
        raise CustomerAlreadyPaired(pairing)


def _check_customer(customer: QuickBooksCustomer) -> None:
    if customer.sublevel > 0:
        raise JobIsNoCustomer(customer)
    if customer.is_deleted:
        raise CustomerIsDeleted(customer)


def _check_no_doubt(company_file: CompanyFile, company: Company, *, only_itself: bool) -> None:
    sent = Posting.objects.filter(company_file=company_file, state__in=sorted(IN_DOUBT))
    count = sent.filter(**{"company" if only_itself else "bill_to": company}).count()
    if count:
        raise AnswerIsAwaited(company, count)


def _companies_in_doubt(company_file: CompanyFile, companies: Collection[int]) -> set[int]:
    sent = Posting.objects.filter(company_file=company_file, state__in=sorted(IN_DOUBT))
    return {
        pk for pk in sent.filter(company__in=companies).values_list("company", flat=True) if pk is not None
    }
