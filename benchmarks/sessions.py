"""Memory of a worker over many sessions: it stays flat."""

import resource

from benchmarks import stage
from centerpoint.quickbooks.models import CompanyFile


def measure() -> dict[str, float]:
    count = stage.size(400, 20)
    scene = stage.contractor_with(companies=20, tickets=10, projects=0, invoices=10)
    connector = scene.connector(stage.new_books("empty"))
    for _ in range(count // 4):
        _session(connector)
    warm = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(count):
        _session(connector)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"sessions": count, "MB when warm": warm / 1024, "MB grown": (grown - warm) / 1024}


def _session(connector: object) -> None:
    CompanyFile.objects.update(read_requested=True)
    update = connector.update()  # type: ignore[attr-defined]
    if update.outcome != "finished":
        raise ValueError(f"the session ended {update.outcome}: {update.last_error} {update.log}")
