"""PURE: text and names as QuickBooks can hold them: 41 characters, no colon, nobody else's."""

import re
from collections.abc import Callable

from qbxml.text import to_quickbooks

CUSTOMER_NAME = 41
_MOST = 1000
_NUMBERED = re.compile(r" \(\d+\)")


def one_line(text: str) -> str:
    """`text` in QuickBooks' characters, blanks and line ends as single blanks."""
    fitting = to_quickbooks(text)
    # Printable text has no blank but the space.
    if fitting.isprintable() and "  " not in fitting:
        return fitting
    return " ".join(fitting.split())


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of `text` on one line."""
    line = one_line(text)
    return line if len(line) <= limit else line[:limit].rstrip()


def shorten(text: str, limit: int = CUSTOMER_NAME) -> str:
    """A name within the limit: whole words as long as that leaves most of it, colons as dashes.

    Empty when no letter or digit is left of it.
    """
    name = one_line(to_quickbooks(text).replace(":", " - ")).strip(" -")
    if not any(character.isalnum() for character in name):
        return ""
    if len(name) <= limit:
        return name
    head = name[:limit]
    if name[limit] != " ":
        whole_words = head.rpartition(" ")[0]
        if len(whole_words) > limit // 2:
            head = whole_words
    return head.rstrip(" ,;-&")


def free_name(wanted: str, taken: Callable[[str], bool], limit: int = CUSTOMER_NAME) -> str:
    """`wanted`, shortened where it must be, with a number behind it where somebody bears it already.

    `taken` compares without regard to case. Empty when nothing of the name can be written: what then is to be sent
    is Blocked("name-empty").
    """
    name = shorten(wanted, limit)
    if not name or not taken(name):
        return name
    for number in range(2, _MOST):
        candidate = _numbered(wanted, f" ({number})", limit)
        if not taken(candidate):
            return candidate
    raise ValueError(f"{_MOST} names like {wanted!r} are taken")


def stems_from(name: str, wanted: str, limit: int = CUSTOMER_NAME) -> bool:
    """Whether `name` is one that free_name gives for `wanted`, with or without a number behind it."""
    if name == shorten(wanted, limit):
        return True
    suffixes = _NUMBERED.findall(name)
    return bool(suffixes) and name == _numbered(wanted, suffixes[-1], limit)


def _numbered(wanted: str, suffix: str, limit: int) -> str:
    return shorten(wanted, limit - len(suffix)) + suffix
