"""The fix list: everything that waits for a person, as a sentence, who can cure it and how."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from centerpoint.quickbooks import cures
from centerpoint.quickbooks.models import RECORD_FIELDS, CompanyFile, Posting, RecordKind
from centerpoint.quickbooks.outbox.queries import matching, title
from centerpoint.quickbooks.posting_states import State

_DELETED = "gone-there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One thing to put right. `posting_id` is None when it is about the whole company file.

    `exchange_id` leads to the request and answer behind it; None when nothing was sent.
    """

    title: str
    cure: cures.Cure
    code: str
    own_words: str  # QuickBooks' own, or the Web Connector's
    since: dt.datetime | None
    posting_id: int | None = None
    kind: RecordKind | None = None
    record_id: int | None = None
    bill_to: str = ""
    amount: Decimal | None = None
    exchange_id: int | None = None
    is_deleted_there: bool = False


def trouble(company_file: CompanyFile) -> Fix | None:
    """What stops the whole company file, if anything does. Asks the database nothing."""
    if not company_file.trouble:
        return None
    facts = {"detail": company_file.trouble_detail, "text": company_file.trouble_detail}
    return Fix(
        title=str(company_file),
        cure=cures.cure(company_file.trouble, facts),
        code=company_file.trouble,
        own_words=company_file.trouble_detail,
        since=company_file.trouble_since,
    )


def to_fix(company_file: CompanyFile, *, code: str | None = None, search: str = "") -> QuerySet[Posting]:
    """Postings only a person can move on, the longest waiting first; those of one `code` if named. Slice to page."""
    states = (State.REFUSED, State.DELETED_THERE)
    found = Posting.objects.filter(company_file=company_file, state__in=states).order_by("state_since", "pk")
    return matching(
        company_file, found if code is None else found.filter(refusal=code), search, states=states
    )


def counts(company_file: CompanyFile) -> Counter[str]:
    """How many of each code are to fix; "" for what was deleted in QuickBooks. One query."""
    rows = to_fix(company_file).order_by().values_list("refusal").annotate(count=Count("*"))
    return Counter(dict(rows))


def fix_list(postings: QuerySet[Posting]) -> list[Fix]:
    """The fixes of one page of `to_fix`, in one query."""
    return [fix(posting) for posting in postings.select_related("bill_to", *RECORD_FIELDS)]


def fix(posting: Posting) -> Fix:
    """Of one posting that is to fix, fetched with its record and whom it is billed to."""
    named = title(posting)
    code = posting.refusal or (_DELETED if posting.state == State.DELETED_THERE else "")
    facts = {"name": named, "text": posting.refusal_text, **posting.refusal_facts}
    return Fix(
        title=named,
        cure=cures.cure(code, facts),
        code=code,
        own_words=posting.refusal_text,
        since=posting.state_since,
        posting_id=posting.pk,
        kind=RecordKind(posting.kind),
        record_id=getattr(posting, f"{posting.kind}_id"),
        bill_to=posting.bill_to.name,
        amount=posting.amount,
        exchange_id=posting.exchange_id,
        is_deleted_there=posting.state == State.DELETED_THERE,
    )
