"""Objects a second at 50 a message: mapping, message set, evidence, states, ids, mirrors; all of it committed.

Both programs run in this process through the real door; the time inside the emulated QuickBooks is measured and taken off,
because a real one is somebody else's. SOAP reading and writing on our side counts.
"""

import time
from unittest import mock

from django.utils import timezone

from benchmarks import stage
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile
from centerpoint.quickbooks.sync import planner

A_MESSAGE = 50


def measure() -> dict[str, float]:
    invoices = stage.size(1000, 100)
    scene = stage.contractor_with(companies=200, tickets=invoices, projects=5, invoices=invoices)
    now = timezone.now()
    connection.save_options(company_file=scene.company_file, now=now, hold_for_approval=True)
    books = stage.new_books("contractor")
    connector = scene.connector(books)
    connector.update()  # first contact: the lists are read, and everything waits for a word
    connection.save_options(company_file=scene.company_file, now=now, hold_for_approval=False)
    CompanyFile.objects.update(batch_size=A_MESSAGE, read_requested=False, read_at=timezone.now())
    quickbooks = stage.Stopwatch()
    connect = connector.processor.connect

    def connect_timed(*words: str) -> object:
        opened = connect(*words)
        opened.process = quickbooks.wrap(opened.process)
        return opened

    connector.processor.connect = connect_timed
    with mock.patch.object(planner, "LARGEST", A_MESSAGE):
        started = time.perf_counter()
        update = connector.update()
        seconds = time.perf_counter() - started - quickbooks.seconds
    sent = len(books.invoices) + len([each for each in books.customers if each.get("ExternalGUID")])
    return {
        "objects": sent,
        "objects a second": sent / seconds,
        "ms a message of 50": 1000 * seconds / max(1, update.exchanges),
        "seconds inside the emulated QuickBooks": quickbooks.seconds,
    }
