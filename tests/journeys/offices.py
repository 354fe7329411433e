"""What a screen needs to have something to show: a contractor in the midst of business, and who looks at it."""

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.test import Client

from centerpoint import contractor_setup
from centerpoint.contractors.models import Contractor, Membership, Role
from centerpoint.contractors.operations import add_user
from centerpoint.sample_data import load_sample_data

PASSWORD = "a long and quiet river"


def set_up_office(*, now: dt.datetime) -> Contractor:
    """A contractor with an owner and no business yet."""
    return set_up_office_of("Summit Roofing & Service", "owner@summit.example", now=now)


def set_up_office_of(name: str, owner: str, *, now: dt.datetime) -> Contractor:
    return contractor_setup.set_up_contractor(
        name=name,
        owner_email=owner,
        owner_password=PASSWORD,
        tax_percent=Decimal("8.25"),
        now=now,
    )


def fill_office(contractor: Contractor, *, now: dt.datetime) -> None:
    """A little of everything: companies, tickets and projects at several stages, drafts and issued invoices."""
    load_sample_data(contractor=contractor, companies=8, tickets=24, projects=4, invoices=12, seed=7, now=now)


def member(contractor: Contractor, role: Role, *, now: dt.datetime) -> Membership:
    """Whoever has this role at the contractor; somebody is let in where there is nobody."""
    found = contractor.memberships.filter(role=role).select_related("user").first()
    if found is not None:
        return found
    return add_user(
        contractor=contractor,
        email=f"{role}.{contractor.pk}@summit.example",
        password=PASSWORD,
        role=role,
        now=now,
    )


def session_cookie(membership: Membership, *, url: str) -> dict[str, str]:
    """The cookie of somebody who signed in, as Playwright's add_cookies takes it."""
    client = Client()
    client.force_login(membership.user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}
