"""Objects a second at 50 a message: what the server makes of a queue of customers, jobs and invoices.

Everything counts that happens in life: mapping, checks, message set, evidence, states, ids and mirrors, all committed; from
the first sendRequestXML to the answer of the last receiveResponseXML. Several company files are served at once over HTTP,
by a server as `centerpoint serve` starts it. Their offices are templates (office.py) in one process beside the server, and
their processor time is shown, because it is taken from the same machine.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from benchmarks import load, office, servers, stage
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, Posting
from centerpoint.quickbooks.posting_states import State
from qbemulator.transport import HttpTransport

A_MESSAGE = 50
OFFICES = 8


def rounds() -> Iterator[dict[str, float]]:
    recording = office.record()
    groups = [
        [_contractor(f"Benchmark {number} {place}", recording) for place in range(OFFICES)]
        for number in range(stage.ROUNDS)
    ]
    with servers.running("bare") as bare, servers.running("centerpoint") as server:
        for group in groups:
            constant = load.run(
                bare.port, [load.post("serverVersion")], connections=8, seconds=stage.size(2, 1)
            )
            yield _send_all(group, server, bare_calls=constant.calls_a_second)


def _contractor(name: str, recording: office.Recording) -> office.Office:
    """A contractor whose lists were read and whose records wait for nothing but the next session."""
    invoices = stage.size(500, 60)
    scene = stage.contractor(
        name, companies=invoices // 5, tickets=invoices, projects=5, invoices=invoices, hold_for_approval=True
    )
    pc = scene.office(recording)
    pc.session(office.in_process())
    connection.save_options(company_file=scene.company_file, now=timezone.now(), hold_for_approval=False)
    # The size of a message follows QuickBooks' pace; a posting's own limit holds it at 50.
    Posting.objects.filter(company_file=scene.company_file).update(batch_limit=A_MESSAGE)
    CompanyFile.objects.filter(pk=scene.company_file.pk).update(batch_size=A_MESSAGE)
    return pc


@dataclass
class _Conversation:
    """One office at work in a thread of its own."""

    pc: office.Office
    port: int
    barrier: threading.Barrier
    messages: int = 0
    ended_at: float = 0.0

    def hold(self) -> None:
        # Between two messages a real QuickBooks works for seconds. With one connection for all of them, chance would
        # give most offices to one worker and let the other one rest.
        transport = HttpTransport()
        service = office.over_http(self.port, transport)
        ticket = self.pc.log_in(service)
        self.barrier.wait()
        self.messages = self.pc.exchange_all(service, ticket, after_each=transport.close)
        self.ended_at = time.perf_counter()


def _send_all(
    offices: Sequence[office.Office], server: servers.Server, *, bare_calls: float
) -> dict[str, float]:
    barrier = threading.Barrier(len(offices) + 1)
    conversations = [_Conversation(pc, server.port, barrier) for pc in offices]
    threads = [threading.Thread(target=each.hold) for each in conversations]
    for thread in threads:
        thread.start()
    barrier.wait()
    started, used, of_server = time.perf_counter(), time.process_time(), server.cpu_seconds()
    for thread in threads:
        thread.join()
    seconds = max(each.ended_at for each in conversations) - started
    used, of_server = time.process_time() - used, server.cpu_seconds() - of_server
    objects = sum(pc.quickbooks.objects for pc in offices)
    messages = sum(each.messages for each in conversations)
    unsent = Posting.objects.filter(state__in=[State.SENT, State.UNKNOWN, State.REFUSED]).count()
    if not objects or unsent:
        raise ValueError(f"{objects} objects were sent and {unsent} not settled")
    return {
        "objects a second": objects / seconds,
        "objects for a call of bare granian": objects / seconds / bare_calls,
        "objects": objects,
        "messages": messages,
        "server's processor time a message, ms": 1000 * of_server / messages,
        "offices' share of two processors": used / seconds / 2,
    }
