"""A day in the office: many believable payments at once, for demos and tests."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from qbemulator.company_file.office import Office, Pays

CENT = Decimal("0.01")


def pay_some(office: Office, *, count: int, seed: int) -> dict[str, int]:
    """Receive `count` payments on open invoices, and undo some; how many of which kind happened.

    About half pay one invoice whole, the others part of one, two of a customer at once, or with a discount, some days or
    weeks after it; in the end one in twenty is deleted again. The same seed on the same file does the same.
    """
    random = Random(seed)  # noqa: S311 - sample data, not secrets
    open_invoices = [invoice for invoice in office.books.invoices if Decimal(invoice["BalanceRemaining"]) > 0]
    latest = max((date.fromisoformat(invoice["TxnDate"]) for invoice in open_invoices), default=None)
    random.shuffle(open_invoices)
    happened: Counter[str] = Counter()
    paid: list[str] = []
    number = 2001
    while open_invoices and sum(happened.values()) < count:
        billed_on = date.fromisoformat(open_invoices[-1]["TxnDate"])
        kind, customer, total, pays = _one_payment(random, open_invoices)
        assert latest is not None, "there are open invoices"
        payment = office.receive_payment(
            customer,
            total,
            invoices=pays,
            method=random.choice(("Check", "Check", "Check", "E-Check", "Visa")),
            ref_number=str(number),
            on=min(billed_on + timedelta(days=random.randint(3, 55)), latest),
        )
        number += 1
        happened[kind] += 1
        paid.append(payment["TxnID"])
    for txn_id in random.sample(paid, len(paid) // 20):
        office.delete_payment(txn_id)
        happened["payments deleted"] += 1
    return dict(happened)


def _one_payment(random: Random, open_invoices: list[dict[str, Any]]) -> tuple[str, str, Decimal, list[Pays]]:
    invoice = open_invoices.pop()
    job, due = invoice["CustomerRef"]["FullName"], Decimal(invoice["BalanceRemaining"])
    customer = job.partition(":")[0]
    chance = random.random()
    second = _another_of(customer, open_invoices) if chance < 0.25 else None
    if second is not None:
        open_invoices.remove(second)
        due_too = Decimal(second["BalanceRemaining"])
        pays = [Pays(invoice["TxnID"], due), Pays(second["TxnID"], due_too)]
        return "payments over two invoices", customer, due + due_too, pays
    if chance < 0.45:
        part = (due * random.randint(20, 80) / 100).quantize(CENT)
        if 0 < part < due:
            return "partial payments", job, part, [Pays(invoice["TxnID"], part)]
    if chance < 0.6:
        discount = (due * 2 / 100).quantize(CENT)
        if 0 < discount < due:
            return (
                "discounted payments",
                job,
                due - discount,
                [Pays(invoice["TxnID"], due - discount, discount)],
            )
    return "whole payments", job, due, [Pays(invoice["TxnID"], due)]


def _another_of(customer: str, invoices: list[dict[str, Any]]) -> dict[str, Any] | None:
    for invoice in invoices:
        if invoice["CustomerRef"]["FullName"].partition(":")[0] == customer:
            return invoice
    return None
