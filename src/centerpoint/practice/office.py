"""The person in the office by buttons: what may happen in QuickBooks between two runs of the Web Connector."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from centerpoint.contractors.models import Contractor
from centerpoint.contractors.refusals import Refusal, dollars
from centerpoint.practice import disk
from qbemulator.company_file.locks import is_locked
from qbemulator.company_file.office import Office, Pays
from qbemulator.company_file.refusals import Refused

CENT = Decimal("0.01")
DISCOUNT_PERCENT = 2
NAME_LIMIT = 41
STREET_LIMIT = 41
CITY_LIMIT = 31
STATE_LIMIT = 21
POSTAL_CODE_LIMIT = 13
MEMO_LIMIT = 4095

Values = Mapping[str, str]
View = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of an action: one of `choices`, or a text of at most `limit` characters, or an amount."""

    name: str
    label: str
    choices: tuple[Choice, ...] = ()
    limit: int | None = None
    is_amount: bool = False
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A button with its questions."""

    key: str
    label: str
    explanation: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    """`fields` gives the questions as the file stands, None when the action is impossible; `do` tells what happened."""

    key: str
    label: str
    explanation: str
    fields: Callable[[Office], tuple[Field, ...] | None]
    do: Callable[[Office, Values], str]


class NotPossible(Refusal):
    """The action, or a value given for it, does not fit what QuickBooks holds now."""


def actions(practice: Contractor, *, now: dt.datetime) -> list[Offered]:
    """What the person in the office can do now. Raises NoPractice, PracticeFileMissing."""
    with disk.opened(practice) as books, books.storage.transaction(write=False):
        office = Office(books, clock=lambda: now)
        return [
            Offered(key=action.key, label=action.label, explanation=action.explanation, fields=fields)
            for action in _possible(office)
            if (fields := action.fields(office)) is not None
        ]


def act(*, practice: Contractor, key: str, values: Values, now: dt.datetime) -> str:
    """Do it and say what happened. Raises NotPossible with QuickBooks' own reason, NoPractice, PracticeFileMissing."""
    with disk.opened(practice) as books:
        office = Office(books, clock=lambda: now)
        with books.storage.transaction():
            action = next((each for each in _possible(office) if each.key == key), None)
            fields = None if action is None else action.fields(office)
            if action is None or fields is None:
                raise NotPossible("This cannot be done in QuickBooks now; look at the buttons again.")
            try:
                return action.do(office, _checked(fields, values))
            except Refused as refused:
                reason = refused.message.partition("QuickBooks error message: ")[2] or refused.message
                raise NotPossible(f"QuickBooks refuses: {reason.strip()}") from refused


def _possible(office: Office) -> Sequence[_Action]:
    """Nobody works in a QuickBooks that is closed or asks something."""
    if office.books.quickbooks_closed:
        return [OPEN_QUICKBOOKS]
    if office.books.dialog_open:
        return [CLOSE_DIALOG]
    return ACTIONS


def _checked(fields: Sequence[Field], values: Values) -> dict[str, str]:
    """The values as they are used: stripped, every choice one of those offered, every amount in cents."""
    return {field.name: _value(field, values.get(field.name, "").strip()) for field in fields}


def _value(field: Field, value: str) -> str:
    if not value:
        if field.is_required:
            raise NotPossible(
                f"{field.label}: say which." if field.choices else f"{field.label}: fill it in."
            )
        return value
    if field.choices and value not in {choice.value for choice in field.choices}:
        raise NotPossible(f"{field.label}: this is not there any more; choose again.")
    if field.limit is not None and len(value) > field.limit:
        raise NotPossible(
            f"{field.label}: QuickBooks takes {field.limit} characters, these are {len(value)}."
        )
    return str(_amount(field, value)) if field.is_amount else value


def _amount(field: Field, text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$").replace(",", ""))
    except InvalidOperation as problem:
        raise NotPossible(f"{field.label}: {text!r} is no amount; write one such as 125.50.") from problem
    if not amount.is_finite() or not 0 <= amount < 10_000_000 or amount != amount.quantize(CENT):
        raise NotPossible(f"{field.label}: write an amount in dollars and cents, such as 125.50.")
    return amount.quantize(CENT)


# -- what there is to choose from ------------------------------------------------------------------------------------


def _invoice_label(view: View) -> str:
    total = Decimal(view["Subtotal"]) + Decimal(view["SalesTaxTotal"])
    return f"{view['RefNumber']}, {view['CustomerRef']['FullName']}, {dollars(total)}"


def _due(view: View) -> Decimal:
    return Decimal(view["BalanceRemaining"])


def _invoices(office: Office) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=view["TxnID"], label=_invoice_label(view)) for view in reversed(office.books.invoices)
    )


def _open_invoices(office: Office) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=view["TxnID"], label=f"{_invoice_label(view)}, {dollars(_due(view))} open")
        for view in reversed(office.books.invoices)
        if _due(view) > 0
    )


def _payments(office: Office) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=view["TxnID"], label=_payment_label(view)) for view in reversed(office.books.payments)
    )


def _payment_label(view: View) -> str:
    amount = dollars(Decimal(view["TotalAmount"]))
    return f"{amount} of {view['CustomerRef']['FullName']}, {view['TxnDate']}"


def _customers(office: Office) -> tuple[Choice, ...]:
    """Customers themselves; jobs are Centerpoint's to name."""
    return tuple(
        Choice(value=view["ListID"], label=view["FullName"])
        for view in office.books.customers
        if view["Sublevel"] == 0 and view["IsActive"]
    )


def _records(office: Office, *, locked: bool) -> tuple[Choice, ...]:
    """Customers and invoices that are, or are not, open in somebody's window."""
    storage = office.books.storage
    return tuple(
        choice
        for choice in (*_invoices(office), *_customers(office))
        if is_locked(storage, choice.value) is locked
    )


def _asks(
    field: Field, among: Callable[[Office], tuple[Choice, ...]], *more: Field
) -> Callable[[Office], tuple[Field, ...] | None]:
    """The questions of an action on one of many: impossible when there is none."""

    def fields(office: Office) -> tuple[Field, ...] | None:
        choices = among(office)
        if not choices:
            return None
        chosen = Field(name=field.name, label=field.label, choices=choices)
        return (chosen, *more)

    return fields


def _always(*fields: Field) -> Callable[[Office], tuple[Field, ...]]:
    return lambda office: fields


def _invoice(office: Office, values: Values) -> View:
    return next(view for view in office.books.invoices if view["TxnID"] == values["invoice"])


def _customer_name(office: Office, values: Values) -> str:
    found = next(view for view in office.books.customers if view["ListID"] == values["customer"])
    return str(found["FullName"])


# -- what happens ----------------------------------------------------------------------------------------------------


def _pay(office: Office, invoice: View, amount: Decimal, discount: Decimal = Decimal(0)) -> None:
    office.receive_payment(
        invoice["CustomerRef"]["FullName"], amount, invoices=[Pays(invoice["TxnID"], amount, discount)]
    )


def _receive_whole(office: Office, values: Values) -> str:
    invoice = _invoice(office, values)
    _pay(office, invoice, _due(invoice))
    return f"{dollars(_due(invoice))} was received; invoice {invoice['RefNumber']} is paid."


def _receive_part(office: Office, values: Values) -> str:
    invoice = _invoice(office, values)
    due = _due(invoice)
    amount = Decimal(values["amount"])
    if not 0 < amount < due:
        raise NotPossible(f"Amount: a part of {dollars(due)} lies between $0.01 and {dollars(due - CENT)}.")
    _pay(office, invoice, amount)
    return (
        f"{dollars(amount)} was received; {dollars(due - amount)} of invoice {invoice['RefNumber']} is open."
    )


def _receive_with_discount(office: Office, values: Values) -> str:
    invoice = _invoice(office, values)
    due = _due(invoice)
    discount = (due * DISCOUNT_PERCENT / 100).quantize(CENT)
    _pay(office, invoice, due - discount, discount)
    return (
        f"{dollars(due - discount)} was received and {dollars(discount)} given as a discount; "
        f"invoice {invoice['RefNumber']} is paid."
    )


def _delete_payment(office: Office, values: Values) -> str:
    payment = next(view for view in office.books.payments if view["TxnID"] == values["payment"])
    office.delete_payment(payment["TxnID"])
    return f"The payment of {_payment_label(payment)}, is deleted; what it paid is open again."


def _delete_invoice(office: Office, values: Values) -> str:
    invoice = _invoice(office, values)
    office.delete_invoice(invoice["TxnID"])
    return f"Invoice {invoice['RefNumber']} is deleted in QuickBooks."


def _edit_memo(office: Office, values: Values) -> str:
    invoice = _invoice(office, values)
    office.edit_invoice(invoice["TxnID"], memo=values["memo"])
    return f"The memo of invoice {invoice['RefNumber']} is now “{values['memo']}”."


def _edit_amount(office: Office, values: Values) -> str:
    invoice = _invoice(office, values)
    changed = office.edit_invoice(invoice["TxnID"], first_line_amount=values["amount"])
    total = Decimal(changed["Subtotal"]) + Decimal(changed["SalesTaxTotal"])
    return f"The first line of invoice {invoice['RefNumber']} is changed; its total is now {dollars(total)}."


def _add_customer(office: Office, values: Values) -> str:
    office.add_customer(values["name"])
    return f"{values['name']} is a new customer in QuickBooks."


def _rename_customer(office: Office, values: Values) -> str:
    before = _customer_name(office, values)
    office.rename_customer(before, values["name"])
    return f"{before} is now named {values['name']} in QuickBooks."


def _move_customer(office: Office, values: Values) -> str:
    name = _customer_name(office, values)
    address = {
        "Addr1": name[:STREET_LIMIT],
        "Addr2": values["street"],
        "City": values["city"],
        "State": values["state"],
        "PostalCode": values["postal_code"],
    }
    office.edit_customer(name, BillAddress={tag: value for tag, value in address.items() if value})
    return f"{name} has a new billing address in QuickBooks."


def _open_record(office: Office, values: Values) -> str:
    office.open_on_screen(values["record"])
    return "The record is open in a window; QuickBooks lets no program change it until it is closed."


def _close_record(office: Office, values: Values) -> str:
    office.close_on_screen(values["record"])
    return "The window is closed; programs may change the record again."


def _close_quickbooks(office: Office, values: Values) -> str:
    office.books.quickbooks_closed = True
    return "QuickBooks is closed; the Web Connector cannot start it until it is opened again."


def _open_quickbooks(office: Office, values: Values) -> str:
    office.books.quickbooks_closed = False
    return "QuickBooks is open again."


def _open_dialog(office: Office, values: Values) -> str:
    office.books.dialog_open = True
    return "A dialog box waits for an answer; QuickBooks is busy for every program until it is closed."


def _close_dialog(office: Office, values: Values) -> str:
    office.books.dialog_open = False
    return "The dialog box is closed."


_INVOICE = Field(name="invoice", label="Invoice")
_CUSTOMER = Field(name="customer", label="Customer")
_AMOUNT = Field(name="amount", label="Amount", is_amount=True)
_NAME = Field(name="name", label="Name", limit=NAME_LIMIT)

ACTIONS: tuple[_Action, ...] = (
    _Action(
        key="receive_payment",
        label="Receive a payment",
        explanation="A check for the whole open amount of an invoice comes in.",
        fields=_asks(_INVOICE, _open_invoices),
        do=_receive_whole,
    ),
    _Action(
        key="receive_part",
        label="Receive part of an invoice",
        explanation="The company pays less than is open; the rest stays open.",
        fields=_asks(_INVOICE, _open_invoices, _AMOUNT),
        do=_receive_part,
    ),
    _Action(
        key="receive_with_discount",
        label=f"Receive a payment less {DISCOUNT_PERCENT}%",
        explanation="The company pays early and takes its discount; the invoice is paid all the same.",
        fields=_asks(_INVOICE, _open_invoices),
        do=_receive_with_discount,
    ),
    _Action(
        key="delete_payment",
        label="Delete a payment",
        explanation="A check bounced, and the office deletes the payment.",
        fields=_asks(Field(name="payment", label="Payment"), _payments),
        do=_delete_payment,
    ),
    _Action(
        key="delete_invoice",
        label="Delete an invoice",
        explanation="Somebody deletes an invoice in QuickBooks that Centerpoint sent.",
        fields=_asks(_INVOICE, _invoices),
        do=_delete_invoice,
    ),
    _Action(
        key="edit_memo",
        label="Change the memo of an invoice",
        explanation="A harmless change that must not be overwritten.",
        fields=_asks(_INVOICE, _invoices, Field(name="memo", label="Memo", limit=MEMO_LIMIT)),
        do=_edit_memo,
    ),
    _Action(
        key="edit_amount",
        label="Change the amount of an invoice",
        explanation="The first line gets another amount, so the totals differ on both sides.",
        fields=_asks(_INVOICE, _invoices, _AMOUNT),
        do=_edit_amount,
    ),
    _Action(
        key="add_customer",
        label="Add a customer",
        explanation="A new customer is entered in QuickBooks first; Centerpoint brings it in.",
        fields=_always(_NAME),
        do=_add_customer,
    ),
    _Action(
        key="rename_customer",
        label="Rename a customer",
        explanation="The name changes in QuickBooks; pairing holds, because it goes by QuickBooks' own id.",
        fields=_asks(_CUSTOMER, _customers, _NAME),
        do=_rename_customer,
    ),
    _Action(
        key="change_address",
        label="Change a customer's address",
        explanation="A customer moves; the new billing address comes into Centerpoint.",
        fields=_asks(
            _CUSTOMER,
            _customers,
            Field(name="street", label="Street", limit=STREET_LIMIT),
            Field(name="city", label="City", limit=CITY_LIMIT),
            Field(name="state", label="State", limit=STATE_LIMIT, is_required=False),
            Field(name="postal_code", label="Postal code", limit=POSTAL_CODE_LIMIT, is_required=False),
        ),
        do=_move_customer,
    ),
    _Action(
        key="open_record",
        label="Open a record in a window",
        explanation="Somebody edits a customer or an invoice; QuickBooks refuses others meanwhile.",
        fields=_asks(Field(name="record", label="Record"), lambda office: _records(office, locked=False)),
        do=_open_record,
    ),
    _Action(
        key="close_record",
        label="Close a record's window",
        explanation="The record can be changed by programs again.",
        fields=_asks(Field(name="record", label="Record"), lambda office: _records(office, locked=True)),
        do=_close_record,
    ),
    _Action(
        key="open_dialog",
        label="Leave a dialog box open",
        explanation="QuickBooks waits for an answer on the screen and is busy for every program.",
        fields=_always(),
        do=_open_dialog,
    ),
    _Action(
        key="close_quickbooks",
        label="Close QuickBooks",
        explanation="The company file is closed; the Web Connector finds no QuickBooks.",
        fields=_always(),
        do=_close_quickbooks,
    ),
)
CLOSE_DIALOG = _Action(
    key="close_dialog",
    label="Close the dialog box",
    explanation="QuickBooks answers programs again.",
    fields=_always(),
    do=_close_dialog,
)
OPEN_QUICKBOOKS = _Action(
    key="open_quickbooks",
    label="Open QuickBooks",
    explanation="The company file is open again, and the Web Connector finds it.",
    fields=_always(),
    do=_open_quickbooks,
)
