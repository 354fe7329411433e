"""`qbemulator`: an office PC with QuickBooks Desktop and the Web Connector, emulated.

Exit codes: 0 done; 1 a session ended with an error the service told, or in doubt; 2 wrong usage, or a .qwc file the Web
Connector does not take; 3 QuickBooks refused; 4 the service cannot be reached; 5 the password was refused.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from qbemulator import faults, qwc, rounds, serve
from qbemulator.company_file import CompanyFile, Refused
from qbemulator.company_file.office import Office, Pays
from qbemulator.company_file.samples import SAMPLES
from qbemulator.request_processor import RequestProcessor
from qbemulator.web_connector import HttpTransport, Update, WebConnector

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
office_app = typer.Typer(
    no_args_is_help=True, help="Play the person in the office. Names are full names, ids TxnIDs."
)
app.add_typer(office_app, name="office")
out, err = Console(), Console(stderr=True)

File = Annotated[Path, typer.Argument(metavar="FILE.qbx", help="The company file.")]
Amount = Annotated[str, typer.Argument(help="An amount such as 125.00.")]
TxnId = Annotated[str, typer.Argument(metavar="TXNID", help="As `dump` shows it.")]


def main() -> None:
    try:
        app()
    except Refused as refusal:
        _stop(f"QuickBooks refuses: {refusal.message} ({refusal.code})", QUICKBOOKS_REFUSED)
    except qwc.Refused as refusal:
        _stop(f"{refusal.code}: {refusal.reason}", WRONG_USAGE)
    except (FileNotFoundError, FileExistsError) as problem:
        _stop(f"{problem.__class__.__name__}: {problem}", WRONG_USAGE)


def _stop(sentence: str, code: int) -> NoReturn:
    err.print(sentence, style="red", highlight=False, soft_wrap=True)
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
    with CompanyFile.create(
        file, sample=sample, now=datetime.now(UTC), time_zone=time_zone, customers=customers
    ) as books:
        out.print(
            f"{books.company_name}: {len(books.customers)} customers and jobs in {file}", highlight=False
        )


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
    out.print(content["company"].get("CompanyName", ""), table)


# -- the Web Connector ---------------------------------------------------------------------------------------------


@app.command(
    help="Run the Web Connector: one session, or sessions until the service has nothing to do.\n\nFaults:\n\n"
    + faults.table()
)
def connect(
    file: Annotated[Path, typer.Argument(metavar="FILE.qwc", help="The application's file.")],
    password: Annotated[str, typer.Option(help="As Centerpoint shows it.")],
    company_file: Annotated[Path, typer.Option(help="The company file that is open in QuickBooks.")],
    fault: Annotated[
        list[str] | None, typer.Option(help="Let something go wrong, such as lose-answer@2.")
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
    try:
        wrong = [faults.parse(spec) for spec in fault or ()]
    except ValueError as problem:
        _stop(str(problem), WRONG_USAGE)
    started = datetime.now(UTC)
    with CompanyFile.open(company_file) as books:
        connector = WebConnector(
            qwc=qwc.read(file),
            password=password,
            processor=RequestProcessor(books),
            transport=HttpTransport(trusted_certificates=str(trust) if trust else None),
            check_urls=check_urls,
        )
        with err.status("Updating ..."):
            updates = connector.update_until_idle(faults=wrong) if until_idle else [connector.update(wrong)]
    seconds = (datetime.now(UTC) - started).total_seconds()
    _report(updates, seconds, as_json=as_json)
    raise typer.Exit(EXIT_CODES[updates[-1].outcome])


def _report(updates: list[Update], seconds: float, *, as_json: bool) -> None:
    totals = {
        "sessions": len(updates),
        "soap_calls": sum(update.soap_calls for update in updates),
        "exchanges": sum(update.exchanges for update in updates),
        "objects": sum(update.objects for update in updates),
        "seconds": round(seconds, 2),
    }
    if as_json:
        _print_json({**totals, "updates": [asdict(update) for update in updates]})
        return
    table = Table("Session", "Outcome", "Exchanges", "Requests", "SOAP calls", "Said")
    for number, update in enumerate(updates, 1):
        said = update.last_error or update.message
        cells = (update.exchanges, update.objects, update.soap_calls)
        table.add_row(str(number), update.outcome.replace("_", " "), *map(str, cells), said)
    out.print(table)
    out.print(
        ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in totals.items()), highlight=False
    )


@app.command("serve")
def serve_processor(
    company_file: Annotated[Path, typer.Option(help="The company file.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
) -> None:
    """The request processor alone: POST a qbXML document, get QuickBooks' answer; GET says that it is there."""
    with CompanyFile.open(company_file) as books:
        out.print(
            f"{books.company_name} answers qbXML on http://{host}:{port} until Ctrl-C.", highlight=False
        )
        serve.serve(RequestProcessor(books), host=host, port=port)


# -- the office ----------------------------------------------------------------------------------------------------


def _office(file: Path) -> Office:
    return Office(CompanyFile.open(file))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@office_app.command("receive-payment")
def receive_payment(
    file: File,
    customer: Annotated[str, typer.Argument(help="Full name of the customer or job.")],
    total: Amount,
    invoice: Annotated[
        list[str] | None,
        typer.Option(help="TXNID[=AMOUNT[-DISCOUNT]] of an invoice it pays; may be given again."),
    ] = None,
    method: Annotated[str, typer.Option(help="Payment method.")] = "Check",
    ref_number: Annotated[str | None, typer.Option(help="Number of the check.")] = None,
    on: Annotated[str | None, typer.Option(help="Date, YYYY-MM-DD.")] = None,
) -> None:
    """Receive a payment; what no invoice takes stays unapplied."""
    pays = [_pays(spec) for spec in invoice or ()]
    made = _office(file).receive_payment(
        customer, Decimal(total), invoices=pays, method=method, ref_number=ref_number, on=_date(on)
    )
    _print_json(made)


def _pays(spec: str) -> Pays:
    txn_id, _, amounts = spec.partition("=")
    amount, _, discount = amounts.partition("-")
    return Pays(txn_id, Decimal(amount) if amount else None, Decimal(discount or 0))


@office_app.command("pay-some")
def pay_some(
    file: File,
    count: Annotated[int, typer.Option(help="How many payments.")] = 50,
    seed: Annotated[int, typer.Option(help="The same seed pays the same.")] = 1,
) -> None:
    """Receive many payments on open invoices: whole, partial, over several invoices, with a discount."""
    _print_json(rounds.pay_some(_office(file), count=count, seed=seed))


@office_app.command("delete-payment")
def delete_payment(file: File, txn_id: TxnId) -> None:
    """Delete a payment, as after a bounced check."""
    _office(file).delete_payment(txn_id)


@office_app.command("edit-payment")
def edit_payment(
    file: File,
    txn_id: TxnId,
    total: Annotated[str | None, typer.Option(help="The new amount.")] = None,
    invoice: Annotated[
        list[str] | None, typer.Option(help="As for receive-payment; replaces what it paid.")
    ] = None,
) -> None:
    """Change a payment or what it pays."""
    pays = None if invoice is None else [_pays(spec) for spec in invoice]
    _print_json(_office(file).edit_payment(txn_id, total=Decimal(total) if total else None, invoices=pays))


@office_app.command("delete-invoice")
def delete_invoice(file: File, txn_id: TxnId) -> None:
    """Delete an invoice."""
    _office(file).delete_invoice(txn_id)


@office_app.command("void-invoice")
def void_invoice(file: File, txn_id: TxnId) -> None:
    """Void an invoice."""
    _print_json(_office(file).void_invoice(txn_id))


@office_app.command("edit-invoice")
def edit_invoice(
    file: File,
    txn_id: TxnId,
    memo: Annotated[str | None, typer.Option()] = None,
    amount: Annotated[str | None, typer.Option(help="New amount of the first line.")] = None,
) -> None:
    """Change an invoice."""
    _print_json(_office(file).edit_invoice(txn_id, memo=memo, first_line_amount=amount))


@office_app.command("add-invoice")
def add_invoice(
    file: File,
    customer: Annotated[str, typer.Argument()],
    item: Annotated[str, typer.Argument()],
    amount: Amount,
) -> None:
    """Enter an invoice by hand."""
    _print_json(_office(file).add_invoice(customer, [(item, amount)]))


@office_app.command("credit")
def credit(
    file: File,
    customer: Annotated[str, typer.Argument()],
    amount: Amount,
    invoice: Annotated[str | None, typer.Option(help="TxnID of the invoice to use it on.")] = None,
) -> None:
    """Give a credit memo."""
    apply_to = [(invoice, Decimal(amount))] if invoice else []
    _print_json(_office(file).credit_memo(customer, Decimal(amount), apply_to=apply_to))


@office_app.command("add-customer")
def add_customer(
    file: File,
    name: Annotated[str, typer.Argument()],
    phone: Annotated[str | None, typer.Option()] = None,
    email: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Add a customer."""
    given = {"Phone": phone, "Email": email}
    _print_json(_office(file).add_customer(name, **{key: value for key, value in given.items() if value}))


@office_app.command("rename-customer")
def rename_customer(
    file: File, full_name: Annotated[str, typer.Argument()], name: Annotated[str, typer.Argument()]
) -> None:
    """Rename a customer or job."""
    _print_json(_office(file).rename_customer(full_name, name))


@office_app.command("edit-customer")
def edit_customer(
    file: File,
    full_name: Annotated[str, typer.Argument()],
    change: Annotated[
        list[str], typer.Option("--set", metavar="ELEMENT=VALUE", help="Such as Phone=555-0100.")
    ],
) -> None:
    """Change fields of a customer or job."""
    _print_json(_office(file).edit_customer(full_name, **dict(each.partition("=")[::2] for each in change)))


@office_app.command("inactivate-customer")
def inactivate_customer(file: File, full_name: Annotated[str, typer.Argument()]) -> None:
    """Make a customer or job inactive."""
    _print_json(_office(file).inactivate_customer(full_name))


@office_app.command("delete-customer")
def delete_customer(file: File, full_name: Annotated[str, typer.Argument()]) -> None:
    """Delete a customer or job that nothing uses."""
    _office(file).delete_customer(full_name)


@office_app.command("merge-customers")
def merge_customers(
    file: File, source: Annotated[str, typer.Argument()], target: Annotated[str, typer.Argument()]
) -> None:
    """Merge one customer into another."""
    _print_json(_office(file).merge_customers(source, target))


@office_app.command("add-vendor")
def add_vendor(file: File, name: Annotated[str, typer.Argument()]) -> None:
    """Add a vendor: its name is then taken for customers, too."""
    _print_json(_office(file).add_vendor(name))


@office_app.command("add-item")
def add_item(file: File, name: Annotated[str, typer.Argument()]) -> None:
    """Add a service item."""
    _print_json(_office(file).add_item(name))


@office_app.command("lock")
def lock(file: File, object_id: Annotated[str, typer.Argument(help="ListID or TxnID.")]) -> None:
    """Open a record on a screen: programs get 3175 or 3176 for it."""
    _office(file).open_on_screen(object_id)


@office_app.command("unlock")
def unlock(file: File, object_id: Annotated[str, typer.Argument(help="ListID or TxnID.")]) -> None:
    """Close the screen again."""
    _office(file).close_on_screen(object_id)


@office_app.command("set-closing-date")
def set_closing_date(file: File, on: Annotated[str, typer.Argument(help="YYYY-MM-DD, or none.")]) -> None:
    """Close the books up to a date."""
    _office(file).set_closing_date(None if on == "none" else date.fromisoformat(on))


@office_app.command("screen")
def screen(
    file: File,
    state: Annotated[str, typer.Argument(help="open, closed, dialog, other-file, busy, no-permission.")],
) -> None:
    """What is on the screen of the PC: QuickBooks open and free, or something in the way of every program."""
    obstacles = {
        "closed": "quickbooks_closed",
        "dialog": "dialog_open",
        "other-file": "other_file_open",
        "busy": "busy",
        "no-permission": "no_permission",
    }
    if state not in ("open", *obstacles):
        _stop(f"The screen is one of open, {', '.join(obstacles)}.", WRONG_USAGE)
    with CompanyFile.open(file) as books:
        for name, setting in obstacles.items():
            setattr(books, setting, name == state)
