"""What is owed to the company file: found, placed, decided upon, moved. `move` is the only writer of a posting's state."""

from centerpoint.quickbooks.outbox.decisions import (
    AlreadySent,
    NotAskedFor,
    NotDeletedThere,
    approve,
    bypass,
    hold,
    hold_some,
    leave_out,
    post_company,
    recreate,
    retry,
    retry_all,
    unlink,
    withdraw_company,
)
from centerpoint.quickbooks.outbox.discovery import discover, overtake
from centerpoint.quickbooks.outbox.glance import Glance, glance
from centerpoint.quickbooks.outbox.moves import move
from centerpoint.quickbooks.outbox.positions import reconsider

__all__ = [
    "AlreadySent",
    "Glance",
    "NotAskedFor",
    "NotDeletedThere",
    "approve",
    "bypass",
    "discover",
    "glance",
    "hold",
    "hold_some",
    "leave_out",
    "move",
    "overtake",
    "post_company",
    "reconsider",
    "recreate",
    "retry",
    "retry_all",
    "unlink",
    "withdraw_company",
]
