"""Finding what is owed among many invoices of which 50 changed: it may not grow with the many."""

import statistics
import time

from django.utils import timezone

from benchmarks import stage
from centerpoint.billing.models import Invoice
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import Posting

OWED = 50


def measure() -> dict[str, float]:
    few, many = stage.size(2_000, 100), stage.size(20_000, 300)
    small, large = _milliseconds(few), _milliseconds(many)
    return {f"ms among {few:,}": small, f"ms among {many:,}": large, "ratio": large / small}


def _milliseconds(invoices: int) -> float:
    stage.fresh_database()
    scene = stage.contractor_with(companies=300, tickets=invoices, projects=0, invoices=invoices)
    company_file = scene.company_file
    outbox.discover(company_file, now=timezone.now())  # the first sweep finds everything
    times = []
    for _ in range(5):
        changed = list(Invoice.objects.filter(status="issued").values_list("pk", flat=True)[:OWED])
        for pk in changed:
            invoice = Invoice.objects.get(pk=pk)
            Invoice.objects.filter(pk=pk).update(revision=invoice.revision + 1, changed_at=timezone.now())
        before = Posting.objects.count()
        started = time.perf_counter()
        outbox.discover(company_file, now=timezone.now())
        times.append(1000 * (time.perf_counter() - started))
        if Posting.objects.count() - before != OWED:
            raise ValueError(f"{Posting.objects.count() - before} postings were found instead of {OWED}")
    return statistics.median(times)
