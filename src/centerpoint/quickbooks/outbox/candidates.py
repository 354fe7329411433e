"""What in the company file may be the record that a posting stands for, entered there by hand."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from centerpoint.quickbooks.models import Counterpart, Pairing, Posting, QuickBooksCustomer, RecordKind

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A job that stands for nothing of ours yet: what `bypass` wants to know of it."""

    quickbooks_id: str
    name: str  # FullName
    is_active: bool


def candidates_for(posting: Posting, *, search: str = "") -> list[Candidate]:
    """Jobs below the customer that the posting is billed to, at most MOST; `search` looks in their names.

    A company is no job: it is paired. Of invoices QuickBooks shows us only our own, so there are none to choose from.
    """
    if posting.kind in (RecordKind.COMPANY, RecordKind.INVOICE):
        return []
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
