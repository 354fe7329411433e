"""The main job on one machine: a contractor, a practice company in QuickBooks, sessions until nothing is owed.

Real HTTP, real SOAP, real qbXML; only the office PC is emulated (practice.py).
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from rich.console import Console
from rich.table import Table

from centerpoint.contractors.refusals import Refusal

if TYPE_CHECKING:
    from centerpoint.practice import PracticePC
    from centerpoint.quickbooks.models import CompanyFile

CONTRACTOR = "Summit Roofing & Service"
EMAIL, PASSWORD, OWNER = "owner@summit.example", "practice-makes-perfect", "Dana Reyes"
COMPANIES, TICKETS, PROJECTS, INVOICES = 210, 440, 22, 410
CENT = Decimal("0.01")
# A cold and busy machine takes its time.
START_SECONDS = 120


class PortInUse(Refusal):
    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken on this machine; name a free one with --port.")


@dataclass(kw_only=True)
class Summary:
    """What the demo did. Amounts are strings with two decimals; both sides of each pair must be equal."""

    sent: dict[str, int]
    received: dict[str, int]
    invoice_total: dict[str, str]
    payment_total: dict[str, str]
    open_balance: dict[str, str]
    duplicates: int
    owed: int
    sessions: int = 0
    soap_calls: int = 0
    objects: int = 0
    seconds: float = 0.0

    @property
    def is_right(self) -> bool:
        pairs = (self.invoice_total, self.payment_total, self.open_balance)
        return not self.duplicates and not self.owed and all(len(set(pair.values())) == 1 for pair in pairs)


@dataclass
class Traffic:
    """What went over the wire."""

    sessions: int = 0
    soap_calls: int = 0
    seconds: float = 0.0
    started: float = field(default_factory=time.perf_counter)


def run(*, once: bool, json_file: Path | None, port: int, folder: Path, console: Console) -> None:
    """Tell the whole story; then serve on until Ctrl-C, unless `once`."""
    folder = folder.resolve()
    _prepare(folder, port)
    console.print(
        "[bold]Centerpoint[/bold]: the books of a roofing contractor, kept in step with QuickBooks Desktop\n"
    )
    company_file, password = _fill(folder, port, console)
    with _server(port, folder) as server:
        summary = _story(company_file, password, folder, console)
        _show(summary, console)
        if json_file is not None:
            json_file.write_text(json.dumps(asdict(summary), indent=2) + "\n")
        if not summary.is_right:
            raise NotInStep
        if not once:
            console.print(
                f"\nServing on http://localhost:{port} until Ctrl-C. "
                f"Sign in as {EMAIL} with the password {PASSWORD}.",
                highlight=False,
                soft_wrap=True,
            )
            with contextlib.suppress(KeyboardInterrupt):
                server.wait()


class NotInStep(Refusal):
    def __init__(self) -> None:
        super().__init__("The two sides are not in step; the summary above says where.")


def _prepare(folder: Path, port: int) -> None:
    """A fresh folder, a fresh database, settings of the demo's own: nothing of yours is touched."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder / 'centerpoint.sqlite3'}",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "CENTERPOINT_URL": f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "centerpoint.settings",
    }
    django.setup()
    from centerpoint import logs

    logs.configure(stream=(folder / "demo.log").open("a"))


def _fill(folder: Path, port: int, console: Console) -> tuple["CompanyFile", str]:
    from django.core.management import call_command
    from django.utils import timezone

    from centerpoint import contractor_setup
    from centerpoint.quickbooks import connection
    from centerpoint.sample_data import load_sample_data

    with console.status("A fresh database, a contractor and a year of business ..."):
        call_command("migrate", interactive=False, verbosity=0)
        contractor = contractor_setup.set_up_contractor(
            name=CONTRACTOR,
            owner_email=EMAIL,
            owner_password=PASSWORD,
            owner_name=OWNER,
            now=timezone.now(),
            street="2100 Ranch Road 620",
            city="Austin",
            state="TX",
            postal_code="78734",
            phone="512-555-0100",
            email="office@summit.example",
            time_zone="America/Chicago",
        )
        load_sample_data(
            contractor=contractor,
            companies=COMPANIES,
            tickets=TICKETS,
            projects=PROJECTS,
            invoices=INVOICES,
            seed=7,
            now=timezone.now(),
        )
    activation = connection.activate(
        contractor=contractor, url=f"http://localhost:{port}", now=timezone.now()
    )
    connection.save_options(
        company_file=activation.company_file,
        now=timezone.now(),
        new_companies_in=True,
        company_changes_in=True,
    )
    (folder / "centerpoint.qwc").write_bytes(connection.qwc_file(activation.company_file))
    console.print(
        f"· {CONTRACTOR}: {COMPANIES} companies, {TICKETS} service tickets, "
        f"{PROJECTS} projects and their invoices"
    )
    return activation.company_file, activation.password


@contextlib.contextmanager
def _server(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The production server in a process of its own, as an office would run it."""
    address = f"http://localhost:{port}/quickbooks/webconnector"
    with (folder / "server.log").open("wb") as log:
        # A session of its own: Ctrl-C at the terminal reaches the story, and the story stops the server.
        server = subprocess.Popen(
            [sys.executable, "-m", "centerpoint", "serve", "--port", str(port)],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_for(address, server, port)
            yield server
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(START_SECONDS * 5):
        if server.poll() is not None:
            raise PortInUse(port)
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
            return
        time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer within {START_SECONDS} seconds")


def _story(company_file: "CompanyFile", password: str, folder: Path, console: Console) -> Summary:
    from centerpoint.practice import PracticePC

    pc = PracticePC(
        file=folder / "practice.qbx",
        sample="contractor",
        qwc_file=folder / "centerpoint.qwc",
        password=password,
    )
    traffic = Traffic()
    try:
        with console.status("First contact: Centerpoint reads the lists and customers of QuickBooks ..."):
            _update(pc, traffic)
        with console.status("The bookkeeper pairs customers and lets everything go ..."):
            paired, created = _pair_and_approve(company_file)
            settled = _settle_conflicts(company_file)
            _approve(company_file)
        console.print(
            f"· first contact: {paired} companies paired, {created} to be created in QuickBooks after a look, "
            f"{settled} fields that differed settled"
        )
        with console.status("Companies, jobs and invoices go out ..."):
            _update(pc, traffic)
        console.print("· everything owed went out")
        with console.status("In the office: checks come in, some bounce, a customer is renamed ..."):
            events = pc.play_the_office()
        console.print("· in the office: " + ", ".join(f"{count} {what}" for what, count in events.items()))
        with console.status("Payments come back, and what they told us goes out again ..."):
            _ask_for_news(company_file)
            _update(pc, traffic)
            _approve(company_file)
            _update(pc, traffic)
        summary = _summary(company_file, pc, traffic)
        if summary.is_right:
            _begin_the_morning(company_file, pc)
        return summary
    finally:
        pc.close()


def _begin_the_morning(company_file: "CompanyFile", pc: "PracticePC") -> None:
    """The pages open on a day with something to do."""
    from django.utils import timezone

    from centerpoint import demo_morning

    demo_morning.begin(company_file=company_file, pc=pc, now=timezone.now())


def _update(pc: "PracticePC", traffic: Traffic) -> None:
    started = time.perf_counter()
    for update in pc.update():
        traffic.sessions += 1
        traffic.soap_calls += update.soap_calls
    traffic.seconds += time.perf_counter() - started


def _ask_for_news(company_file: "CompanyFile") -> None:
    from centerpoint.quickbooks import connection

    connection.ask_for_news(company_file=company_file)


def _approve(company_file: "CompanyFile") -> None:
    """Everything is held on day 0, so changes of companies that were paired wait for a word, too."""
    from django.utils import timezone

    from centerpoint.quickbooks import outbox

    outbox.approve(company_file=company_file, now=timezone.now())


def _pair_and_approve(company_file: "CompanyFile") -> tuple[int, int]:
    """What the bookkeeper does on the Pair Customers page: certain matches in bulk, then one by one."""
    from django.utils import timezone

    from centerpoint.quickbooks.models import Pairing, Posting, RecordKind, Suggestion
    from centerpoint.quickbooks.pairing import operations
    from centerpoint.quickbooks.posting_states import State

    now = timezone.now()
    paired = operations.accept_certain(company_file=company_file, now=now, by=None)
    created = 0
    undecided = Posting.objects.filter(
        company_file=company_file, kind=RecordKind.COMPANY, state=State.NEEDS_PAIRING
    ).select_related("company")
    for posting in undecided:
        company = posting.company
        assert company is not None
        for suggestion in Suggestion.objects.filter(
            company_file=company_file, company=company, customer__isnull=False, not_the_same=False
        ).order_by("-score"):
            assert suggestion.customer is not None
            is_free = not Pairing.objects.filter(customer=suggestion.customer).exists()
            if suggestion.score >= 60 and is_free:
                operations.pair(
                    company_file=company_file,
                    company=company,
                    customer=suggestion.customer,
                    how=Pairing.How.BY_HAND,
                    by=None,
                    now=now,
                )
                paired += 1
                break
            operations.not_the_same(
                company_file=company_file, company=company, customer=suggestion.customer, now=now
            )
        else:
            operations.create_there(company_file=company_file, company=company, by=None, now=now)
            created += 1
    return paired, created


def _settle_conflicts(company_file: "CompanyFile") -> int:
    """Where a pair differed, Centerpoint's value counts in this office."""
    from django.utils import timezone

    from centerpoint.quickbooks.models import Conflict
    from centerpoint.quickbooks.pairing import conflicts

    open_conflicts = Conflict.objects.filter(company_file=company_file, choice=Conflict.Choice.OPEN)
    for conflict in open_conflicts:
        conflicts.settle(conflict=conflict, choice=Conflict.Choice.OURS, now=timezone.now())
    return len(open_conflicts)


# -- the summary ---------------------------------------------------------------------------------------------------


def _summary(company_file: "CompanyFile", pc: "PracticePC", traffic: Traffic) -> Summary:
    books = pc.dump()
    ours = [invoice for invoice in books["invoices"] if invoice.get("ExternalGUID")]
    sent, received = _sent(company_file), _received(company_file)
    centerpoint = _totals_here(company_file)
    quickbooks = _totals_there(books, ours)
    return Summary(
        sent=sent,
        received=received,
        invoice_total={"centerpoint": centerpoint["invoices"], "quickbooks": quickbooks["invoices"]},
        payment_total={"centerpoint": centerpoint["payments"], "quickbooks": quickbooks["payments"]},
        open_balance={"centerpoint": centerpoint["open"], "quickbooks": quickbooks["open"]},
        duplicates=_duplicates(books),
        owed=_owed(company_file),
        sessions=traffic.sessions,
        soap_calls=traffic.soap_calls,
        objects=sum(sent.values()) + sum(received.values()),
        seconds=round(traffic.seconds, 1),
    )


def _sent(company_file: "CompanyFile") -> dict[str, int]:
    """Records QuickBooks holds, counted by what they are."""
    from django.db.models import Count

    from centerpoint.quickbooks.models import Counterpart, Pairing, Posting

    done = Counterpart.objects.filter(company_file=company_file)
    kinds = dict(done.values_list("kind").annotate(count=Count("*")))
    invoices = dict(
        done.filter(invoice__isnull=False).values_list("invoice__kind").annotate(count=Count("*"))
    )
    companies = Pairing.objects.filter(company_file=company_file).exclude(how=Pairing.How.BROUGHT_IN)
    posted = Posting.objects.filter(company_file=company_file, company__isnull=False)
    return {
        "companies": companies.filter(company__in=posted.values("company")).count(),
        "tickets": kinds.get("ticket", 0),
        "projects": kinds.get("project", 0),
        "service_invoices": invoices.get("service", 0),
        "project_invoices": invoices.get("project", 0),
    }


def _received(company_file: "CompanyFile") -> dict[str, int]:
    from centerpoint.quickbooks.models import Pairing, ReceivedPayment

    return {
        "companies": Pairing.objects.filter(company_file=company_file, how=Pairing.How.BROUGHT_IN).count(),
        "payments": ReceivedPayment.objects.filter(
            company_file=company_file, kind=ReceivedPayment.Kind.PAYMENT, payment__isnull=False
        ).count(),
    }


def _totals_here(company_file: "CompanyFile") -> dict[str, str]:
    from django.db.models import Sum

    from centerpoint.billing.models import Invoice, InvoiceStatus, Payment

    issued = Invoice.objects.filter(contractor=company_file.contractor, status=InvoiceStatus.ISSUED)
    payments = Payment.objects.filter(
        contractor=company_file.contractor, kind=Payment.Kind.PAYMENT, withdrawn_at=None
    )
    return {
        "invoices": _money(issued.aggregate(sum=Sum("total"))["sum"]),
        "payments": _money(payments.aggregate(sum=Sum("amount"))["sum"]),
        "open": _money(issued.aggregate(sum=Sum("balance"))["sum"]),
    }


def _totals_there(books: dict[str, Any], ours: list[dict[str, Any]]) -> dict[str, str]:
    ids = {invoice["TxnID"] for invoice in ours}
    payments = [
        payment
        for payment in books["payments"]
        if any(part["TxnID"] in ids for part in payment["AppliedToTxnRet"])
    ]
    return {
        "invoices": _money(sum(Decimal(one["Subtotal"]) + Decimal(one["SalesTaxTotal"]) for one in ours)),
        "payments": _money(sum(Decimal(payment["TotalAmount"]) for payment in payments)),
        "open": _money(sum(Decimal(one["BalanceRemaining"]) for one in ours)),
    }


def _money(amount: Decimal | int | None) -> str:
    return str(Decimal(amount or 0).quantize(CENT))


def _duplicates(books: dict[str, Any]) -> int:
    """Objects in the company file that stand for the same record of ours more than once."""
    marks = Counter(
        record["ExternalGUID"]
        for record in (*books["invoices"], *books["customers"])
        if record.get("ExternalGUID")
    )
    numbers = Counter(invoice["RefNumber"] for invoice in books["invoices"] if invoice.get("ExternalGUID"))
    names = Counter(customer["FullName"].lower() for customer in books["customers"])
    return sum(count - 1 for counter in (marks, numbers, names) for count in counter.values())


def _owed(company_file: "CompanyFile") -> int:
    from centerpoint.quickbooks.models import Posting
    from centerpoint.quickbooks.posting_states import OPEN

    return Posting.objects.filter(company_file=company_file, state__in=sorted(OPEN)).count()


def _show(summary: Summary, console: Console) -> None:
    counts = Table(title="Sent to QuickBooks, received from it", title_justify="left")
    counts.add_column("What")
    counts.add_column("Sent", justify="right")
    counts.add_column("Received", justify="right")
    for what in (*summary.sent, *(name for name in summary.received if name not in summary.sent)):
        cells = (str(side.get(what, "")) for side in (summary.sent, summary.received))
        counts.add_row(what.replace("_", " "), *cells)
    sums = Table(title="Both sides", title_justify="left")
    sums.add_column("Amount")
    sums.add_column("Centerpoint", justify="right")
    sums.add_column("QuickBooks", justify="right")
    sums.add_column("")
    for name in ("invoice_total", "payment_total", "open_balance"):
        pair = getattr(summary, name)
        mark = "equal" if pair["centerpoint"] == pair["quickbooks"] else "DIFFERENT"
        sums.add_row(name.replace("_", " "), pair["centerpoint"], pair["quickbooks"], mark)
    console.print(counts, sums)
    console.print(
        f"{summary.duplicates} duplicates, {summary.owed} owed; {summary.sessions} sessions, "
        f"{summary.soap_calls} SOAP calls, {summary.objects} objects, {summary.seconds} seconds",
        highlight=False,
    )
