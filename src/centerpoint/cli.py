"""`centerpoint`: the command line of the application.

Exit codes: 0 done; 1 refused, with a sentence saying why; 2 wrong usage or settings; 3 something waits for a person.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast

import typer
from django.core.exceptions import ImproperlyConfigured
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

if TYPE_CHECKING:
    from centerpoint.contractors.models import Contractor
    from centerpoint.quickbooks.connection import OptionFields
    from centerpoint.quickbooks.models import CompanyFile

REFUSED, WRONG_USAGE, WAITS_FOR_A_PERSON = 1, 2, 3

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, rich_markup_mode=None)
contractor_app = typer.Typer(no_args_is_help=True, help="The business that uses Centerpoint.")
integration_app = typer.Typer(no_args_is_help=True, help="The connection to QuickBooks Desktop.")
app.add_typer(contractor_app, name="contractor")
app.add_typer(integration_app, name="integration")

out = Console()
err = Console(stderr=True)

ContractorName = Annotated[str, typer.Argument(metavar="CONTRACTOR", help="The contractor's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a machine instead of text.")]


def main() -> None:
    """Run a command; a refusal becomes its sentence and an exit code, a bug its traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "centerpoint.settings")
    try:
        app()
    except ImproperlyConfigured as problem:
        _stop(str(problem), WRONG_USAGE)
    except Exception as problem:
        sentence = getattr(problem, "sentence", None)
        if sentence is None:
            raise
        _stop(sentence, REFUSED)


def _stop(sentence: str, code: int) -> NoReturn:
    err.print(sentence, style="red", highlight=False, soft_wrap=True)
    sys.exit(code)


def _start() -> None:
    import django

    from centerpoint import logs

    django.setup()
    logs.configure()


def _contractor(name: str) -> "Contractor":
    from centerpoint.contractors.models import Contractor

    found = Contractor.objects.filter(name__iexact=name).first()
    if found is None:
        known = ", ".join(Contractor.objects.order_by("name").values_list("name", flat=True)) or "none yet"
        _stop(f"There is no contractor named {name}. Known: {known}.", REFUSED)
    return found


def _company_file(name: str) -> "CompanyFile":
    from centerpoint.quickbooks import connection

    return connection.connected(_contractor(name))


def _say(data: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(data, indent=2, default=str))  # noqa: T201 - a machine reads it
        return
    table = Table(show_header=False, box=None)
    for name, value in data.items():
        table.add_row(name.replace("_", " "), str(value))
    out.print(table)


# -- the server and the database -----------------------------------------------------------------------------------


@app.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL up to this version."""
    _start()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    tls_certificate: Annotated[Path | None, typer.Option(help="PEM file of the certificate chain.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM file of the private key.")] = None,
    workers: Annotated[int | None, typer.Option(help="Server processes; one a core by default.")] = None,
) -> None:
    """Serve the pages and the Web Connector's door until Ctrl-C."""
    _start()
    from centerpoint import serve as server

    server.serve(host=host, port=port, certificate=tls_certificate, key=tls_key, workers=workers)


@app.command("notices")
def send_notices() -> None:
    """Send the e-mail that is due, once; for a scheduler to run every hour."""
    _start()
    from django.utils import timezone

    from centerpoint.quickbooks import notices

    done = notices.send_due(now=timezone.now())
    out.print(f"{done.sent} sent, {done.failed} failed.", highlight=False)
    if done.failed:
        _stop("The mail server did not take every mail; the next run tries again. The log says why.", REFUSED)


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Exit after the summary instead of serving on.")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the summary to this file as JSON.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the demo's server.")] = 8000,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its files; emptied first.")] = Path(
        "var/demo"
    ),
) -> None:
    """The whole story on one machine: a contractor, a practice company in QuickBooks, and the books in step."""
    from centerpoint import demo as story

    story.run(once=once, json_file=json_file, port=port, folder=folder, console=out)


# -- the contractor ------------------------------------------------------------------------------------------------


@contractor_app.command("create")
def contractor_create(
    name: Annotated[str, typer.Argument(help="The contractor's name.")],
    email: Annotated[str, typer.Option(help="E-mail address the owner signs in with.")],
    password: Annotated[str, typer.Option(help="The owner's password.")],
    time_zone: Annotated[str, typer.Option(help="Such as America/Chicago.")] = "America/New_York",
) -> None:
    """Create a contractor and its owner."""
    _start()
    from django.utils import timezone

    from centerpoint import contractor_setup

    made = contractor_setup.set_up_contractor(
        name=name, owner_email=email, owner_password=password, time_zone=time_zone, now=timezone.now()
    )
    out.print(f"{made.name} is ready; {email} is its owner.", highlight=False)


@app.command("sample-data")
def sample_data(
    contractor: ContractorName,
    companies: Annotated[int, typer.Option(min=1)] = 200,
    tickets: Annotated[int, typer.Option(min=0)] = 400,
    projects: Annotated[int, typer.Option(min=0)] = 20,
    invoices: Annotated[int, typer.Option(min=0, help="Issued service invoices.")] = 400,
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 1,
) -> None:
    """Fill a contractor with a year of believable business."""
    _start()
    from django.utils import timezone

    from centerpoint.sample_data import load_sample_data

    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("Sample data", total=companies + tickets + projects + invoices)
        load_sample_data(
            contractor=_contractor(contractor),
            companies=companies,
            tickets=tickets,
            projects=projects,
            invoices=invoices,
            seed=seed,
            now=timezone.now(),
            progress=lambda count: bar.advance(task, count),
        )
    out.print(f"{companies} companies, {tickets} tickets, {projects} projects and their invoices are there.")


# -- the integration -----------------------------------------------------------------------------------------------


@integration_app.command("activate")
def integration_activate(
    contractor: ContractorName,
    url: Annotated[
        str, typer.Option(help="Where the Web Connector reaches Centerpoint; https unless localhost.")
    ],
    to: Annotated[Path, typer.Option("--out", help="Folder for the .qwc file.")] = Path(),
) -> None:
    """Activate the integration; prints the .qwc path, user name and password as JSON."""
    _start()
    from django.utils import timezone

    from centerpoint.quickbooks import connection

    activation = connection.activate(contractor=_contractor(contractor), url=url, now=timezone.now())
    path = _write_qwc(activation.company_file, to)
    _say(
        {"qwc": str(path), "user_name": activation.company_file.user_name, "password": activation.password},
        as_json=True,
    )


@integration_app.command("qwc")
def integration_qwc(
    contractor: ContractorName,
    to: Annotated[Path, typer.Option("--out", help="Folder for the file.")] = Path(),
) -> None:
    """Write the .qwc file again; its identity never changes."""
    _start()
    out.print(str(_write_qwc(_company_file(contractor), to)), highlight=False, soft_wrap=True)


def _write_qwc(company_file: "CompanyFile", folder: Path) -> Path:
    from django.utils.text import slugify

    from centerpoint.quickbooks import connection

    folder.mkdir(parents=True, exist_ok=True)
    path = (folder / f"centerpoint-{slugify(company_file.contractor.name)}.qwc").resolve()
    path.write_bytes(connection.qwc_file(company_file))
    return path


@integration_app.command("password")
def integration_password(
    contractor: ContractorName,
    rotate: Annotated[bool, typer.Option(help="Make a new one; the old one works for another day.")] = False,
) -> None:
    """Show the Web Connector's password, or make a new one."""
    _start()
    from django.utils import timezone

    from centerpoint.contractors.history import acting
    from centerpoint.quickbooks import connection

    company_file = _company_file(contractor)
    with acting(through="the command line"):
        if rotate:
            password = connection.rotate_password(company_file=company_file, now=timezone.now())
        else:
            password = connection.reveal_password(company_file=company_file, now=timezone.now())
    out.print(password, highlight=False, soft_wrap=True)


@integration_app.command("settings")
def integration_settings(
    contractor: ContractorName,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change a setting; may be given several times."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show Integration Settings, or change some of them."""
    _start()
    from django.utils import timezone

    from centerpoint.quickbooks import connection

    company_file = _company_file(contractor)
    if change:
        connection.save_options(company_file=company_file, now=timezone.now(), **_options_from(change))
    company_file.refresh_from_db()
    options = {name: getattr(company_file.options, name) for name in connection.OptionFields.__annotations__}
    _say(options, as_json=as_json)


def _options_from(changes: list[str]) -> "OptionFields":
    """NAME=VALUE pairs as the options' own types; an unknown name or a value of another type stops the command."""
    from django.core.exceptions import ValidationError

    from centerpoint.quickbooks import connection
    from centerpoint.quickbooks.models import Options

    known = connection.OptionFields.__annotations__
    values: dict[str, Any] = {}
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals or name not in known:
            _stop(f"{change!r} is no NAME=VALUE of a setting. Settings: {', '.join(known)}.", WRONG_USAGE)
        try:
            values[name] = _option_value(Options._meta.get_field(name), text)
        except ValidationError as problem:
            _stop(f"{name}: {' '.join(problem.messages)}", WRONG_USAGE)
    return cast("OptionFields", values)


def _option_value(field: Any, text: str) -> Any:
    """`text` as the field's type; nothing is nothing, yes and no are booleans."""
    if not text:
        return None if field.null else ""
    if field.get_internal_type() == "BooleanField":
        text = {"yes": "1", "true": "1", "on": "1", "no": "0", "false": "0", "off": "0"}.get(
            text.lower(), text
        )
    return field.to_python(text)


@integration_app.command("status")
def integration_status(contractor: ContractorName, as_json: AsJson = False) -> None:
    """Where the integration stands; exit code 3 when something waits for a person."""
    _start()
    from django.utils import timezone

    from centerpoint.quickbooks import queries

    status = queries.status(_company_file(contractor), now=timezone.now())
    _say(status.as_dict(), as_json=as_json)
    if status.waits_for_a_person:
        raise typer.Exit(WAITS_FOR_A_PERSON)


@app.command("pair")
def pair(
    contractor: ContractorName,
    accept: Annotated[str, typer.Option(help="Which suggestions to accept: certain.")] = "certain",
    as_json: AsJson = False,
) -> None:
    """Pair companies with the QuickBooks customers they certainly are, and say what is left to look at."""
    _start()
    from django.utils import timezone

    from centerpoint.quickbooks.pairing import counting, operations

    if accept != "certain":
        _stop(
            f"--accept takes “certain”, not “{accept}”: anything less is for the bookkeeper to see.",
            WRONG_USAGE,
        )
    company_file = _company_file(contractor)
    paired = operations.accept_certain(company_file=company_file, now=timezone.now(), by=None)
    left = counting.counts(company_file)
    _say({"accepted": paired, **asdict(left)}, as_json=as_json)


@app.command("approve")
def approve(
    contractor: ContractorName,
    everything: Annotated[bool, typer.Option("--all", help="Approve all that is held.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let what is held for approval go to QuickBooks at the next run."""
    _start()
    from django.utils import timezone

    from centerpoint.quickbooks import outbox

    if not everything:
        _stop(
            "Say --all to approve everything that is held; single records are approved on the Outbox page.", 2
        )
    company_file = _company_file(contractor)
    now = timezone.now()
    outbox.discover(company_file, now=now)
    approved = outbox.approve(company_file=company_file, now=now)
    _say({"approved": approved}, as_json=as_json)
