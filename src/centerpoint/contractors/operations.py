"""Writes on the contractor, on who may sign in and on what they may do."""

import datetime as dt
import zoneinfo
from decimal import Decimal
from typing import TypedDict, Unpack

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from centerpoint.contractors import history
from centerpoint.contractors.fields import cleaned
from centerpoint.contractors.models import Contractor, Membership, Role, User
from centerpoint.contractors.refusals import Refusal
from centerpoint.contractors.revisions import lock


class ContractorFields(TypedDict, total=False):
    street: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str
    email: str
    time_zone: str
    tax_percent: Decimal
    payment_terms: str
    payment_days: int
    invoice_note: str
    next_ticket_number: int
    next_project_number: int
    is_practice: bool


class ContractorNameTaken(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a contractor named {name}; choose another name.")


class UnknownTimeZone(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is no time zone; write one such as America/Chicago.")


class NotAPercentage(Refusal):
    def __init__(self, percent: Decimal) -> None:
        super().__init__(f"{percent} is no tax percentage; it lies between 0 and 100.")


class PasswordRefused(Refusal):
    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("Choose another password. " + " ".join(problems))


class SignsInAlready(Refusal):
    """The address belongs to somebody whose password is not the one given; it is never replaced by the way."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} already signs in here with another password; use that one.")


class BelongsElsewhere(Refusal):
    """A password opens every contractor its user belongs to; one owner does not decide for another."""

    def __init__(self, user: User) -> None:
        super().__init__(
            f"{user} signs in at another business, too. Ask {user} to use “Forgot your password?” on the sign-in page."
        )


class AlreadyAMember(Refusal):
    def __init__(self, membership: Membership) -> None:
        super().__init__(
            f"{membership.user} is already {membership.get_role_display()} here; change the role instead."
        )


class LastOwner(Refusal):
    def __init__(self, membership: Membership) -> None:
        super().__init__(
            f"{membership.user} is the only owner of {membership.contractor}; make somebody else an owner first."
        )


@transaction.atomic
def create_contractor(
    *,
    name: str,
    owner_email: str,
    owner_password: str,
    now: dt.datetime,
    owner_name: str = "",
    **fields: Unpack[ContractorFields],
) -> Contractor:
    """A contractor and its owner. Stages and tax codes belong to higher apps: contractor_setup.py adds them."""
    values = cleaned(Contractor, {"name": name, **fields})
    _check(values)
    if Contractor.objects.filter(name=values["name"]).exists():
        raise ContractorNameTaken(values["name"])
    contractor = Contractor.objects.create(created_at=now, **values)
    add_user(
        contractor=contractor,
        email=owner_email,
        password=owner_password,
        name=owner_name,
        role=Role.OWNER,
        now=now,
    )
    return contractor


@transaction.atomic
def change_contractor(
    *, contractor: Contractor, now: dt.datetime, name: str | None = None, **fields: Unpack[ContractorFields]
) -> Contractor:
    lock(contractor)
    values = cleaned(Contractor, {"name": contractor.name if name is None else name, **fields})
    _check(values)
    if Contractor.objects.filter(name=values["name"]).exclude(pk=contractor.pk).exists():
        raise ContractorNameTaken(values["name"])
    before = {field: getattr(contractor, field) for field in values}
    for field, value in values.items():
        setattr(contractor, field, value)
    contractor.save(update_fields=list(values))
    differences = {field: (before[field], value) for field, value in values.items() if before[field] != value}
    if differences:
        history.record(contractor, "Changed", now=now, differences=differences)
    return contractor


def _check(values: dict[str, object]) -> None:
    zone = values.get("time_zone")
    if zone is not None and zone not in zoneinfo.available_timezones():
        raise UnknownTimeZone(str(zone))
    percent = values.get("tax_percent")
    if isinstance(percent, Decimal) and not 0 <= percent <= 100:
        raise NotAPercentage(percent)


@transaction.atomic
def add_user(
    *,
    contractor: Contractor,
    email: str,
    password: str,
    role: Role,
    now: dt.datetime,
    name: str = "",
) -> Membership:
    """Let somebody in. Who signs in at another contractor already keeps that password and must give it here."""
    values = cleaned(User, {"email": email, "name": name})
    address = str(values["email"]).lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User(email=address, name=values["name"], date_joined=now)
        _set_password(user, password)
        user.save()
    elif not user.check_password(password):
        raise SignsInAlready(address)
    membership = Membership.objects.filter(contractor=contractor, user=user).first()
    if membership is not None:
        raise AlreadyAMember(membership)
    membership = Membership.objects.create(contractor=contractor, user=user, role=role)
    _tell(membership, f"Added as {role.label.lower()}", now)
    return membership


def _tell(membership: Membership, did: str, now: dt.datetime) -> None:
    history.record(membership.user, did, now=now, contractor_id=membership.contractor_id)


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    _set_password(user, password)
    user.save(update_fields=["password"])
    return user


@transaction.atomic
def replace_password(*, membership: Membership, password: str, now: dt.datetime) -> User:
    """An owner gives somebody a new password to sign in with; who belongs to another contractor, too, changes his own."""
    user = membership.user
    if user.memberships.exclude(pk=membership.pk).exclude(contractor__is_practice=True).exists():
        raise BelongsElsewhere(user)
    change_password(user=user, password=password)
    _tell(membership, "Given a new password", now)
    return user


@transaction.atomic
def rename_user(*, user: User, name: str) -> User:
    user.name = cleaned(User, {"name": name})["name"]
    user.save(update_fields=["name"])
    return user


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise PasswordRefused(problem.messages) from problem
    user.set_password(password)


@transaction.atomic
def change_role(*, membership: Membership, role: Role, now: dt.datetime) -> Membership:
    if role != Role.OWNER:
        _keep_an_owner(membership)
    if membership.role != role:
        _tell(membership, f"Role changed from {Role(membership.role).label} to {role.label}", now)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_user(*, membership: Membership, now: dt.datetime) -> None:
    """Take a user's access to one contractor away; the user remains for the others and for the history."""
    _keep_an_owner(membership)
    _tell(membership, "Removed", now)
    membership.delete()


def _keep_an_owner(membership: Membership) -> None:
    lock(membership.contractor)
    owners = Membership.objects.filter(contractor=membership.contractor_id, role=Role.OWNER)
    if owners.filter(pk=membership.pk).exists() and not owners.exclude(pk=membership.pk).exists():
        raise LastOwner(membership)
