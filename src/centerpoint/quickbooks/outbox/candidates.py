"""What in the company file may be the record that a posting stands for, entered there by hand."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from centerpoint.quickbooks.models import Counterpart, Pairing, Posting, QuickBooksCustomer, RecordKind

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A job or an invoice that stands for nothing of ours yet: what `bypass` wants to know of it."""

    quickbooks_id: str
    name: str  # FullName of a job, RefNumber of an invoice
    is_active: bool
    detail: str = ""  # of an invoice: customer, date, total


def candidates_for(posting: Posting, *, search: str = "") -> list[Candidate]:
    """Jobs below the customer that the posting is billed to, at most MOST; `search` looks in their names.

    A company is no job: it is paired. Of invoices QuickBooks shows us only our own, and those of the same number that
    were found when an answer was lost (sync/outcomes.py).
    """
    if posting.kind == RecordKind.COMPANY:
        return []
    if posting.kind == RecordKind.INVOICE:
        return _found_by_number(posting)
    pairing = (
        Pairing.objects.filter(company_file=posting.company_file_id, company=posting.bill_to_id)
        .select_related("customer")
        .first()
    )
    if pairing is None:
        return []
    taken = Counterpart.objects.filter(
        company_file=posting.company_file_id, quickbooks_id=OuterRef("list_id")
    ).exclude(kind=RecordKind.INVOICE)
    below = Q(full_name__startswith=f"{pairing.customer.full_name}:")
    jobs = QuickBooksCustomer.objects.filter(
        below, ~Exists(taken), company_file=posting.company_file_id, sublevel__gt=0, is_deleted=False
    )
    for word in search.split():
        jobs = jobs.filter(full_name__icontains=word)
    return [
        Candidate(quickbooks_id=job.list_id, name=job.full_name, is_active=job.is_active)
        for job in jobs.order_by("-is_active", "full_name")[:MOST]
    ]


def _found_by_number(posting: Posting) -> list[Candidate]:
    found = {each["id"]: each for each in posting.refusal_facts.get("found", [])}
    taken = Counterpart.objects.filter(
        company_file=posting.company_file_id, kind=RecordKind.INVOICE, quickbooks_id__in=found
    ).values_list("quickbooks_id", flat=True)
    return [
        Candidate(quickbooks_id=quickbooks_id, name=each["name"], is_active=True, detail=each["detail"])
        for quickbooks_id, each in found.items()
        if quickbooks_id not in set(taken)
    ]
