"""The Web Connector's password: made by us, compared by a keyed digest, kept encrypted because it is shown again.

A machine-made password of 140 random bits needs no slow hash and no counting of attempts: guessing it is hopeless, and a
log-in is the hottest call there is (performance.md).
"""

import base64
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from centerpoint.contractors.refusals import Refusal

# Letters and digits nobody mistakes for one another, in groups that are read aloud and pasted as one word.
_ALPHABET = "abcdefghjkmnpqrstvwxyz0123456789"
_GROUPS, _GROUP_LENGTH = 4, 7
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1", "u": "v", "-": None, " ": None})


class PasswordCannotBeRead(Refusal):
    """The password was encrypted under a SECRET_KEY that the settings no longer name."""

    def __init__(self) -> None:
        super().__init__(
            "The password was stored under another SECRET_KEY. Name the old key in SECRET_KEY_FALLBACKS, or make a "
            "new password and type it into the Web Connector."
        )


def new() -> str:
    """A password such as `k7mw9x2-d4p0rqs-...`: 28 characters of 5 random bits each."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def digest(password: str, secret_key: str) -> bytes:
    """32 bytes that tell nothing of the password without the key; typing it in capitals or without dashes is the same."""
    plain = "".join(password.split()).lower().translate(_READ_AS)
    return hmac.digest(_derived(secret_key, b"web connector password digest"), plain.encode(), "sha256")


def encrypt(password: str, secret_keys: Sequence[str]) -> bytes:
    """`password` under the first of the keys."""
    return _box(secret_keys).encrypt(password.encode())


def decrypt(ciphertext: bytes, secret_keys: Sequence[str]) -> str:
    """The password, under whichever of the keys it was stored. Raises PasswordCannotBeRead."""
    try:
        return _box(secret_keys).decrypt(ciphertext).decode()
    except InvalidToken as problem:
        raise PasswordCannotBeRead from problem


def _box(secret_keys: Sequence[str]) -> MultiFernet:
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(_derived(key, b"web connector password at rest")))
        for key in secret_keys
    )


@lru_cache(maxsize=32)
def _derived(secret_key: str, purpose: bytes) -> bytes:
    """HKDF-Expand of one block (RFC 5869): a key for one purpose, from which no other can be told."""
    return hmac.digest(secret_key.encode(), b"centerpoint " + purpose + b"\x01", "sha256")
