from decimal import Decimal

import pytest
from by_hand.desktop import Desktop
from by_hand.requests import (
    applied_to,
    code,
    customer_add,
    invoice_add,
    invoice_query,
    line,
    payment_add,
    status,
    tags,
    text,
    texts,
    values,
)

from qbemulator.company_file import Refused
from qbemulator.company_file.office import Pays


def test_a_part_payment_shows_as_a_negative_applied_amount(desktop: Desktop) -> None:
    txn_id = bill(desktop, "125.00")

    desktop.ask(payment_add("Hillside HOA", "50.00", applied_to(txn_id, "50.00")))

    assert owed(desktop, txn_id) == {
        "AppliedAmount": "-50.00",
        "BalanceRemaining": "75.00",
        "IsPaid": "false",
    }


def test_the_last_cent_makes_an_invoice_paid(desktop: Desktop) -> None:
    txn_id = bill(desktop, "125.00")

    desktop.ask(payment_add("Hillside HOA", "125.00", applied_to(txn_id, "125.00")))

    assert owed(desktop, txn_id) == {"AppliedAmount": "-125.00", "BalanceRemaining": "0.00", "IsPaid": "true"}


def test_more_than_is_due_is_refused(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")

    assert status(desktop.ask(payment_add("Hillside HOA", "129.43", applied_to(txn_id, "129.43")))) == (
        "3210",
        "Error",
        'The "AppliedToTxnAdd payment amount" field has an invalid value "129.43".  '
        "QuickBooks error message: You cannot pay more than the amount due.",
    )
    assert desktop.books.payments == []


def test_more_than_came_cannot_be_applied(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")

    assert code(desktop.ask(payment_add("Hillside HOA", "10.00", applied_to(txn_id, "20.00")))) == "3210"


def test_what_is_not_applied_stays_unused_and_lowers_the_balance(desktop: Desktop) -> None:
    bill(desktop, "100.00")

    payment = desktop.ask(payment_add("Hillside HOA", "30.00"))[0]

    assert values(payment, "TotalAmount", "UnusedPayment", "UnusedCredits") == {
        "TotalAmount": "30.00",
        "UnusedPayment": "30.00",
        "UnusedCredits": "0.00",
    }
    assert balance(desktop, "Hillside HOA") == "70.00"


def test_auto_apply_pays_the_oldest_first_jobs_included(desktop: Desktop) -> None:
    desktop.ask(customer_add("5431", parent="Hillside HOA"))
    newer = bill(desktop, "165.40", date="2026-01-04")
    older = bill(desktop, "100.00", customer="Hillside HOA:5431", date="2026-01-02")

    payment = desktop.ask(payment_add("Hillside HOA", "285.40", "<IsAutoApply>true</IsAutoApply>"))[0]

    assert list(
        zip(texts(payment, "AppliedToTxnRet/TxnID"), texts(payment, "AppliedToTxnRet/Amount"), strict=True)
    ) == [
        (older, "100.00"),
        (newer, "165.40"),
    ]
    assert text(payment, "UnusedPayment") == "20.00"


def test_one_payment_is_split_over_several_invoices(desktop: Desktop) -> None:
    first, second = bill(desktop, "100.00"), bill(desktop, "50.00")

    desktop.ask(
        payment_add("Hillside HOA", "120.00", applied_to(first, "100.00") + applied_to(second, "20.00"))
    )

    assert (owed(desktop, first)["BalanceRemaining"], owed(desktop, second)["BalanceRemaining"]) == (
        "0.00",
        "30.00",
    )


def test_a_discount_pays_the_rest_of_an_invoice(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")
    discount = (
        "<DiscountAmount>2.00</DiscountAmount>"
        "<DiscountAccountRef><FullName>Discounts Given</FullName></DiscountAccountRef>"
    )

    payment = desktop.ask(payment_add("Hillside HOA", "98.00", applied_to(txn_id, "98.00", discount)))[0]

    applied = payment.find("AppliedToTxnRet")
    assert applied is not None
    assert values(applied, "Amount", "DiscountAmount", "DiscountAccountRef/FullName", "BalanceRemaining") == {
        "Amount": "98.00",
        "DiscountAmount": "2.00",
        "DiscountAccountRef/FullName": "Discounts Given",
        "BalanceRemaining": "0.00",
    }
    assert owed(desktop, txn_id) == {"AppliedAmount": "-100.00", "BalanceRemaining": "0.00", "IsPaid": "true"}
    assert balance(desktop, "Hillside HOA") == "0.00"


def test_a_credit_memo_pays_part_of_an_invoice_and_shows_as_a_link(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")

    credit = desktop.office.credit_memo("Hillside HOA", "40.00", item="Labor", apply_to=[(txn_id, "25.00")])

    assert credit["CreditRemaining"] == "15.00"
    assert owed(desktop, txn_id) == {
        "AppliedAmount": "-25.00",
        "BalanceRemaining": "75.00",
        "IsPaid": "false",
    }
    invoice = desktop.ask(
        invoice_query(f"<TxnID>{txn_id}</TxnID><IncludeLinkedTxns>true</IncludeLinkedTxns>")
    )[0]
    assert values(
        invoice, "LinkedTxn/TxnID", "LinkedTxn/TxnType", "LinkedTxn/LinkType", "LinkedTxn/Amount"
    ) == {
        "LinkedTxn/TxnID": credit["TxnID"],
        "LinkedTxn/TxnType": "CreditMemo",
        "LinkedTxn/LinkType": "AMTTYPE",
        "LinkedTxn/Amount": "-25.00",
    }
    assert balance(desktop, "Hillside HOA") == "60.00"


def test_a_payment_may_set_a_credit_beside_its_own_money(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")
    credit = desktop.office.credit_memo("Hillside HOA", "40.00", item="Labor")
    set_credit = f"<SetCredit><CreditTxnID>{credit['TxnID']}</CreditTxnID><AppliedAmount>40.00</AppliedAmount></SetCredit>"

    payment = desktop.ask(payment_add("Hillside HOA", "60.00", applied_to(txn_id, "60.00", set_credit)))[0]

    assert owed(desktop, txn_id)["IsPaid"] == "true"
    desktop.office.delete_payment(text(payment, "TxnID") or "")
    assert owed(desktop, txn_id)["BalanceRemaining"] == "100.00"
    assert desktop.books.credit_memos[0]["CreditRemaining"] == "40.00"


def test_a_parent_pays_the_invoice_of_its_job(desktop: Desktop) -> None:
    desktop.ask(customer_add("5431", parent="Hillside HOA"))
    txn_id = bill(desktop, "100.00", customer="Hillside HOA:5431")

    answer = desktop.ask(payment_add("Hillside HOA", "100.00", applied_to(txn_id, "100.00")))

    assert code(answer) == "0"
    assert [balance(desktop, name) for name in ("Hillside HOA", "Hillside HOA:5431")] == ["0.00", "0.00"]


def test_a_stranger_does_not_pay_an_invoice(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")

    assert code(desktop.ask(payment_add("Delta Logistics", "100.00", applied_to(txn_id, "100.00")))) == "3180"


def test_an_applied_payment_lists_what_else_paid_the_invoice(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")
    earlier = desktop.ask(payment_add("Hillside HOA", "10.00", applied_to(txn_id, "10.00")))
    later = desktop.ask(payment_add("Hillside HOA", "20.00", applied_to(txn_id, "20.00")))

    applied = later[0].find("AppliedToTxnRet")
    assert applied is not None
    assert tags(applied) == [
        "TxnID",
        "TxnType",
        "TxnDate",
        "RefNumber",
        "BalanceRemaining",
        "Amount",
        "LinkedTxn",
    ]
    assert values(applied, "BalanceRemaining", "Amount", "LinkedTxn/TxnID", "LinkedTxn/Amount") == {
        "BalanceRemaining": "70.00",
        "Amount": "20.00",
        "LinkedTxn/TxnID": text(earlier, "ReceivePaymentRet/TxnID"),
        "LinkedTxn/Amount": "-10.00",
    }


def test_a_query_of_payments_has_what_they_paid_only_with_line_items(desktop: Desktop) -> None:
    desktop.ask(payment_add("Hillside HOA", "10.00", applied_to(bill(desktop, "100.00"), "10.00")))

    plain, full = desktop.send(
        "<ReceivePaymentQueryRq></ReceivePaymentQueryRq>",
        "<ReceivePaymentQueryRq><IncludeLineItems>true</IncludeLineItems></ReceivePaymentQueryRq>",
    )

    assert [each[0].find("AppliedToTxnRet") is not None for each in (plain, full)] == [False, True]


@pytest.mark.parametrize(("touches", "modified"), [(True, "12:01:00"), (False, "12:00:00")])
def test_a_payment_moves_the_time_of_its_invoice_only_as_the_switch_says(
    desktop: Desktop, touches: bool, modified: str
) -> None:
    desktop.books.switches.payment_touches_invoice = touches
    txn_id = bill(desktop, "100.00")
    sequence = desktop.books.invoices[0]["EditSequence"]
    desktop.wait(minutes=1)

    desktop.ask(payment_add("Hillside HOA", "10.00", applied_to(txn_id, "10.00")))

    invoice = desktop.ask(invoice_query(f"<TxnID>{txn_id}</TxnID>"))[0]
    assert values(invoice, "TimeModified", "EditSequence") == {
        "TimeModified": f"2026-01-05T{modified}-08:00",
        "EditSequence": sequence,
    }


def test_a_bounced_payment_that_is_deleted_opens_its_invoices_again(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")
    payment = desktop.office.receive_payment("Hillside HOA", "100.00", invoices=[txn_id], ref_number="456")

    desktop.office.delete_payment(payment["TxnID"])

    assert owed(desktop, txn_id) == {"AppliedAmount": "0.00", "BalanceRemaining": "100.00", "IsPaid": "false"}
    deleted = desktop.ask("<TxnDeletedQueryRq><TxnDelType>ReceivePayment</TxnDelType></TxnDeletedQueryRq>")
    assert values(deleted[0], "TxnDelType", "TxnID", "RefNumber") == {
        "TxnDelType": "ReceivePayment",
        "TxnID": payment["TxnID"],
        "RefNumber": "456",
    }


def test_a_person_applies_a_payment_to_another_invoice(desktop: Desktop) -> None:
    wrong, right = bill(desktop, "100.00"), bill(desktop, "100.00")
    payment = desktop.office.receive_payment("Hillside HOA", "100.00", invoices=[wrong])
    desktop.wait(seconds=1)

    changed = desktop.office.edit_payment(payment["TxnID"], invoices=[Pays(right, "60.00")])

    assert changed["UnusedPayment"] == "40.00"
    assert changed["EditSequence"] == str(int(payment["EditSequence"]) + 1)
    assert [owed(desktop, each)["BalanceRemaining"] for each in (wrong, right)] == ["100.00", "40.00"]


def test_a_person_lowers_a_payment_that_was_entered_wrong(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")
    payment = desktop.office.receive_payment("Hillside HOA", "100.00", invoices=[Pays(txn_id, "50.00")])

    changed = desktop.office.edit_payment(payment["TxnID"], total="70.00")

    assert (changed["TotalAmount"], changed["UnusedPayment"]) == ("70.00", "20.00")
    with pytest.raises(Refused, match="3210"):
        desktop.office.edit_payment(payment["TxnID"], total="40.00")


def test_a_void_payment_is_worth_nothing(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")
    payment = desktop.office.receive_payment("Hillside HOA", "100.00", invoices=[txn_id])

    voided = desktop.office.void_payment(payment["TxnID"])

    assert (voided["TotalAmount"], voided["UnusedPayment"], voided["Memo"]) == ("0.00", "0.00", "VOID:")
    assert owed(desktop, txn_id)["BalanceRemaining"] == "100.00"


def test_a_person_may_delete_a_paid_invoice_and_the_money_becomes_unused(desktop: Desktop) -> None:
    txn_id = bill(desktop, "100.00")
    desktop.office.receive_payment("Hillside HOA", "100.00", invoices=[txn_id])

    desktop.office.delete_invoice(txn_id)

    assert desktop.books.payments[0]["UnusedPayment"] == "100.00"
    assert balance(desktop, "Hillside HOA") == "-100.00"


def bill(desktop: Desktop, amount: str, *, customer: str = "Hillside HOA", date: str | None = None) -> str:
    """The TxnID of a new untaxed invoice."""
    answer = desktop.ask(invoice_add(customer, line(amount), date=date, customer_tax_code="Non"))
    assert Decimal(text(answer, "InvoiceRet/BalanceRemaining") or "0") == Decimal(amount)
    return text(answer, "InvoiceRet/TxnID") or ""


def owed(desktop: Desktop, txn_id: str) -> dict[str, str | None]:
    invoice = desktop.ask(invoice_query(f"<TxnID>{txn_id}</TxnID>"))[0]
    return values(invoice, "AppliedAmount", "BalanceRemaining", "IsPaid")


def balance(desktop: Desktop, full_name: str) -> str:
    return next(each["Balance"] for each in desktop.books.customers if each["FullName"] == full_name)
