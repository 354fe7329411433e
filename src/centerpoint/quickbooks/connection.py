"""The connection to one company file: switched on, paused, switched off, its password and its options."""

import datetime as dt
import re
import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Lower
from django.utils.text import slugify

from centerpoint.contractors import history
from centerpoint.contractors.fields import FieldsRefused
from centerpoint.contractors.models import Change, Contractor
from centerpoint.contractors.refusals import Refusal
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import CompanyFile, ConnectorSession, ListEntry, Options, Posting
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.webconnector import passwords, qwc
from centerpoint.quickbooks.webconnector.credentials import secret_keys

# How long the old password still works, so that the Web Connector can be told the new one in office hours.
OVERLAP = dt.timedelta(hours=24)
RUN_EVERY_MINUTES = 5
PASSWORD_SHOWN, PASSWORD_CHANGED = "Password shown", "Password changed"

_ITEMS = (
    ListEntry.Kind.SERVICE_ITEM,
    ListEntry.Kind.NON_INVENTORY_ITEM,
    ListEntry.Kind.OTHER_CHARGE_ITEM,
)
_TAX_ITEMS = (ListEntry.Kind.SALES_TAX_ITEM, ListEntry.Kind.SALES_TAX_GROUP)
_NAMED_ITEMS: dict[str, tuple[ListEntry.Kind, ...]] = {
    "service_item_name": _ITEMS,
    "project_item_name": _ITEMS,
    "tax_line_item_name": _ITEMS,
    "service_tax_item_name": _TAX_ITEMS,
    "project_tax_item_name": _TAX_ITEMS,
}


class OptionFields(TypedDict, total=False):
    """What save_options takes: the fields of Options."""

    service_item_name: str
    service_tax_item_name: str
    project_item_name: str
    project_tax_item_name: str
    tax_line_item_name: str
    companies_go: str
    work_goes: str
    invoices_go: str
    start_date: dt.date | None
    hold_for_approval: bool
    job_policy: str
    line_mode: str
    tax_mode: str
    new_companies_in: bool
    company_changes_in: bool
    read_every: int
    silent_after_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A new connection and the password that is typed into the Web Connector."""

    company_file: CompanyFile
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """What the Integrations tab and `integration status` show of a connection."""

    company_file: CompanyFile
    is_silent: bool
    old_password_works_until: dt.datetime | None
    latest_session: ConnectorSession | None
    postings: Mapping[State, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemToChoose:
    """An item of QuickBooks that an option may name; `percent` of a sales tax item or of a whole group."""

    name: str
    kind: str
    percent: Decimal | None


class AlreadyActivated(Refusal):
    """A contractor has one connected company file."""

    def __init__(self, company_file: CompanyFile) -> None:
        super().__init__(
            f"The QuickBooks integration of {company_file.contractor} is {company_file.get_status_display().lower()}; "
            "it cannot be activated twice."
        )


class NotActivated(Refusal):
    """Nothing is connected, or what was is switched off."""

    def __init__(self, contractor: Contractor) -> None:
        super().__init__(f"{contractor} has no QuickBooks integration; activate it first.")


class NoSuchItem(FieldsRefused):
    """QuickBooks' lists were read, and the item named is not in them."""

    def __init__(self, field: str, name: str, existing: Collection[str]) -> None:
        self.field = field
        self.existing = sorted(existing, key=str.lower)
        label = field.removesuffix("_name").replace("_", " ")
        there = ", ".join(self.existing[:20]) or "none"
        more = f" and {len(self.existing) - 20} more" if len(self.existing) > 20 else ""
        sentence = (
            f"QuickBooks has no active {label} named “{name}”. It has: {there}{more}. "
            "Choose one of these, or add it in QuickBooks and update."
        )
        self.problems = {field: sentence}
        Refusal.__init__(self, sentence)


class OptionRefused(FieldsRefused):
    """A value that the option cannot have."""

    def __init__(self, problems: Mapping[str, list[str]]) -> None:
        self.problems = {field: " ".join(said) for field, said in problems.items()}
        Refusal.__init__(
            self,
            " ".join(
                f"{field.replace('_', ' ').capitalize()}: {said}" for field, said in self.problems.items()
            ),
        )


@transaction.atomic
def activate(
    *, contractor: Contractor, url: str, now: dt.datetime, start_date: dt.date | None = None
) -> Activation:
    """Connect the contractor, anew or again after a deactivation; everything learnt about the file is still there.

    `url` is the address of the service or of the site; `start_date` counts the first time only. Raises AlreadyActivated,
    ServiceUrlRefused.
    """
    service_url = qwc.service_url(url)
    Contractor.objects.select_for_update().get(pk=contractor.pk)
    latest = CompanyFile.objects.filter(contractor=contractor).order_by("-activated_at", "-pk").first()
    if latest is not None and latest.status != CompanyFile.Status.DEACTIVATED:
        raise AlreadyActivated(latest)
    company_file = latest or CompanyFile(
        contractor=contractor,
        user_name=_user_name(contractor),
        owner_id=qwc.OWNER_ID,
        file_id=f"{{{str(uuid.uuid4()).upper()}}}",
    )
    company_file.status = CompanyFile.Status.ACTIVE
    company_file.activated_at = now
    company_file.service_url = service_url
    password = _new_password(company_file, now=now)
    company_file.save()
    Options.objects.get_or_create(
        company_file=company_file, defaults={"changed_at": now, "start_date": start_date}
    )
    history.record(company_file, "Activated", now=now)
    return Activation(company_file=company_file, password=password)


def pause(*, company_file: CompanyFile, now: dt.datetime) -> None:
    """Answer the Web Connector that there is nothing to do, until it goes on. Raises NotActivated."""
    _change_status(company_file, CompanyFile.Status.PAUSED, "Paused", now)


def resume(*, company_file: CompanyFile, now: dt.datetime) -> None:
    """Go on where it was paused. Raises NotActivated."""
    _change_status(company_file, CompanyFile.Status.ACTIVE, "Resumed", now)


def deactivate(*, company_file: CompanyFile, now: dt.datetime) -> None:
    """Refuse the Web Connector; pairings, postings and evidence stay for a later activation. Raises NotActivated."""
    _change_status(company_file, CompanyFile.Status.DEACTIVATED, "Deactivated", now)


@transaction.atomic
def _change_status(company_file: CompanyFile, status: CompanyFile.Status, did: str, now: dt.datetime) -> None:
    _lock(company_file)
    if company_file.status == CompanyFile.Status.DEACTIVATED:
        raise NotActivated(company_file.contractor)
    if company_file.status == status:
        return
    company_file.status = status
    company_file.save(update_fields=["status"])
    history.record(company_file, did, now=now)


def ask_for_news(*, company_file: CompanyFile) -> None:
    """Read QuickBooks at the next log-in, however short the time since the last reading."""
    CompanyFile.objects.filter(pk=company_file.pk).update(read_requested=True)


def show_password(*, company_file: CompanyFile) -> str:
    """The password in use, for a program. Raises PasswordCannotBeRead."""
    return passwords.decrypt(bytes(company_file.password_ciphertext), secret_keys())


@transaction.atomic
def reveal_password(*, company_file: CompanyFile, now: dt.datetime) -> str:
    """The password in use, for somebody to read, which his history keeps. Raises PasswordCannotBeRead."""
    password = show_password(company_file=company_file)
    history.record(company_file, PASSWORD_SHOWN, now=now)
    return password


@transaction.atomic
def rotate_password(*, company_file: CompanyFile, now: dt.datetime, overlap: dt.timedelta = OVERLAP) -> str:
    """Make a new password and return it; the old one works for `overlap` longer. Raises NotActivated."""
    _lock(company_file)
    if company_file.status == CompanyFile.Status.DEACTIVATED:
        raise NotActivated(company_file.contractor)
    old_digest = bytes(company_file.password_digest)
    password = _new_password(company_file, now=now)
    company_file.previous_password_digest = old_digest
    company_file.previous_password_until = now + overlap
    company_file.save(
        update_fields=[
            "password_digest",
            "password_ciphertext",
            "password_changed_at",
            "previous_password_digest",
            "previous_password_until",
        ]
    )
    history.record(company_file, PASSWORD_CHANGED, now=now)
    return password


def password_history(company_file: CompanyFile) -> QuerySet[Change]:
    """Who saw the password or changed it, the latest first."""
    return Change.objects.filter(
        contractor=company_file.contractor_id,
        kind=history.kind_of(company_file),
        record=company_file.pk,
        did__in=(PASSWORD_SHOWN, PASSWORD_CHANGED),
    ).order_by("-at", "-pk")


def qwc_file(company_file: CompanyFile) -> bytes:
    """The .qwc file of the connection: the same at every download."""
    return qwc.write(
        qwc.Connection(
            contractor_name=company_file.contractor.name,
            service_url=company_file.service_url,
            user_name=company_file.user_name,
            owner_id=company_file.owner_id,
            file_id=company_file.file_id,
            run_every_minutes=RUN_EVERY_MINUTES,
        )
    )


@transaction.atomic
def save_options(
    *,
    company_file: CompanyFile,
    now: dt.datetime,
    expected: int | None = None,
    **changes: Unpack[OptionFields],
) -> Options:
    """Change options; what waits to be sent is looked at anew. Raises NoSuchItem, OptionRefused, StaleRevision."""
    options = Options.objects.select_for_update().get(company_file=company_file)
    if expected is not None and options.revision != expected:
        raise StaleRevision(options, expected)
    before = {field: getattr(options, field) for field in OptionFields.__annotations__}
    for field, value in changes.items():
        if field not in before:
            raise TypeError(f"save_options got an unexpected keyword argument {field!r}")
        setattr(options, field, value.strip() if isinstance(value, str) else value)
    for field in _NAMED_ITEMS.keys() & changes.keys():
        setattr(options, field, _name_in_quickbooks(company_file, field, getattr(options, field)))
    try:
        options.clean_fields()
    except ValidationError as problem:
        raise OptionRefused(problem.message_dict) from problem
    options.revision += 1
    options.changed_at = now
    options.save()
    differences = {
        field: (old, new) for field, old in before.items() if (new := getattr(options, field)) != old
    }
    if differences:
        history.record(
            options, "Changed", now=now, contractor_id=company_file.contractor_id, differences=differences
        )
    outbox.reconsider(company_file, now=now)
    return options


def choices(company_file: CompanyFile) -> dict[str, list[ItemToChoose]]:
    """For each option that names an item: the active ones it may name. One read; empty before the first contact."""
    entries = list(
        ListEntry.objects.filter(company_file=company_file, is_active=True, kind__in=_ITEMS + _TAX_ITEMS)
        .order_by(Lower("full_name"))
        .only("kind", "list_id", "full_name", "percent", "facts")
    )
    percents = {entry.list_id: entry.percent or Decimal() for entry in entries if entry.kind == _TAX_ITEMS[0]}
    return {
        field: [_to_choose(entry, percents) for entry in entries if entry.kind in kinds]
        for field, kinds in _NAMED_ITEMS.items()
    }


def _to_choose(entry: ListEntry, percents: Mapping[str, Decimal]) -> ItemToChoose:
    percent = entry.percent
    if entry.kind == ListEntry.Kind.SALES_TAX_GROUP:
        percent = sum(
            (percents.get(member, Decimal()) for member in entry.facts.get("members", ())), Decimal()
        )
    return ItemToChoose(name=entry.full_name, kind=entry.get_kind_display(), percent=percent)


def items_to_choose(company_file: CompanyFile, field: str) -> list[str]:
    """Names of the active items in QuickBooks that may stand in `field` of the options; none before the first contact."""
    entries = ListEntry.objects.filter(
        company_file=company_file, kind__in=_NAMED_ITEMS[field], is_active=True
    )
    return list(entries.order_by("full_name").values_list("full_name", flat=True))


def _name_in_quickbooks(company_file: CompanyFile, field: str, name: str) -> str:
    """The name as QuickBooks writes it; before the lists were read, as it was typed. Raises NoSuchItem."""
    lists_were_read = company_file.read_marks.filter(reading="items").exists()
    if not name or not lists_were_read:
        return name
    existing = {each.lower(): each for each in items_to_choose(company_file, field)}
    if name.lower() not in existing:
        raise NoSuchItem(field, name, existing.values())
    return existing[name.lower()]


def status(company_file: CompanyFile, *, now: dt.datetime) -> ConnectionStatus:
    """How the connection stands, in three reads."""
    counts = (
        Posting.objects.filter(company_file=company_file)
        .values_list("state")
        .annotate(count=Count("*"))
        .order_by("state")
    )
    overlap_ends = company_file.previous_password_until
    return ConnectionStatus(
        company_file=company_file,
        is_silent=_is_silent(company_file, now),
        old_password_works_until=overlap_ends if overlap_ends is not None and now < overlap_ends else None,
        latest_session=company_file.sessions.order_by("-opened_at").first(),
        postings={State(state): count for state, count in counts},
    )


def connected(contractor: Contractor) -> CompanyFile:
    """The contractor's company file, active or paused. Raises NotActivated."""
    company_file = (
        CompanyFile.objects.filter(contractor=contractor)
        .exclude(status=CompanyFile.Status.DEACTIVATED)
        .first()
    )
    if company_file is None:
        raise NotActivated(contractor)
    return company_file


def _is_silent(company_file: CompanyFile, now: dt.datetime) -> bool:
    heard = company_file.last_heard_at or company_file.activated_at
    patience = dt.timedelta(hours=company_file.options.silent_after_hours)
    return company_file.status == CompanyFile.Status.ACTIVE and now - heard > patience


def _new_password(company_file: CompanyFile, *, now: dt.datetime) -> str:
    """Give `company_file` a password, without saving; an older one stops working."""
    password = passwords.new()
    keys = secret_keys()
    company_file.password_ciphertext = passwords.encrypt(password, keys)
    company_file.password_digest = passwords.digest(password, keys[0])
    company_file.password_changed_at = now
    company_file.previous_password_digest = b""
    company_file.previous_password_until = None
    return password


def _user_name(contractor: Contractor) -> str:
    """Readable in the Web Connector's list, and nobody else's: it is what tells connections apart at log-in."""
    readable = re.sub(r"-+", "-", slugify(contractor.name))[:40].strip("-") or "contractor"
    return f"{readable}-{secrets.token_hex(4)}"


def _lock(company_file: CompanyFile) -> None:
    company_file.refresh_from_db(from_queryset=CompanyFile.objects.select_for_update())
