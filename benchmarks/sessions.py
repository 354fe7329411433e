"""Memory of the server over many sessions: it stays flat.

Every session reads all lists and finds nothing new, which is what most sessions of a day are. Several offices take turns,
so that all workers and threads serve.
"""

import threading
import time
from collections.abc import Iterator, Sequence

from benchmarks import office, servers, stage
from centerpoint.quickbooks.models import CompanyFile

OFFICES = 4


def rounds() -> Iterator[dict[str, float]]:
    """One round: a trend of memory, not a speed."""
    sessions, warm_up = stage.size(2_000, 40), stage.size(400, 20)
    recording = office.record()
    # With an interval of no seconds a reading is due at every log-in.
    offices = [
        stage.contractor(f"Benchmark {number}", read_every=0).office(recording) for number in range(OFFICES)
    ]
    with servers.running("centerpoint") as server:
        _hold(offices, server.port, warm_up)
        warm = server.megabytes()
        started = time.perf_counter()
        _hold(offices, server.port, sessions)
        seconds = time.perf_counter() - started
        yield {
            "MB grown": server.megabytes() - warm,
            "MB of all workers when warm": warm,
            "sessions": sessions,
            "sessions a second": sessions / seconds,
        }
    if CompanyFile.objects.exclude(trouble="").exists():
        raise ValueError("a session went wrong")


def _hold(offices: Sequence[office.Office], port: int, sessions: int) -> None:
    threads = [
        threading.Thread(target=_hold_some, args=(pc, port, sessions // len(offices))) for pc in offices
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _hold_some(pc: office.Office, port: int, sessions: int) -> None:
    service = office.over_http(port)
    for _ in range(sessions):
        pc.session(service)
