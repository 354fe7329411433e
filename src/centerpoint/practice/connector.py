"""One run of the emulated Web Connector against this very application, inside this process, told in words."""

import contextvars
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count

from centerpoint import metrics
from centerpoint.billing.models import Payment
from centerpoint.companies.models import Company
from centerpoint.contractors.history import acting
from centerpoint.contractors.models import Contractor
from centerpoint.practice import disk
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, Conflict, Posting, RecordKind
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync import session
from centerpoint.quickbooks.webconnector.door import Door
from qbemulator import qwc
from qbemulator.company_file import CompanyFile as EmulatedFile
from qbemulator.request_processor import RequestProcessor
from qbemulator.web_connector import Update, WebConnector, WsgiTransport

WELL = ("finished", "no_data")
_HRESULT = re.compile(r"^0x[0-9A-F]{8} ")
_PLURALS = {
    RecordKind.COMPANY: "companies",
    RecordKind.PROPERTY: "properties",
    RecordKind.TICKET: "service tickets",
    RecordKind.PROJECT: "projects",
    RecordKind.INVOICE: "invoices",
}
_LEFT_BEHIND = {
    State.HELD: "held for approval",
    State.NEEDS_PAIRING: "waiting for pairing",
    State.REFUSED: "to be fixed",
    State.BUSY: "to be tried again, because QuickBooks was busy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorRun:
    """What one run did: `sentence` says how it ended, `news` what went over, `left` what still waits."""

    is_well: bool
    sentence: str
    news: tuple[str, ...]
    left: tuple[str, ...]


def run_connector(*, practice: Contractor, now: dt.datetime) -> ConnectorRun:
    """One session. QuickBooks is read, however recently that was: who presses the button wants to see something.

    Raises NoPractice, PracticeFileMissing, NotActivated.
    """
    with disk.opened(practice) as books:
        company_file = connection.connected(practice)
        connection.ask_for_news(company_file=company_file)
        # The door clears what is bound to log lines, which would take it from the page that called.
        names = _names(company_file)
        update = contextvars.copy_context().run(_update, company_file, books, now)
    if company_file.status == CompanyFile.Status.PAUSED:
        sentence = "The integration is paused, so the Web Connector was told that there is nothing to do."
    else:
        sentence = _sentence(update)
    return ConnectorRun(
        is_well=update.outcome in WELL,
        sentence=sentence,
        news=(*_news(company_file, now), *_renamed(names, _names(company_file))),
        left=tuple(_left(company_file)),
    )


def _update(company_file: CompanyFile, books: EmulatedFile, now: dt.datetime) -> Update:
    connector = WebConnector(
        qwc=qwc.read(connection.qwc_file(company_file)),
        password=connection.show_password(company_file=company_file),
        processor=RequestProcessor(books, clock=lambda: now),
        transport=WsgiTransport(Door(session, clock=lambda: now)),
    )
    # What QuickBooks brings is not the doing of who pressed the button.
    with metrics.not_counted(), acting(through="QuickBooks"):
        return connector.update()


def _sentence(update: Update) -> str:
    match update.outcome:
        case "finished":
            return update.message or "The Web Connector ran."
        case "no_data":
            return "The Web Connector asked, and there was nothing to do."
        case "quickbooks":
            return f"The Web Connector could not work with QuickBooks: {_first(update)}"
        case _:
            return f"The Web Connector stopped: {update.last_error or _first(update)}"


def _first(update: Update) -> str:
    """What went wrong first, without its HRESULT; lines about versions say nothing of it."""
    said = [line for line in update.log if line and not line.startswith("server version")]
    return _HRESULT.sub("", said[0]) if said else update.outcome


def _news(company_file: CompanyFile, now: dt.datetime) -> Iterator[str]:
    """Everything a session writes carries its `now`."""
    contractor = company_file.contractor
    moved = Posting.objects.filter(company_file=company_file, state_since=now)
    arrived = dict(
        moved.filter(state=State.IN_QUICKBOOKS)
        .values_list("kind")
        .annotate(count=Count("*"))
        .order_by("kind")
    )
    for kind in RecordKind:
        if count := arrived.get(kind, 0):
            yield f"{_counted(count, kind.label.lower(), _PLURALS[kind])} went into QuickBooks"
    counts = (
        (moved.filter(state=State.REFUSED), "record was refused", "records were refused"),
        (
            moved.filter(state=State.DELETED_THERE),
            "record was found deleted in QuickBooks",
            "records were found deleted in QuickBooks",
        ),
        (
            Company.objects.filter(contractor=contractor, created_at=now),
            "company came in from QuickBooks",
            "companies came in from QuickBooks",
        ),
        (
            Company.objects.filter(contractor=contractor, changed_at=now).exclude(created_at=now),
            "company was changed as in QuickBooks",
            "companies were changed as in QuickBooks",
        ),
        (
            Payment.objects.filter(contractor=contractor, created_at=now),
            "payment came back",
            "payments came back",
        ),
        (
            Payment.objects.filter(contractor=contractor, withdrawn_at=now),
            "payment was taken back",
            "payments were taken back",
        ),
        (
            Conflict.objects.filter(company_file=company_file, found_at=now),
            "conflict was found",
            "conflicts were found",
        ),
    )
    for found, one, many in counts:
        if count := found.count():
            yield _counted(count, one, many)


def _names(company_file: CompanyFile) -> dict[str, str]:
    """What Centerpoint takes the customers to be called, by ListID; jobs left out."""
    return dict(company_file.customers.filter(sublevel=0).values_list("list_id", "name"))


def _renamed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for list_id, name in before.items():
        if after.get(list_id, name) != name:
            yield f"{name} is now named {after[list_id]} in QuickBooks; a pairing of it holds"


def _left(company_file: CompanyFile) -> Iterator[str]:
    waiting = dict(
        Posting.objects.filter(company_file=company_file, state__in=list(_LEFT_BEHIND))
        .values_list("state")
        .annotate(count=Count("*"))
        .order_by("state")
    )
    for state, what in _LEFT_BEHIND.items():
        if count := waiting.get(state, 0):
            yield f"{_counted(count, 'record is', 'records are')} {what}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
