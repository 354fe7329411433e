"""`qbemulator`: an office PC with QuickBooks Desktop and the Web Connector, emulated.

Exit codes: 0 done; 1 a session ended with an error the service told, or in doubt; 2 wrong usage, or a .qwc file the Web
Connector does not take; 3 QuickBooks refused; 4 the service cannot be reached; 5 the password was refused.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Annotated, Any, NoReturn
from zoneinfo import available_timezones

import typer
from rich.console import Console
from rich.table import Table

from qbemulator import faults, qwc, serve
from qbemulator.cli_office import office_app
from qbemulator.company_file import CompanyFile, Refused
from qbemulator.company_file.samples import SAMPLES
from qbemulator.faults import Fault, Pending
from qbemulator.request_processor import RequestProcessor
from qbemulator.transport import HttpTransport, Reply
from qbemulator.web_connector import Update, WebConnector

TOLD_AN_ERROR, WRONG_USAGE, QUICKBOOKS_REFUSED, UNREACHABLE, WRONG_PASSWORD = 1, 2, 3, 4, 5
EXIT_CODES = {
    "finished": 0,
    "no_data": 0,
    "busy": TOLD_AN_ERROR,
    "error": TOLD_AN_ERROR,
    "interrupted": TOLD_AN_ERROR,
    "quickbooks": QUICKBOOKS_REFUSED,
    "unreachable": UNREACHABLE,
    "refused": WRONG_PASSWORD,
}

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, rich_markup_mode=None)
app.add_typer(office_app, name="office")
out, err = Console(), Console(stderr=True)

File = Annotated[Path, typer.Argument(metavar="FILE.qbx", help="The company file.")]


def main() -> None:
    try:
        app()
    except Refused as refusal:
        _stop(f"QuickBooks refuses: {refusal.message} ({refusal.code})", QUICKBOOKS_REFUSED)
    except qwc.Refused as refusal:
        _stop(f"{refusal.code}: {refusal.reason}", WRONG_USAGE)
    except sqlite3.DatabaseError as problem:
        _stop(f"This is no company file: {problem}", WRONG_USAGE)
    except FileNotFoundError as problem:
        _stop(f"There is no file {problem.filename or problem}.", WRONG_USAGE)
    except FileExistsError as problem:
        _stop(f"There is a file {problem} already.", WRONG_USAGE)
    except OSError as problem:
        _stop(str(problem), WRONG_USAGE)


def _stop(sentence: str, code: int) -> NoReturn:
    err.print(sentence, style="red", highlight=False, soft_wrap=True, markup=False)
    sys.exit(code)


def _print_json(data: Any) -> None:
    print(json.dumps(data, indent=2, default=str))  # noqa: T201 - a machine reads it


# -- the file ------------------------------------------------------------------------------------------------------


@app.command()
def new(
    file: File,
    sample: Annotated[str, typer.Option(help=f"What is in it: {', '.join(SAMPLES)}.")] = "contractor",
    time_zone: Annotated[str, typer.Option(help="Time zone of the office PC.")] = "America/Los_Angeles",
    customers: Annotated[int, typer.Option(help="How many customers the sample “crowded” has.")] = 2_000,
) -> None:
    """Create a company file."""
    if sample not in SAMPLES:
        _stop(f"There is no sample {sample!r}; choose one of {', '.join(SAMPLES)}.", WRONG_USAGE)
    if time_zone not in available_timezones():
        _stop(f"There is no time zone {time_zone!r}; write it like America/New_York.", WRONG_USAGE)
    now = datetime.now(UTC)
    with (
        err.status(f"Creating {file} ..."),
        CompanyFile.create(file, sample=sample, now=now, time_zone=time_zone, customers=customers) as books,
    ):
        created = f"{books.company_name}: {len(books.customers)} customers and jobs in {file}"
    out.print(created, highlight=False, markup=False, soft_wrap=True)


@app.command()
def dump(
    file: File, as_json: Annotated[bool, typer.Option("--json", help="All of it, as JSON.")] = False
) -> None:
    """Show what is in a company file."""
    with CompanyFile.open(file) as books:
        content = books.dump()
    if as_json:
        _print_json(content)
        return
    table = Table(show_header=False, box=None)
    for name, records in content.items():
        if isinstance(records, list):
            table.add_row(name.replace("_", " "), str(len(records)))
    out.print(content["company"]["CompanyName"], table)


# -- the Web Connector ---------------------------------------------------------------------------------------------


@app.command(
    help="Run the Web Connector: one session, or sessions until the service has nothing to do. The exit code is that of "
    "the last session.\n\nFaults:\n\n" + faults.table()
)
def connect(
    file: Annotated[Path, typer.Argument(metavar="FILE.qwc", help="The application's file.")],
    password: Annotated[str, typer.Option(help="As Centerpoint shows it.")],
    company_file: Annotated[Path, typer.Option(help="The company file that is open in QuickBooks.")],
    fault: Annotated[
        list[Fault] | None,
        typer.Option(
            parser=faults.parse,
            metavar="SPEC",
            help="Let something go wrong, such as lose-answer@2; may be given again.",
        ),
    ] = None,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="Run until there is nothing to do.")
    ] = False,
    check_urls: Annotated[
        bool, typer.Option(help="Ask for AppSupport and AppURL first, as an import does.")
    ] = True,
    trust: Annotated[Path | None, typer.Option(help="PEM file of a certificate authority to trust.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what happened as JSON.")] = False,
) -> None:
    pending = Pending(fault or ())
    application = qwc.read(file)
    started = monotonic()
    with (
        CompanyFile.open(company_file) as books,
        HttpTransport(trusted_certificates=str(trust) if trust else None) as transport,
        err.status("Updating ...") as status,
    ):
        calls = 0

        def show(method: str, _: bytes, __: Reply) -> None:
            nonlocal calls
            calls += 1
            status.update(f"Updating ... {calls} SOAP calls, now {method}")

        connector = WebConnector(
            qwc=application,
            password=password,
            processor=RequestProcessor(books),
            transport=transport,
            check_urls=check_urls,
            watch=show,
        )
        updates = connector.update_until_idle(faults=pending) if until_idle else [connector.update(pending)]
    _report(updates, seconds=monotonic() - started, left=pending.left, as_json=as_json)
    raise typer.Exit(EXIT_CODES[updates[-1].outcome])


def _report(updates: Sequence[Update], *, seconds: float, left: Sequence[Fault], as_json: bool) -> None:
    totals = {
        "sessions": len(updates),
        "soap_calls": sum(update.soap_calls for update in updates),
        "exchanges": sum(update.exchanges for update in updates),
        "objects": sum(update.objects for update in updates),
        "seconds": round(seconds, 2),
    }
    if as_json:
        sessions = [asdict(update) for update in updates]
        _print_json({**totals, "updates": sessions, "faults_left": [str(fault) for fault in left]})
        return
    table = Table("Session", "Outcome", "Exchanges", "Objects", "SOAP calls", "Said")
    for number, update in enumerate(updates, 1):
        cells = (
            number,
            update.outcome.replace("_", " "),
            update.exchanges,
            update.objects,
            update.soap_calls,
        )
        table.add_row(*map(str, cells), update.last_error or update.log[-1])
    out.print(table)
    out.print(
        ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in totals.items()), highlight=False
    )
    for fault in left:
        err.print(f"{fault} never happened.", style="yellow", highlight=False)


@app.command("serve")
def serve_processor(
    company_file: Annotated[Path, typer.Option(help="The company file.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
) -> None:
    """The request processor alone: POST a qbXML document, get QuickBooks' answer; GET says that it is there."""
    with CompanyFile.open(company_file) as books:
        server = serve.make_server(RequestProcessor(books), host=host, port=port)
        address = f"http://{host}:{server.server_port}"
        out.print(f"{books.company_name} answers qbXML on {address} until Ctrl-C.", highlight=False)
        serve.run(server)
