"""What goes to QuickBooks and comes from it, for the bookkeeper: outbox, fix list, payments received, runs."""

from centerpoint.pages.quickbooks import payments_received, runs

urls = [*payments_received.urls, *runs.urls]
