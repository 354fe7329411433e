"""What goes to QuickBooks and comes from it, for the bookkeeper: outbox, fix list, payments received, runs."""

from centerpoint.pages.quickbooks import (
    dry_run,
    fixes,
    of_payment,
    outbox,
    payments_received,
    posting,
    record,
    runs,
)

urls = [
    *outbox.urls,
    *dry_run.urls,
    *posting.urls,
    *record.urls,
    *of_payment.urls,
    *fixes.urls,
    *payments_received.urls,
    *runs.urls,
]
