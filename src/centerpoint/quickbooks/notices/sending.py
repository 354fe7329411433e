"""Sends what is due. A notice is claimed before it is sent, so that two servers never tell the same twice."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from centerpoint.contractors.models import Contractor, User
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import CompanyFile, Notice, NoticeKind
from centerpoint.quickbooks.notices.choices import notice_choices
from centerpoint.quickbooks.notices.due import due
from centerpoint.quickbooks.notices.news import Piece, news

# A mail that names more than these is read by nobody; the page shows all.
NAMED_AT_MOST = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """How many mails went out, and how many the mail server did not take; those are tried again next time."""

    sent: int
    failed: int


def send_due(*, now: dt.datetime) -> Round:
    """Tell everybody what is due, over all contractors. A mail server's failure is logged and stops no other mail."""
    outcomes = [
        outcome for company_file in _connected_files() for outcome in _send_about(company_file, now=now)
    ]
    return Round(sent=outcomes.count(True), failed=outcomes.count(False))


def _connected_files() -> Iterator[CompanyFile]:
    """Where silence means something: not paused, not given up, not a rehearsal."""
    return (
        CompanyFile.objects.filter(status=CompanyFile.Status.ACTIVE, contractor__is_practice=False)
        .select_related("contractor", "options")
        .order_by("pk")
        .iterator(chunk_size=100)
    )


def _send_about(company_file: CompanyFile, *, now: dt.datetime) -> Iterator[bool]:
    # What was written since QuickBooks was last heard from waits, too.
    outbox.discover(company_file, now=now)
    contractor = company_file.contractor
    pieces = news(company_file, now=now)
    users = User.objects.filter(memberships__contractor=contractor, is_active=True).order_by("pk")
    for user in users:
        for kind, is_wanted in notice_choices(user, contractor).items():
            if is_wanted and (outcome := _tell(user, contractor, kind, pieces[kind], now=now)) is not None:
                yield outcome


def _tell(
    user: User, contractor: Contractor, kind: NoticeKind, pieces: Sequence[Piece], *, now: dt.datetime
) -> bool | None:
    """True when a mail went out, False when it failed, None when none is due."""
    last = Notice.objects.filter(user=user, contractor=contractor, kind=kind).first()
    if last is None:
        if not pieces:
            return None
        last, _ = Notice.objects.get_or_create(user=user, contractor=contractor, kind=kind)
    stands = [piece.key for piece in pieces]
    told = [key for key in last.told if key in set(stands)]
    keys = due(
        kind, stands=stands, told=told, sent_at=last.sent_at, now=now, zone=ZoneInfo(contractor.time_zone)
    )
    if not keys:
        _forget(last, told)
        return None
    if not _replace(last, sent_at=now, told=stands):
        return None
    mail = _mail(user, contractor, kind, [piece for piece in pieces if piece.key in keys], len(pieces))
    try:
        mail.send()
    except (SMTPException, OSError):
        log.exception("notice_not_sent", contractor=contractor.pk, user=user.pk, kind=str(kind))
        Notice.objects.filter(pk=last.pk, sent_at=now).update(sent_at=last.sent_at, told=told)
        return False
    log.info("notice_sent", contractor=contractor.pk, user=user.pk, kind=str(kind), pieces=len(keys))
    return True


def _forget(last: Notice, told: list[str]) -> None:
    """What is settled is news when it comes back."""
    if told != last.told:
        _replace(last, sent_at=last.sent_at, told=told)


def _replace(last: Notice, *, sent_at: dt.datetime | None, told: list[str]) -> bool:
    """False when another process was first."""
    unchanged = Notice.objects.filter(pk=last.pk, sent_at=last.sent_at)
    return unchanged.update(sent_at=sent_at, told=told) == 1


def _mail(
    user: User, contractor: Contractor, kind: NoticeKind, pieces: Sequence[Piece], standing: int
) -> EmailMultiAlternatives:
    context = {
        "contractor": contractor,
        "user": user,
        "pieces": pieces[:NAMED_AT_MOST],
        "more": max(len(pieces) - NAMED_AT_MOST, 0),
        "known": standing - len(pieces),
        "url": f"{settings.CENTERPOINT_URL}/c/{contractor.pk}/",
    }
    template = f"quickbooks/notices/{kind}"
    mail = EmailMultiAlternatives(
        subject=f"{contractor.name}: {_subject(kind, len(pieces))}",
        body=render_to_string(f"{template}.txt", context),
        to=[user.email],
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail


def _subject(kind: NoticeKind, count: int) -> str:
    match kind:
        case NoticeKind.SILENT:
            return "QuickBooks is silent"
        case NoticeKind.UNPAIRED:
            return f"{count} {'company waits' if count == 1 else 'companies wait'} to be paired"
        case NoticeKind.REFUSED:
            return f"{count} {'record needs' if count == 1 else 'records need'} a look"
