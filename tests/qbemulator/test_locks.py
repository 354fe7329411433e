from datetime import date

import pytest
from by_hand.desktop import Desktop
from by_hand.requests import (
    applied_to,
    code,
    customer_mod,
    customer_query,
    invoice_add,
    invoice_mod,
    payment_add,
    status,
    text,
)

from qbemulator.company_file import Refused


def test_an_invoice_open_on_a_screen_cannot_be_voided(desktop: Desktop) -> None:
    txn_id = text(desktop.ask(invoice_add("Hillside HOA")), "InvoiceRet/TxnID") or ""
    desktop.office.open_on_screen(txn_id)
    request = f"<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>{txn_id}</TxnID></TxnVoidRq>"

    locked = desktop.ask(request)
    desktop.office.close_on_screen(txn_id)

    assert status(locked) == (
        "3176",
        "Error",
        f'Cannot void the object specified by the id = "{txn_id}".  QuickBooks error message: '
        "The transaction could not be locked.  It is in use by another user.",
    )
    assert code(desktop.ask(request)) == "0"


def test_an_invoice_open_on_a_screen_is_neither_changed_nor_deleted_nor_paid(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA"))[0]
    txn_id, sequence = text(invoice, "TxnID") or "", text(invoice, "EditSequence") or ""
    desktop.office.open_on_screen(txn_id)

    answers = desktop.send(
        invoice_mod(txn_id, sequence, "<Memo>x</Memo>"),
        f"<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>",
        payment_add("Hillside HOA", "1.00", applied_to(txn_id, "1.00")),
    )

    assert [code(each) for each in answers] == ["3176", "3176", "3176"]


def test_a_customer_open_on_a_screen_cannot_be_changed(desktop: Desktop) -> None:
    customer = desktop.ask(customer_query("<FullName>Hillside HOA</FullName>"))[0]
    list_id, sequence = text(customer, "ListID") or "", text(customer, "EditSequence") or ""
    desktop.office.open_on_screen(list_id)

    assert code(desktop.ask(customer_mod(list_id, sequence, "<Phone>1</Phone>"))) == "3175"


@pytest.mark.parametrize(("day", "expected"), [("2025-12-31", "3171"), ("2026-01-01", "0")])
def test_nothing_is_entered_on_or_before_the_closing_date(desktop: Desktop, day: str, expected: str) -> None:
    desktop.office.set_closing_date(date(2025, 12, 31))

    assert code(desktop.ask(invoice_add("Hillside HOA", date=day))) == expected


def test_what_was_closed_afterwards_can_neither_be_changed_nor_deleted_but_paid(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA", date="2025-12-30"))[0]
    txn_id, sequence = text(invoice, "TxnID") or "", text(invoice, "EditSequence") or ""
    desktop.office.set_closing_date(date(2025, 12, 31))

    answers = desktop.send(
        invoice_mod(txn_id, sequence, "<Memo>x</Memo>"),
        f"<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>{txn_id}</TxnID></TxnVoidRq>",
        f"<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>",
        payment_add("Hillside HOA", "1.00", applied_to(txn_id, "1.00")),
    )

    assert [code(each) for each in answers] == ["3171", "3171", "3161", "0"]


def test_the_closing_date_is_told_and_binds_people_too(desktop: Desktop) -> None:
    desktop.office.set_closing_date(date(2026, 1, 31))

    answer = desktop.ask("<PreferencesQueryRq/>")

    assert text(answer, "PreferencesRet/AccountingPreferences/ClosingDate") == "2026-01-31"
    with pytest.raises(Refused, match="3171"):
        desktop.office.receive_payment("Hillside HOA", "10.00")
