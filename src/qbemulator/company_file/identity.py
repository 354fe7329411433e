"""TxnIDs, contact ids and ExternalGUIDs (protocol.md E.1)."""

from __future__ import annotations

from typing import NamedTuple

from qbemulator.company_file import refusals
from qbemulator.company_file.storage import Storage
from qbemulator.company_file.switches import Switches

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class TransactionNumbers(NamedTuple):
    sequence: int
    txn_id: str
    txn_number: int
    line_ids: list[str]


def transaction_numbers(storage: Storage, *, lines: int, now: int) -> TransactionNumbers:
    """Header n, something internal n+1, lines from n+2: one counter for all transactions and their lines."""
    first = storage.take_numbers("TxnID", 2 + max(lines, 1))
    return TransactionNumbers(
        first,
        f"{first:X}-{now}",
        storage.take_numbers("TxnNumber"),
        [f"{first + 2 + position:X}-{now}" for position in range(lines)],
    )


def added_line_id(storage: Storage, txn_id: str) -> str:
    """A line added later has a later counter but the creation second of its transaction."""
    return f"{storage.take_numbers('TxnID'):X}-{txn_id.rpartition('-')[2]}"


def contact_id(storage: Storage) -> str:
    number, text = storage.take_numbers("contact") + 32_000, ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text.rjust(16, "0")


def refuse_used_guid(storage: Storage, table: str, external_guid: str | None) -> None:
    """Only with the switch on: nobody knows whether QuickBooks enforces it (protocol.md C.10)."""
    if external_guid is None or not Switches(storage).external_guid_is_unique:
        return
    if storage.one(f"SELECT 1 FROM {table} WHERE external_guid = ?", (external_guid,)):  # noqa: S608 (two fixed names)
        raise refusals.cannot_save("object", "The external GUID is already in use.")
