"""`qbemulator office FILE.qbx ACTION`: play the person in the office. Each action prints the record as it stands then."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from qbemulator import rounds
from qbemulator.company_file import CompanyFile
from qbemulator.company_file.office import Office, Pays

office_app = typer.Typer(
    no_args_is_help=True,
    help="Play the person in the office. Customers, items and the like are full names, TXNID is as `dump` shows it. "
    "Prints the record as it stands afterwards, as JSON. Exit code 3: QuickBooks refused.",
)


def amount(text: str) -> Decimal:
    """An amount of money. Raises ValueError for anything but digits with up to two decimals."""
    try:
        value = Decimal(text)
    except InvalidOperation as problem:
        raise ValueError(f"{text!r} is no amount") from problem
    if not value.is_finite() or value != round(value, 2):
        raise ValueError(f"{text!r} is no amount of money")
    return value


def pays(text: str) -> Pays:
    """TXNID, TXNID=AMOUNT or TXNID=AMOUNT-DISCOUNT. TxnIDs hold dashes, but no equals sign."""
    txn_id, _, amounts = text.partition("=")
    paid, _, discount = amounts.partition("-")
    return Pays(txn_id, amount(paid) if paid else None, amount(discount) if discount else Decimal(0))


def field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text!r} is not written ELEMENT=VALUE")
    return name, value


TxnId = Annotated[str, typer.Argument(metavar="TXNID")]
ObjectId = Annotated[str, typer.Argument(metavar="ID", help="ListID or TxnID.")]
Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="Full name of the customer or job.")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
Total = Annotated[Decimal, typer.Argument(metavar="AMOUNT", parser=amount, help="Such as 125.00.")]
NewAmount = Annotated[Decimal | None, typer.Option(parser=amount, metavar="AMOUNT")]
Paid = Annotated[
    list[Pays] | None,
    typer.Option(
        "--invoice",
        parser=pays,
        metavar="TXNID[=AMOUNT[-DISCOUNT]]",
        help="An invoice it pays; may be given again. Without an amount, all that is due.",
    ),
]


@office_app.callback()
def file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.qbx", help="The company file.")],
) -> None:
    context.obj = file


@contextmanager
def _office(context: typer.Context) -> Iterator[Office]:
    with CompanyFile.open(context.obj) as books:
        yield Office(books)


def _show(record: Any) -> None:
    print(json.dumps(record, indent=2, default=str))  # noqa: T201 - a machine may read it


# -- payments ------------------------------------------------------------------------------------------------------


@office_app.command("receive-payment")
def receive_payment(
    context: typer.Context,
    customer: Customer,
    total: Total,
    invoices: Paid = None,
    method: Annotated[str, typer.Option(help="Payment method.")] = "Check",
    ref_number: Annotated[str | None, typer.Option(help="Number of the check.")] = None,
    on: Annotated[
        date | None, typer.Option(parser=date.fromisoformat, metavar="YYYY-MM-DD", help="Date.")
    ] = None,
) -> None:
    """Receive a payment; what no invoice takes stays unapplied."""
    with _office(context) as office:
        _show(
            office.receive_payment(
                customer, total, invoices=invoices or (), method=method, ref_number=ref_number, on=on
            )
        )


@office_app.command("pay-some")
def pay_some(
    context: typer.Context,
    count: Annotated[int, typer.Option(help="How many payments.")] = 50,
    seed: Annotated[int, typer.Option(help="The same seed on the same file pays the same.")] = 1,
) -> None:
    """Receive many payments on open invoices: whole, partial, over two invoices, with a discount; a few are undone."""
    with _office(context) as office:
        _show(rounds.pay_some(office, count=count, seed=seed))


@office_app.command("edit-payment")
def edit_payment(
    context: typer.Context, txn_id: TxnId, total: NewAmount = None, invoices: Paid = None
) -> None:
    """Change a payment, or what it pays."""
    with _office(context) as office:
        _show(office.edit_payment(txn_id, total=total, invoices=invoices))


@office_app.command("delete-payment")
def delete_payment(context: typer.Context, txn_id: TxnId) -> None:
    """Delete a payment, as after a bounced check."""
    with _office(context) as office:
        office.delete_payment(txn_id)


@office_app.command("credit")
def credit(
    context: typer.Context,
    customer: Customer,
    total: Total,
    item: Annotated[str, typer.Option(metavar="ITEM")] = "Service",
    invoice: Annotated[str | None, typer.Option(metavar="TXNID", help="Use AMOUNT on this invoice.")] = None,
) -> None:
    """Give a credit memo of one line; its sales tax comes on top of AMOUNT."""
    with _office(context) as office:
        _show(office.credit_memo(customer, total, item=item, apply_to=[(invoice, total)] if invoice else []))


# -- invoices ------------------------------------------------------------------------------------------------------


@office_app.command("add-invoice")
def add_invoice(
    context: typer.Context,
    customer: Customer,
    item: Annotated[str, typer.Argument(metavar="ITEM")],
    total: Total,
) -> None:
    """Enter an invoice of one line by hand; its sales tax comes on top of AMOUNT."""
    with _office(context) as office:
        _show(office.add_invoice(customer, [(item, total)]))


@office_app.command("edit-invoice")
def edit_invoice(
    context: typer.Context,
    txn_id: TxnId,
    memo: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    first_line: NewAmount = None,
) -> None:
    """Change the memo of an invoice, or the amount of its first line."""
    with _office(context) as office:
        _show(office.edit_invoice(txn_id, memo=memo, first_line_amount=first_line))


@office_app.command("void-invoice")
def void_invoice(context: typer.Context, txn_id: TxnId) -> None:
    """Void an invoice."""
    with _office(context) as office:
        _show(office.void_invoice(txn_id))


@office_app.command("delete-invoice")
def delete_invoice(context: typer.Context, txn_id: TxnId) -> None:
    """Delete an invoice."""
    with _office(context) as office:
        office.delete_invoice(txn_id)


# -- names ---------------------------------------------------------------------------------------------------------


@office_app.command("add-customer")
def add_customer(
    context: typer.Context,
    name: Name,
    parent: Annotated[str | None, typer.Option(metavar="CUSTOMER", help="Make it a job of this one.")] = None,
    phone: Annotated[str | None, typer.Option()] = None,
    email: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Add a customer or job."""
    given = {"Phone": phone, "Email": email}
    fields = {element: value for element, value in given.items() if value}
    with _office(context) as office:
        _show(office.add_customer(name, parent=parent, **fields))


@office_app.command("edit-customer")
def edit_customer(
    context: typer.Context,
    customer: Customer,
    changes: Annotated[
        list[Any],
        typer.Option("--set", parser=field, metavar="ELEMENT=VALUE", help="Such as Phone=555-0100."),
    ],
) -> None:
    """Change fields of a customer or job."""
    with _office(context) as office:
        _show(office.edit_customer(customer, **dict(changes)))


@office_app.command("rename-customer")
def rename_customer(context: typer.Context, customer: Customer, name: Name) -> None:
    """Rename a customer or job."""
    with _office(context) as office:
        _show(office.rename_customer(customer, name))


@office_app.command("inactivate-customer")
def inactivate_customer(context: typer.Context, customer: Customer) -> None:
    """Make a customer or job inactive."""
    with _office(context) as office:
        _show(office.inactivate_customer(customer))


@office_app.command("delete-customer")
def delete_customer(context: typer.Context, customer: Customer) -> None:
    """Delete a customer or job that nothing uses."""
    with _office(context) as office:
        office.delete_customer(customer)


@office_app.command("merge-customers")
def merge_customers(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM")],
    target: Annotated[str, typer.Argument(metavar="INTO")],
) -> None:
    """Merge one customer into another."""
    with _office(context) as office:
        _show(office.merge_customers(source, target))


@office_app.command("add-vendor")
def add_vendor(context: typer.Context, name: Name) -> None:
    """Add a vendor: its name is then taken for customers, too."""
    with _office(context) as office:
        _show(office.add_vendor(name))


@office_app.command("add-item")
def add_item(context: typer.Context, name: Name) -> None:
    """Add a service item."""
    with _office(context) as office:
        _show(office.add_item(name))


# -- the company and its screens -----------------------------------------------------------------------------------


@office_app.command("set-closing-date")
def set_closing_date(
    context: typer.Context,
    on: Annotated[
        date | None, typer.Argument(parser=date.fromisoformat, metavar="YYYY-MM-DD", show_default=False)
    ] = None,
) -> None:
    """Close the books up to a date; without one, open them again."""
    with _office(context) as office:
        office.set_closing_date(on)


@office_app.command("lock")
def lock(context: typer.Context, object_id: ObjectId) -> None:
    """Open a record on a screen: programs get 3175 or 3176 for it."""
    with _office(context) as office:
        office.open_on_screen(object_id)


@office_app.command("unlock")
def unlock(context: typer.Context, object_id: ObjectId) -> None:
    """Close the record's screen again."""
    with _office(context) as office:
        office.close_on_screen(object_id)


# Command -> (attribute of the company file, its value, what it means)
SCREENS = {
    "open-dialog": ("dialog_open", True, "Leave a dialog box open: programs get 0x80040414."),
    "close-dialog": ("dialog_open", False, "Close the dialog box again."),
    "close-file": ("quickbooks_closed", True, "Close QuickBooks: programs get 0x80040408."),
    "open-file": ("quickbooks_closed", False, "Open the company file in QuickBooks again."),
    "switch-file": ("other_file_open", True, "Open another company file: programs get 0x8004040A."),
    "switch-back": ("other_file_open", False, "Open this company file again instead of the other."),
    "withdraw-permission": ("no_permission", True, "Keep applications out: programs get 0x8004041A."),
    "grant-permission": ("no_permission", False, "Let applications in again."),
}


def _setter(attribute: str, value: bool) -> Callable[[typer.Context], None]:
    def set_screen(context: typer.Context) -> None:
        with _office(context) as office:
            setattr(office.books, attribute, value)

    return set_screen


for _command, (_attribute, _value, _meaning) in SCREENS.items():
    office_app.command(_command, help=_meaning)(_setter(_attribute, _value))
