"""Fields that both sides changed: kept until somebody chooses."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef

from centerpoint.companies.models import Company
from centerpoint.companies.operations import change_company
from centerpoint.contractors import history
from centerpoint.contractors.refusals import Refusal
from centerpoint.contractors.revisions import revise
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.mapping import customers
from centerpoint.quickbooks.models import CompanyFile, Conflict, Pairing, Posting
from centerpoint.quickbooks.pairing.agreement import as_changes
from centerpoint.quickbooks.posting_states import State

CONFLICT_OPEN = "conflict-open"  # a word of cures.py: what a company's posting is refused with until then

# For one company: field -> (ours, theirs, what both last agreed on).
Found = Mapping[str, tuple[str, str, str]]
Choice = Conflict.Choice


class ConflictIsSettled(Refusal):
    def __init__(self, conflict: Conflict) -> None:
        super().__init__(f"This was settled already: {conflict.get_choice_display()} was kept.")


def record(
    found: Mapping[int, tuple[Pairing, Found]], *, taken: Mapping[int, set[str]], now: dt.datetime
) -> None:
    """Keep what was found at these companies (by id); what is no conflict any more settles itself.

    `taken`: the fields whose value was taken over from QuickBooks just now.
    """
    standing = {
        (conflict.company_id, conflict.field): conflict
        for conflict in Conflict.objects.filter(
            company_file__in={pairing.company_file_id for pairing, _ in found.values()},
            company__in=found,
            choice=Choice.OPEN,
        )
    }
    new, changed = [], []
    for company_id, (pairing, fields) in found.items():
        for field, (ours, theirs, agreed) in fields.items():
            conflict = standing.pop((company_id, field), None)
            if conflict is None:
                new.append(
                    Conflict(
                        company_file_id=pairing.company_file_id,
                        company_id=company_id,
                        field=field,
                        ours=ours,
                        theirs=theirs,
                        agreed=agreed,
                        found_at=now,
                    )
                )
            elif (conflict.ours, conflict.theirs) != (ours, theirs):
                conflict.ours, conflict.theirs = ours, theirs
                changed.append(conflict)
    for conflict in standing.values():
        fields_taken = taken.get(conflict.company_id, set())
        conflict.choice = Choice.THEIRS if conflict.field in fields_taken else Choice.OURS
        conflict.settled_at = now
    Conflict.objects.bulk_create(new)
    Conflict.objects.bulk_update(changed, ["ours", "theirs"])
    Conflict.objects.bulk_update(standing.values(), ["choice", "settled_at"])
    if settled := {conflict.company_id for conflict in standing.values()}:
        _let_go(next(pairing.company_file for pairing, _ in found.values()), settled, now=now)


@transaction.atomic
def settle(*, conflict: Conflict, choice: Conflict.Choice, now: dt.datetime) -> None:
    """Keep one side's value. Either way the company has a new revision, which carries the decision to QuickBooks."""
    conflict.refresh_from_db(from_queryset=Conflict.objects.select_for_update())
    if conflict.choice != Choice.OPEN:
        raise ConflictIsSettled(conflict)
    if choice not in (Choice.OURS, Choice.THEIRS):
        raise ValueError(f"{choice!r} settles nothing")
    pairing = (
        Pairing.objects.select_related("customer", "company")
        .filter(company_file=conflict.company_file_id, company=conflict.company_id)
        .first()
    )
    if pairing is not None:
        theirs = customers.shared_fields_there(pairing.customer).get(conflict.field, "")
        pairing.agreed = {**pairing.agreed, conflict.field: theirs}
        pairing.save(update_fields=["agreed"])
        if choice == Choice.THEIRS:
            change_company(company=pairing.company, now=now, **as_changes({conflict.field: theirs}))
        else:
            # Nothing of it changed here, and yet QuickBooks must be told.
            revise(pairing.company, now=now, beside=True)
    conflict.choice = choice
    conflict.settled_at = now
    conflict.save(update_fields=["choice", "settled_at"])
    _tell(conflict, now=now)
    _let_go(conflict.company_file, {conflict.company_id}, now=now)


@transaction.atomic
def settle_all(
    *,
    company_file: CompanyFile,
    choice: Conflict.Choice,
    now: dt.datetime,
    company: Company | None = None,
) -> int:
    """Keep the same side's value everywhere (of one company, when named), as on the day of the first pairing; how many
    were settled."""
    found = Conflict.objects.filter(company_file=company_file, choice=Choice.OPEN)
    if company is not None:
        found = found.filter(company=company)
    standing = list(found.order_by("company", "pk"))
    for conflict in standing:
        settle(conflict=conflict, choice=choice, now=now)
    return len(standing)


def _tell(conflict: Conflict, *, now: dt.datetime) -> None:
    kept, given_up = conflict.ours, conflict.theirs
    if conflict.choice == Choice.THEIRS:
        kept, given_up = given_up, kept
    history.record(
        conflict,
        f"Kept {conflict.get_choice_display()}",
        now=now,
        contractor_id=conflict.company_file.contractor_id,
        differences={"given up, kept": (given_up, kept)},
    )


def _let_go(company_file: CompanyFile, companies: Collection[int], *, now: dt.datetime) -> None:
    """What was stopped for a conflict goes on once its company has none left."""
    left = Conflict.objects.filter(company_file=company_file, company=OuterRef("company"), choice=Choice.OPEN)
    stopped = Posting.objects.filter(
        ~Exists(left),
        company_file=company_file,
        company__in=companies,
        state=State.REFUSED,
        refusal=CONFLICT_OPEN,
    )
    ids = list(stopped.values_list("pk", flat=True))
    outbox.move(ids, State.REFUSED, State.WAITING, now=now, refusal="", refusal_text="", refusal_facts={})
    if ids:
        outbox.reconsider(company_file, now=now, company_ids=companies)


def drop(*, company_file_id: int, company_ids: Collection[int]) -> None:
    """The pairings they were about are undone."""
    Conflict.objects.filter(
        company_file=company_file_id, company__in=company_ids, choice=Choice.OPEN
    ).delete()
