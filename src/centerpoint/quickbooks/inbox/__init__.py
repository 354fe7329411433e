"""What QuickBooks told us, applied: lists and customers mirrored, payments received, deletions noticed.

Everything works on chunks of up to 500 records with a handful of statements, runs inside the caller's transaction, and
may be told twice.
"""

from centerpoint.quickbooks.inbox.customers import take_customers
from centerpoint.quickbooks.inbox.deletions import take_deleted
from centerpoint.quickbooks.inbox.invoices import (
    invoices_gone,
    invoices_vanished,
    look_for_the_latest,
    take_invoices,
)
from centerpoint.quickbooks.inbox.lists import take_list_entries
from centerpoint.quickbooks.inbox.merging import customers_complete
from centerpoint.quickbooks.inbox.payments import take_credits, take_payments

__all__ = [
    "customers_complete",
    "invoices_gone",
    "invoices_vanished",
    "look_for_the_latest",
    "take_credits",
    "take_customers",
    "take_deleted",
    "take_invoices",
    "take_list_entries",
    "take_payments",
]
