"""Whatever is billed, paid, credited, changed, voided and deleted: the sums hold."""

import random
from decimal import Decimal
from pathlib import Path

from by_hand.desktop import NOON
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qbemulator.company_file import CompanyFile, Refused
from qbemulator.company_file.office import Office, Pays

PEOPLE = ("Hillside HOA", "Hillside HOA:One", "Hillside HOA:Two", "Delta Logistics")
ACTIONS = ("bill", "bill", "pay", "auto", "credit", "edit", "void", "delete", "bounce", "repay", "merge")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), actions=st.lists(st.sampled_from(ACTIONS), min_size=5, max_size=30))
def test_every_balance_is_the_sum_of_what_is_open(tmp_path: Path, seed: int, actions: list[str]) -> None:
    path = tmp_path / f"{seed}.qbx"
    path.unlink(missing_ok=True)
    with CompanyFile.create(path, sample="contractor", now=NOON) as books:
        office = Office(books, clock=lambda: NOON)
        office.add_customer("One", parent="Hillside HOA")
        office.add_customer("Two", parent="Hillside HOA")
        play(office, actions, random.Random(seed))
        check_invoices(books)
        check_customers(books)


def play(office: Office, actions: list[str], dice: random.Random) -> None:
    for action in actions:
        try:
            act(office, action, dice)
        except Refused:
            continue  # a person who is refused does something else


def act(office: Office, action: str, dice: random.Random) -> None:
    books = office.books
    amount = str(Decimal(dice.randint(1, 20_000)) / 100)
    people = [name for name in PEOPLE if name in {each["FullName"] for each in books.customers}]
    who = dice.choice(people)
    invoice = dice.choice(books.invoices)["TxnID"] if books.invoices else None
    payment = dice.choice(books.payments)["TxnID"] if books.payments else None
    if action == "bill":
        office.add_invoice(who, [("Service", amount), ("Labor", "12.34")])
    elif action == "auto":
        office.receive_payment(who, amount, auto_apply=True)
    elif action == "merge" and "Delta Logistics" in people and dice.random() < 0.2:
        office.merge_customers("Delta Logistics", "Hillside HOA")
    elif action == "bounce" and payment:
        office.delete_payment(payment)
    elif invoice and action == "pay":
        office.receive_payment(who, amount, invoices=[Pays(invoice, discount="1.00")])
    elif invoice and action == "credit":
        office.credit_memo(who, amount, apply_to=[(invoice, "5.00")])
    elif invoice and action == "edit":
        office.edit_invoice(invoice, first_line_amount=amount, customer=who if dice.random() < 0.3 else None)
    elif invoice and action == "void":
        office.void_invoice(invoice)
    elif invoice and action == "delete":
        office.delete_invoice(invoice)
    elif invoice and payment and action == "repay":
        office.edit_payment(payment, invoices=[invoice])


def check_invoices(books: CompanyFile) -> None:
    for invoice in books.invoices:
        total = Decimal(invoice["Subtotal"]) + Decimal(invoice["SalesTaxTotal"])
        remaining = Decimal(invoice["BalanceRemaining"])
        assert remaining == total + Decimal(invoice["AppliedAmount"])
        assert 0 <= remaining <= total
        assert invoice["IsPaid"] == (remaining == 0)
        assert Decimal(invoice["Subtotal"]) == sum(
            Decimal(line["Amount"]) for line in invoice["InvoiceLineRet"]
        )
    for payment in books.payments:
        applied = sum(Decimal(part["Amount"]) for part in payment["AppliedToTxnRet"])
        assert Decimal(payment["TotalAmount"]) == applied + Decimal(payment["UnusedPayment"])
        assert Decimal(payment["UnusedPayment"]) >= 0


def check_customers(books: CompanyFile) -> None:
    own: dict[str, Decimal] = {}
    for records, open_amount, sign in (
        (books.invoices, "BalanceRemaining", 1),
        (books.payments, "UnusedPayment", -1),
        (books.credit_memos, "CreditRemaining", -1),
    ):
        for record in records:
            name = record["CustomerRef"]["FullName"]
            own[name] = own.get(name, Decimal(0)) + sign * Decimal(record[open_amount])
    for customer in books.customers:
        name = customer["FullName"]
        below = sum(
            (amount for owner, amount in own.items() if owner.startswith(f"{name}:")),
            own.get(name, Decimal(0)),
        )
        assert Decimal(customer["Balance"]) == own.get(name, Decimal(0)), name
        assert Decimal(customer["TotalBalance"]) == below, name
