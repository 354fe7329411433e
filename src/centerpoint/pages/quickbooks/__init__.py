"""What goes to QuickBooks and comes from it, for the bookkeeper: outbox, fix list, payments received, runs."""

from centerpoint.pages.quickbooks import fixes, outbox, payments_received, posting, record, runs

urls = [*outbox.urls, *posting.urls, *record.urls, *fixes.urls, *payments_received.urls, *runs.urls]
