"""What somebody does in the practice QuickBooks reaches Centerpoint at the next run, and is told in words."""

from decimal import Decimal
from typing import Any

import pytest

from centerpoint.billing.models import Invoice, Payment
from centerpoint.companies.models import Company
from centerpoint.practice import ConnectorRun, NotPossible, books
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import Posting, QuickBooksCustomer


@pytest.fixture
def sent(rehearsal: Any) -> Any:
    """The rehearsal with everything that could go in QuickBooks."""
    rehearsal.send_everything()
    return rehearsal


def chosen(sent: Any, key: str) -> Invoice:
    """The invoice that `sent.first(key)` names."""
    label = sent.offered()[key].fields[0].choices[0].label
    return Invoice.objects.get(contractor=sent.practice, number=label.partition(",")[0])


def test_everything_approved_goes_into_quickbooks_and_is_counted(rehearsal: Any):
    rehearsal.approve()

    run = rehearsal.run()

    assert run == ConnectorRun(
        is_well=True,
        sentence="Done: 54 sent to QuickBooks, 103 read from it.",
        news=(
            "17 companies went into QuickBooks",
            "16 service tickets went into QuickBooks",
            "2 projects went into QuickBooks",
            "19 invoices went into QuickBooks",
        ),
        left=("5 records are waiting for pairing",),
    )


def test_a_whole_payment_pays_the_invoice_here_too(sent: Any):
    invoice = chosen(sent, "receive_payment")

    said = sent.do("receive_payment", **sent.first("receive_payment"))
    run = sent.run()

    invoice.refresh_from_db()
    assert said == f"${invoice.total:,.2f} was received; invoice {invoice.number} is paid."
    assert run.news == ("1 payment came back",)
    assert invoice.balance == 0


def test_a_partial_payment_leaves_the_rest_open(sent: Any):
    invoice = chosen(sent, "receive_part")

    said = sent.do("receive_part", amount="$100.00", **sent.first("receive_part"))
    sent.run()

    invoice.refresh_from_db()
    rest = invoice.total - 100
    assert said == f"$100.00 was received; ${rest:,.2f} of invoice {invoice.number} is open."
    assert (invoice.paid, invoice.balance) == (Decimal(100), rest)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("", "Amount: fill it in."),
        ("much", "Amount: 'much' is no amount; write one such as 125.50."),
        ("1.005", "Amount: write an amount in dollars and cents, such as 125.50."),
        ("NaN", "Amount: write an amount in dollars and cents, such as 125.50."),
        ("-5", "Amount: write an amount in dollars and cents, such as 125.50."),
    ],
)
def test_an_amount_that_is_none_is_refused(sent: Any, amount: str, sentence: str):
    with pytest.raises(NotPossible) as refusal:
        sent.do("receive_part", amount=amount, **sent.first("receive_part"))

    assert refusal.value.sentence == sentence


def test_a_part_is_less_than_what_is_open(sent: Any):
    due = f"{chosen(sent, 'receive_part').total}"

    with pytest.raises(NotPossible, match=r"^Amount: a part of \$"):
        sent.do("receive_part", amount=due, **sent.first("receive_part"))

    assert books(sent.practice).payments.paginator.count == 0


def test_a_discount_closes_the_invoice_here_too(sent: Any):
    invoice = chosen(sent, "receive_with_discount")

    sent.do("receive_with_discount", **sent.first("receive_with_discount"))
    sent.run()

    invoice.refresh_from_db()
    payment = Payment.objects.get(contractor=sent.practice)
    discount = (invoice.total * 2 / 100).quantize(Decimal("0.01"))
    assert (invoice.balance, payment.amount) == (0, invoice.total - discount)


def test_a_bounced_payment_opens_the_invoice_again(sent: Any):
    invoice = chosen(sent, "receive_payment")
    sent.do("receive_payment", **sent.first("receive_payment"))
    sent.run()

    sent.do("delete_payment", **sent.first("delete_payment"))
    run = sent.run()

    invoice.refresh_from_db()
    assert run.news == ("1 payment was taken back",)
    assert invoice.balance == invoice.total


def test_an_invoice_deleted_there_is_found(sent: Any):
    invoice = chosen(sent, "delete_invoice")

    said = sent.do("delete_invoice", **sent.first("delete_invoice"))
    run = sent.run()

    assert said == f"Invoice {invoice.number} is deleted in QuickBooks."
    assert run.news == ("1 record was found deleted in QuickBooks",)
    assert Posting.objects.get(invoice=invoice).state == "deleted_there"


def test_a_renamed_customer_stays_paired(sent: Any):
    customer = sent.offered()["rename_customer"].fields[0].choices[0]

    said = sent.do("rename_customer", customer=customer.value, name="Quarry Street Lofts")
    run = sent.run()

    assert said == f"{customer.label} is now named Quarry Street Lofts in QuickBooks."
    assert run.news == (
        f"{customer.label} is now named Quarry Street Lofts in QuickBooks; a pairing of it holds",
    )
    assert QuickBooksCustomer.objects.get(list_id=customer.value).pairings.count() == 1


def test_a_name_that_quickbooks_has_already_is_refused_in_its_words(sent: Any):
    with pytest.raises(NotPossible) as refusal:
        sent.do("add_customer", name="Hillside HOA")

    assert refusal.value.sentence == (
        'QuickBooks refuses: The name "Hillside HOA" of the list element is already in use.'
    )


def test_a_name_too_long_is_refused_with_its_limit(sent: Any):
    with pytest.raises(NotPossible) as refusal:
        sent.do("add_customer", name="x" * 42)

    assert refusal.value.sentence == "Name: QuickBooks takes 41 characters, these are 42."


def test_a_new_customer_becomes_a_company(sent: Any):
    sent.do("add_customer", name="Quarry Street Lofts")

    assert sent.run().news == ("1 company came in from QuickBooks",)
    assert Company.objects.filter(contractor=sent.practice, name="Quarry Street Lofts").exists()


def test_a_customers_new_address_reaches_its_company(sent: Any):
    pairings = connection.connected(sent.practice).pairings.select_related("company", "customer")
    pairing = pairings.filter(how="created_there").first()
    assert pairing is not None

    sent.do(
        "change_address",
        customer=pairing.customer.list_id,
        street="12 Orchard Lane",
        city="Millbrae",
        state="CA",
        postal_code="94030",
    )
    sent.run()

    pairing.company.refresh_from_db()
    company = pairing.company
    assert (company.billing_street, company.billing_city, company.billing_postal_code) == (
        "12 Orchard Lane",
        "Millbrae",
        "94030",
    )


def test_a_memo_and_an_amount_can_be_changed(sent: Any):
    invoice = chosen(sent, "edit_memo")

    sent.do("edit_memo", memo="Call before noon", **sent.first("edit_memo"))
    sent.do("edit_amount", amount="7.00", **sent.first("edit_amount"))

    changed = next(
        each for each in books(sent.practice, per_page=100).invoices if each.number == invoice.number
    )
    assert changed.memo == "Call before noon"
    assert changed.total != invoice.total


def test_a_record_open_in_a_window_can_be_closed_again(sent: Any):
    record = sent.first("open_record")
    assert "close_record" not in sent.offered()

    sent.do("open_record", **record)

    assert [choice.value for choice in sent.offered()["close_record"].fields[0].choices] == [record["record"]]
    with pytest.raises(NotPossible, match="in use by another user"):
        sent.do("edit_memo", memo="Call before noon", invoice=record["record"])
    sent.do("close_record", **record)
    assert "close_record" not in sent.offered()


@pytest.mark.parametrize(
    ("stop", "go_on", "sentence"),
    [
        (
            "close_quickbooks",
            "open_quickbooks",
            "The Web Connector could not work with QuickBooks: Could not start QuickBooks.",
        ),
        (
            "open_dialog",
            "close_dialog",
            "The Web Connector could not work with QuickBooks: "
            "A modal dialog box is showing in the QuickBooks user interface.",
        ),
    ],
)
def test_a_quickbooks_that_cannot_be_used_stops_the_run_until_it_can(
    rehearsal: Any, stop: str, go_on: str, sentence: str
):
    rehearsal.do(stop)

    run = rehearsal.run()

    assert (run.is_well, run.sentence) == (False, sentence)
    assert list(rehearsal.offered()) == [go_on]
    rehearsal.do(go_on)
    assert rehearsal.run().is_well


def test_a_paused_integration_says_so(rehearsal: Any):
    connection.pause(company_file=connection.connected(rehearsal.practice), now=rehearsal.now)

    assert rehearsal.run().sentence == (
        "The integration is paused, so the Web Connector was told that there is nothing to do."
    )


@pytest.mark.parametrize("key", ["open_quickbooks", "delete_payment", "format_the_disk"])
def test_a_button_that_is_not_offered_does_nothing(rehearsal: Any, key: str):
    with pytest.raises(NotPossible) as refusal:
        rehearsal.do(key)

    assert refusal.value.sentence == "This cannot be done in QuickBooks now; look at the buttons again."


def test_a_choice_that_went_meanwhile_is_refused(sent: Any):
    choice = sent.first("delete_invoice")
    sent.do("delete_invoice", **choice)

    with pytest.raises(NotPossible) as refusal:
        sent.do("delete_invoice", **choice)

    assert refusal.value.sentence == "Invoice: this is not there any more; choose again."


def test_the_books_are_shown_in_pages_the_latest_first(sent: Any):
    first = books(sent.practice, per_page=5)
    last = books(sent.practice, per_page=5, invoices_page=99)

    assert first.company_name == "Practice Roofing Company"
    assert (len(first.invoices), first.invoices.paginator.num_pages, last.invoices.number) == (5, 4, 4)
    assert first.invoices[0].on >= last.invoices[-1].on
    assert sum(each.total for each in books(sent.practice, per_page=100).invoices) == sum(
        Posting.objects.filter(invoice__isnull=False, state="in_quickbooks").values_list("amount", flat=True)
    )
