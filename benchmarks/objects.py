"""Objects a second at 50 a message: mapping, message set, evidence, states, ids, mirrors; all of it committed.

Two company files are served at once, each by a process of its own, as two workers of the server do. Both programs talk
through the real door in that process; the time inside the emulated QuickBooks and its Web Connector is measured and taken
off, because the real ones are somebody else's computer.
"""

import multiprocessing
import time
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

A_MESSAGE = 50
PROCESSES = 2


@dataclass(frozen=True)
class Office:
    """What a process needs to be one office PC."""

    company_file: int
    password: str
    qwc_file: bytes
    books: Path


def measure() -> dict[str, float]:
    from benchmarks import stage

    invoices = stage.size(800, 80)
    offices = [_office(number, invoices) for number in range(PROCESSES)]
    start = time.time() + 4
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        results = pool.starmap(_send_all, [(office, start) for office in offices])
    return {
        "objects": sum(sent for sent, _, _ in results),
        "objects a second": sum(sent / seconds for sent, seconds, _ in results),
        "ms a message of 50": 1000
        * sum(seconds for _, seconds, _ in results)
        / sum(n for _, _, n in results),
    }


def _office(number: int, invoices: int) -> Office:
    """A contractor with business whose lists were read and whose records wait for nothing but the next session."""
    from django.utils import timezone

    from benchmarks import stage
    from centerpoint.quickbooks import connection
    from centerpoint.quickbooks.models import CompanyFile

    scene = stage.contractor_with(
        name=f"Benchmark {number}", companies=200, tickets=invoices, projects=5, invoices=invoices
    )
    now = timezone.now()
    connection.save_options(company_file=scene.company_file, now=now, hold_for_approval=True)
    with stage.new_books("contractor") as books:
        scene.connector(books).update()
        path = books.path
    connection.save_options(
        company_file=scene.company_file, now=now, hold_for_approval=False, read_every=86_400
    )
    CompanyFile.objects.filter(pk=scene.company_file.pk).update(
        batch_size=A_MESSAGE, read_requested=False, read_at=timezone.now()
    )
    return Office(scene.company_file.pk, scene.password, scene.qwc_file, path)


def _send_all(office: Office, start: float) -> tuple[int, float, int]:
    """Objects sent, our own seconds, and messages."""
    import django

    django.setup()

    from benchmarks import stage
    from centerpoint.quickbooks.sync import planner, session
    from centerpoint.quickbooks.webconnector.door import Door
    from qbemulator.company_file import CompanyFile as Books

    ours = stage.Stopwatch()
    with Books.open(office.books) as books, mock.patch.object(planner, "LARGEST", A_MESSAGE):
        scene = stage.Stage(None, None, office.password, office.qwc_file)
        connector = scene.connector(books, door=ours.wrap(Door(session)))
        time.sleep(max(0.0, start - time.time()))
        update = connector.update()
        sent = len(books.invoices) + len([each for each in books.customers if each.get("ExternalGUID")])
    if update.outcome != "finished":
        raise ValueError(f"the session ended {update.outcome}: {update.last_error} {update.log}")
    return sent, ours.seconds, update.exchanges
