"""Every screen of Centerpoint, in one place: the accessibility test walks over it, and so do the screenshots."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

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


def of_the_contractor(url_name: str) -> Path:
    """The address of a page that needs nothing but the contractor, by its name in pages/urls.py."""
    return lambda contractor: reverse(url_name, args=[contractor.pk])


SCREENS = (
    Screen("support", SUPPORT_PATH, role=None),
    Screen("sign-in", "/accounts/login/", role=None),
    Screen("forgotten-password", "/accounts/password/reset/", role=None),
    Screen("second-factor", "/accounts/2fa/"),
    Screen("password", "/accounts/password/change/"),
    Screen("home", of_the_contractor("home")),
    Screen("companies", of_the_contractor("companies")),
    Screen("account", of_the_contractor("account")),
    Screen("history", of_the_contractor("history")),
    Screen("settings", of_the_contractor("settings"), role=Role.OWNER),
    Screen("settings-invoices", of_the_contractor("settings_invoices"), role=Role.OWNER),
    Screen("settings-stages", of_the_contractor("settings_stages"), role=Role.OWNER),
    Screen("tax-codes", of_the_contractor("tax_codes")),
    Screen("users", of_the_contractor("users"), role=Role.OWNER),
)
