"""Who gets which notices about a contractor."""

from collections.abc import Mapping

from django.db import transaction

from centerpoint.contractors.models import Contractor, Membership, Role, User
from centerpoint.contractors.refusals import Refusal
from centerpoint.quickbooks.models import NoticeChoice, NoticeKind

# Who looks after the books hears of them unless he says no; a technician only if he says yes.
WANTED_UNLESS_CHOSEN = {Role.OWNER: True, Role.BOOKKEEPER: True, Role.TECHNICIAN: False}


class NoMember(Refusal):
    """Notices tell of a contractor's money; only its own people get them."""

    def __init__(self, user: User, contractor: Contractor) -> None:
        super().__init__(f"{user} does not belong to {contractor}. Add the user first.")


def notice_choices(user: User, contractor: Contractor) -> dict[NoticeKind, bool]:
    """Every kind and whether `user` gets it; none for somebody who does not belong to the contractor."""
    membership = Membership.objects.filter(user=user, contractor=contractor).first()
    if membership is None:
        return dict.fromkeys(NoticeKind, False)
    chosen = dict(
        NoticeChoice.objects.filter(user=user, contractor=contractor).values_list("kind", "is_wanted")
    )
    unless_chosen = WANTED_UNLESS_CHOSEN[Role(membership.role)]
    return {kind: chosen.get(kind, unless_chosen) for kind in NoticeKind}


@transaction.atomic
def choose_notices(*, user: User, contractor: Contractor, wanted: Mapping[NoticeKind, bool]) -> None:
    """Keep what `user` wants; kinds not named stay as they are. Raises NoMember."""
    if not Membership.objects.filter(user=user, contractor=contractor).exists():
        raise NoMember(user, contractor)
    for kind, is_wanted in wanted.items():
        NoticeChoice.objects.update_or_create(
            user=user, contractor=contractor, kind=kind, defaults={"is_wanted": is_wanted}
        )
