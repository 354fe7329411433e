"""PURE: names as QuickBooks can hold them: 41 characters, no colon, nobody else's."""

from collections.abc import Callable

from qbxml.text import to_quickbooks

CUSTOMER_NAME = 41
_MOST = 1000


def cut(text: str, limit: int) -> str:
    """`text` in QuickBooks' characters, at most `limit` of them, on one line."""
    return " ".join(to_quickbooks(text).split())[:limit].rstrip()


def shorten(text: str, limit: int = CUSTOMER_NAME) -> str:
    """A name within the limit: whole words as long as that leaves most of it, colons as dashes."""
    name = " ".join(to_quickbooks(text).replace(":", " - ").split())
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

    `taken` compares without regard to case. Raises ValueError when nothing of the name can be written.
    """
    name = shorten(wanted, limit)
    if not name:
        raise ValueError(f"nothing of the name {wanted!r} can be written in QuickBooks")
    if not taken(name):
        return name
    for number in range(2, _MOST):
        suffix = f" ({number})"
        candidate = shorten(wanted, limit - len(suffix)) + suffix
        if not taken(candidate):
            return candidate
    raise ValueError(f"{_MOST} names like {wanted!r} are taken")
