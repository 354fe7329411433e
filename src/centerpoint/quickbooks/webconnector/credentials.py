"""Whose log-in is this? One indexed read and one comparison, the same for a name that nobody has."""

import datetime as dt
import hmac
from dataclasses import dataclass
from enum import Enum

from django.conf import settings

from centerpoint.quickbooks.models import CompanyFile
from centerpoint.quickbooks.outbox import Glance, glance
from centerpoint.quickbooks.webconnector import passwords

_NOBODY = bytes(32)


class Verdict(Enum):
    """What became of a log-in; the value is the word for the log and the metrics."""

    WELCOME = "welcome"
    PAUSED = "paused"
    UNKNOWN_USER = "unknown user"
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - a reason, not a password
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    verdict: Verdict
    company_file_id: int | None = None
    something_to_do: bool = False


def check(*, user_name: str, password: str, now: dt.datetime) -> LogIn:
    """Read who this is and whether there is anything to do for him, in one statement."""
    seen = glance(user_name=user_name.strip(), now=now)
    key = _matching_key(seen, password, now=now)
    if seen is None:
        return LogIn(verdict=Verdict.UNKNOWN_USER)
    if key is None:
        return LogIn(verdict=Verdict.WRONG_PASSWORD, company_file_id=seen.company_file_id)
    if seen.status == CompanyFile.Status.DEACTIVATED:
        return LogIn(verdict=Verdict.DEACTIVATED, company_file_id=seen.company_file_id)
    if key != settings.SECRET_KEY:
        _renew(seen, password, key)
    if seen.status == CompanyFile.Status.PAUSED:
        return LogIn(verdict=Verdict.PAUSED, company_file_id=seen.company_file_id)
    return LogIn(
        verdict=Verdict.WELCOME, company_file_id=seen.company_file_id, something_to_do=seen.something_to_do
    )


def secret_keys() -> list[str]:
    """The key in use, then those it replaced."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _matching_key(seen: Glance | None, password: str, *, now: dt.datetime) -> str | None:
    """The SECRET_KEY under which `password` is right. All keys and both passwords are compared, whichever matches."""
    current = seen.password_digest if seen else _NOBODY
    previous = seen.previous_password_digest if seen and _overlaps(seen, now) else _NOBODY
    matching = None
    for key in secret_keys():
        digest = passwords.digest(password, key)
        same = hmac.compare_digest(digest, current) | hmac.compare_digest(digest, previous)
        if same and matching is None:
            matching = key
    return matching


def _overlaps(seen: Glance, now: dt.datetime) -> bool:
    return seen.previous_password_until is not None and now < seen.previous_password_until


def _renew(seen: Glance, password: str, key: str) -> None:
    """Keep the digest of a password under the present SECRET_KEY, so that the fallback can be given up."""
    old = passwords.digest(password, key)
    digest = passwords.digest(password, settings.SECRET_KEY)
    file = CompanyFile.objects.filter(pk=seen.company_file_id)
    if hmac.compare_digest(old, seen.password_digest):
        # The pair is replaced only if it still is what was compared: a rotation meanwhile wins.
        file.filter(password_digest=old).update(
            password_digest=digest, password_ciphertext=passwords.encrypt(password, secret_keys())
        )
    else:
        file.filter(previous_password_digest=old).update(previous_password_digest=digest)
