"""What a complete reading of the customers means here: changes taken in, suggestions refreshed, new companies made."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from centerpoint.companies.operations import change_company, create_companies
from centerpoint.quickbooks.models import (
    CompanyFile,
    Conflict,
    Options,
    Pairing,
    QuickBooksCustomer,
    Suggestion,
)
from centerpoint.quickbooks.pairing import conflicts
from centerpoint.quickbooks.pairing.agreement import as_changes, compare, new_company
from centerpoint.quickbooks.pairing.companies import company_facts, unpaired_customers
from centerpoint.quickbooks.pairing.operations import pair_all, refresh_changed


def customers_complete(company_file: CompanyFile, *, now: dt.datetime) -> None:
    """All customers were read: make something of the news about them. Runs inside the caller's transaction."""
    options = Options.objects.get(company_file=company_file)
    _take_changes(company_file, takes_changes=options.company_changes_in, now=now)
    refresh_changed(company_file=company_file, now=now)
    if options.new_companies_in:
        _bring_in(company_file, now=now)
    QuickBooksCustomer.objects.filter(company_file=company_file, is_news=True).update(is_news=False)


def _take_changes(company_file: CompanyFile, *, takes_changes: bool, now: dt.datetime) -> None:
    """Field by field: changed there only, it is taken over; changed on both sides, it is a conflict."""
    in_conflict = Conflict.objects.filter(
        company_file=company_file, company=OuterRef("company"), choice=Conflict.Choice.OPEN
    )
    pairings = list(
        Pairing.objects.filter(Q(customer__is_news=True) | Exists(in_conflict), company_file=company_file)
        .select_related("company", "customer")
        .order_by("pk")
    )
    facts = company_facts(pairing.company for pairing in pairings)
    found, taken, agreeing = {}, {}, []
    for pairing in pairings:
        agreement = compare(
            pairing.customer,
            agreed=pairing.agreed,
            ours=facts[pairing.company_id],
            takes_changes=takes_changes,
        )
        if agreement.take:
            change_company(company=pairing.company, now=now, **as_changes(agreement.take))
        found[pairing.company_id] = (pairing, agreement.conflicts)
        taken[pairing.company_id] = set(agreement.take)
        if agreement.agreed != pairing.agreed:
            pairing.agreed = agreement.agreed
            agreeing.append(pairing)
    Pairing.objects.bulk_update(agreeing, ["agreed"], batch_size=500)
    conflicts.record(found, taken=taken, now=now)


def _bring_in(company_file: CompanyFile, *, now: dt.datetime) -> None:
    """Active customers there who are nobody here, and may be nobody here, become companies."""
    suggested = Suggestion.objects.filter(
        company_file=company_file, customer=OuterRef("pk"), not_the_same=False
    )
    new = list(
        unpaired_customers(company_file)
        .filter(~Exists(suggested), is_news=True, is_active=True)
        .order_by("full_name", "pk")
    )
    if not new:
        return
    companies = create_companies(
        contractor=company_file.contractor,
        companies=[new_company(customer) for customer in new],
        now=now,
    )
    pair_all(
        company_file=company_file,
        pairs=list(zip(companies, new, strict=True)),
        how=Pairing.How.BROUGHT_IN,
        now=now,
    )
