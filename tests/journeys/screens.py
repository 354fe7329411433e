"""Every screen of Centerpoint, in one place: the accessibility test walks over it, and so do the screenshots."""

from collections.abc import Callable
from dataclasses import dataclass

from centerpoint.contractors.models import Contractor, Role
from centerpoint.quickbooks.webconnector.qwc import SUPPORT_PATH

Path = str | Callable[[Contractor], str]


@dataclass(frozen=True, slots=True)
class Screen:
    """`name` becomes the picture's file name. `path` may be looked up in the contractor's records; `role` is who looks,
    None for somebody who has not signed in."""

    name: str
    path: Path
    role: Role | None = Role.BOOKKEEPER

    def path_for(self, contractor: Contractor) -> str:
        return self.path if isinstance(self.path, str) else self.path(contractor)


SCREENS = (Screen("support", SUPPORT_PATH, role=None),)
