"""What stands in the way of a change: a record open on somebody's screen, the closing date."""

from __future__ import annotations

from qbemulator.company_file import refusals
from qbemulator.company_file.storage import Storage

CLOSING_DATE = "Preferences.closing_date"  # as kept by preferences.Preferences


def lock(storage: Storage, object_id: str) -> None:
    """Somebody opens a record on a screen and begins to edit it."""
    storage.execute("INSERT OR IGNORE INTO locks (object_id) VALUES (?)", (object_id,))


def unlock(storage: Storage, object_id: str) -> None:
    storage.execute("DELETE FROM locks WHERE object_id = ?", (object_id,))


def is_locked(storage: Storage, object_id: str) -> bool:
    return storage.one("SELECT 1 FROM locks WHERE object_id = ?", (object_id,)) is not None


def refuse_locked_record(storage: Storage, list_id: str) -> None:
    if is_locked(storage, list_id):
        raise refusals.list_element_locked(list_id)


def refuse_locked_transaction(storage: Storage, txn_id: str, action: str) -> None:
    if is_locked(storage, txn_id):
        raise refusals.transaction_locked(action, txn_id)


def refuse_closed_period(storage: Storage, txn_date: str, action: str, *, code: int = 3171) -> None:
    """A transaction dated on or before the closing date is neither added, changed nor deleted."""
    closing_date: str = storage.setting(CLOSING_DATE, "")
    if closing_date and txn_date <= closing_date:
        raise refusals.closed_period(action, closing_date, code=code)
