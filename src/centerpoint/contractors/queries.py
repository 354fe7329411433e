"""Reads of contractors and their users."""

from django.db.models import QuerySet

from centerpoint.contractors.models import Contractor, Membership, Role, User


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
