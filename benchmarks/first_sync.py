"""SOAP calls an object over a first sync of some 1,000 records: round trips are what the bookkeeper waits for.

The emulated PC talks to a live server until nothing is left to do. The size of a message starts at 10 and grows as in life.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from benchmarks import servers, stage
from qbemulator.company_file import CompanyFile


def rounds() -> Iterator[dict[str, float]]:
    """One round: what is counted does not vary."""
    share = stage.size(1, 10)
    scene = stage.contractor(
        companies=210 // share, tickets=400 // share, projects=20 // share, invoices=400 // share
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        CompanyFile.create(Path(folder) / "books.qbx", sample="contractor", now=timezone.now()) as books,
        servers.running("centerpoint") as server,
    ):
        started = time.perf_counter()
        updates = scene.connector(books, port=server.port).update_until_idle()
        seconds = time.perf_counter() - started
        ours = sum(1 for customer in books.customers if customer.get("ExternalGUID"))
        objects = ours + len(books.invoices)
    if updates[-1].outcome != "no_data":
        raise ValueError(f"the last session ended {updates[-1].outcome}: {updates[-1].log}")
    calls = sum(update.soap_calls for update in updates)
    return iter(
        [
            {
                "SOAP calls an object": calls / objects,
                "SOAP calls": calls,
                "objects": objects,
                "sessions": len(updates),
                "seconds, emulated QuickBooks included": seconds,
            }
        ]
    )
