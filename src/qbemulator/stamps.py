"""The two stamps a Web Connector keeps in the company record: whose file this is, and who updates it (protocol.md A.6, B.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from qbemulator.company_file import CompanyFile
from qbemulator.qwc import Qwc

FILE_ID, APP_LOCK = "FileID", "AppLock"
LOCKED, UNLOCKED = "LOCKED", "UNLOCKED"
# .NET counts time in steps of 100 nanoseconds from the year 1.
YEAR_1, TICKS_A_MICROSECOND = datetime(1, 1, 1, tzinfo=UTC), 10


class NotStamped(Exception):
    """The Web Connector cannot write its stamps: it reports the text and leaves the company file alone."""


def put_on(books: CompanyFile, qwc: Qwc, *, computer: str, now: datetime) -> None:
    """FileID if the file has none under this OwnerID, and AppLock for the session that begins. Raises NotStamped.

    A lock this computer left behind, as after a crash, is taken over; one of another computer is respected.
    """
    if qwc.is_read_only:
        raise NotStamped(
            "QBWC1039: 3263, the application asked for read-only access and cannot write its stamps."
        )
    with books.storage.transaction():
        holder = _holder(books, qwc)
        if holder not in ("", computer):
            raise NotStamped(f"The company file is being updated from {holder}.")
        if books.data_ext(qwc.owner_id, FILE_ID) is None:
            books.set_data_ext(qwc.owner_id, FILE_ID, qwc.file_id)
        books.set_data_ext(qwc.owner_id, APP_LOCK, f"{LOCKED}:{computer}:{ticks(now)}")


def take_lock_off(books: CompanyFile, qwc: Qwc) -> None:
    """The session is over; FileID stays."""
    books.set_data_ext(qwc.owner_id, APP_LOCK, UNLOCKED)


def ticks(now: datetime) -> int:
    return (now - YEAR_1) // timedelta(microseconds=1) * TICKS_A_MICROSECOND


def _holder(books: CompanyFile, qwc: Qwc) -> str:
    """The computer that updates the file, "" for none."""
    state, _, rest = (books.data_ext(qwc.owner_id, APP_LOCK) or "").partition(":")
    return rest.partition(":")[0] if state == LOCKED else ""
