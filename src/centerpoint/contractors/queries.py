"""Reads of contractors and their users."""

from django.db.models import Model, QuerySet

from centerpoint.contractors.history import kind_of
from centerpoint.contractors.models import Change, Contractor, Membership, Role, User


def contractors_of(user: User) -> QuerySet[Contractor]:
    return Contractor.objects.filter(memberships__user=user).order_by("name")


def role_of(user: User, contractor: Contractor) -> Role | None:
    """What the user may do there; None: nothing."""
    role = Membership.objects.filter(user=user, contractor=contractor).values_list("role", flat=True).first()
    return Role(role) if role is not None else None


def members(contractor: Contractor) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(contractor=contractor)
        .select_related("user", "contractor")
        .order_by("user__name", "user__email")
    )


def changes(contractor: Contractor, record: Model | None = None) -> QuerySet[Change, Change]:
    """Who did what, the latest first: to one record, or at the whole contractor's."""
    found = Change.objects.filter(contractor=contractor)
    if record is not None:
        found = found.filter(kind=kind_of(record), record=record.pk)
    return found.select_related("by").order_by("-at", "-pk")
