"""What there is to tell about a company file, as a mail shows it. Each piece has a key that says whether it was told."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from centerpoint.contractors.refusals import dollars
from centerpoint.quickbooks import cures
from centerpoint.quickbooks.models import RECORD_FIELDS, CompanyFile, NoticeKind, Posting, RecordKind
from centerpoint.quickbooks.pairing.queries import unpaired_bill_tos
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.queries import OWED


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing to tell: `title` names it, `sentence` says what is the matter, `how` what to do."""

    key: str
    title: str
    sentence: str
    how: str = ""


def news(company_file: CompanyFile, *, now: dt.datetime) -> dict[NoticeKind, list[Piece]]:
    """All that is so at present, the most urgent first, by kind."""
    return {
        NoticeKind.SILENT: silence(company_file, now=now),
        NoticeKind.UNPAIRED: unpaired(company_file),
        NoticeKind.REFUSED: refusals(company_file),
    }


def silence(company_file: CompanyFile, *, now: dt.datetime) -> list[Piece]:
    """One piece when an active company file was not heard from for longer than its option allows."""
    heard = company_file.last_heard_at
    since = heard or company_file.activated_at
    if now - since <= dt.timedelta(hours=company_file.options.silent_after_hours):
        return []
    moment = spoken(since, now=now, zone=ZoneInfo(company_file.contractor.time_zone))
    began = (
        f"QuickBooks has been silent since {moment}"
        if heard
        else f"QuickBooks has not been heard from since the integration was activated, {moment}"
    )
    return [
        Piece(
            key=since.isoformat(),
            title="QuickBooks is silent",
            sentence=f"{began}; {_waiting(company_file)}.",
        )
    ]


def unpaired(company_file: CompanyFile) -> list[Piece]:
    """Companies something is owed for, the largest sum first; none before QuickBooks' customers are known."""
    if not company_file.read_marks.filter(reading="customers").exists():
        return []
    return [
        Piece(
            key=str(each.company.pk),
            title=each.company.name,
            sentence=f"{_counted(each.records, 'record')} ({dollars(each.invoice_total)} invoiced) wait for it."
            if each.records != 1
            else f"1 record ({dollars(each.invoice_total)} invoiced) waits for it.",
        )
        for each in unpaired_bill_tos(company_file)
    ]


def refusals(company_file: CompanyFile) -> list[Piece]:
    """What only a person can put right, the newest first. Refused again for another reason, it is news again."""
    postings = (
        Posting.objects.filter(company_file=company_file, state__in=[State.REFUSED, State.DELETED_THERE])
        .select_related(*RECORD_FIELDS)
        .order_by("-state_since", "-pk")
    )
    return [_refusal(posting) for posting in postings]


def spoken(moment: dt.datetime, *, now: dt.datetime, zone: ZoneInfo) -> str:
    """A past moment as the office says it: Tuesday 17:10; with its date when the weekday could be another week's."""
    here = moment.astimezone(zone)
    days = (now.astimezone(zone).date() - here.date()).days
    return f"{here:%A %H:%M}" if days < 7 else f"{here:%A}, {here:%B} {here.day}, {here:%H:%M}"


def _refusal(posting: Posting) -> Piece:
    code = posting.refusal or ("gone-there" if posting.state == State.DELETED_THERE else "")
    record = next(record for field in RECORD_FIELDS if (record := getattr(posting, field)) is not None)
    title = str(record)
    facts = {"name": title, "text": posting.refusal_text, **posting.refusal_facts}
    cure = cures.cure(code, facts)
    return Piece(
        key=f"{posting.pk}:{posting.state}:{code}", title=title, sentence=cure.sentence, how=cure.how
    )


def _waiting(company_file: CompanyFile) -> str:
    """What goes as soon as QuickBooks is back: 6 invoices ($18,402.10) and 1 other record wait."""
    rows = Posting.objects.filter(company_file=company_file, state__in=[*OWED, State.WAITING]).values_list(
        "kind", "amount"
    )
    # Added up here: SQLite would add in binary fractions.
    invoices = [amount or Decimal() for kind, amount in rows if kind == RecordKind.INVOICE]
    others = len(rows) - len(invoices)
    parts = []
    if invoices:
        parts.append(f"{_counted(len(invoices), 'invoice')} ({dollars(sum(invoices, Decimal()))})")
    if others:
        parts.append(_counted(others, "other record" if invoices else "record"))
    if not parts:
        return "nothing waits to be sent, but payments entered there do not arrive"
    return f"{' and '.join(parts)} {'waits' if len(rows) == 1 else 'wait'}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
