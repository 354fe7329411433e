import dataclasses
from decimal import Decimal

import pytest

from centerpoint.billing import operations, queries
from centerpoint.billing.models import Invoice, Payment, PaymentPart
from centerpoint.billing.operations import Part, Receipt
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors.fields import FieldsRefused
from centerpoint.contractors.queries import changes
from centerpoint.contractors.revisions import StaleRevision


@pytest.fixture
def company(business):
    return business.company("Payer")


@pytest.fixture
def owed(business, company):
    """Issue an invoice to the payer."""

    def issue(amount="100.00"):
        return business.invoice(business.ticket(company), amount)

    return issue


def part(invoice, amount, discount="0.00"):
    return Part(invoice_id=invoice.pk, amount=Decimal(amount), discount=Decimal(discount))


def receipt(company, amount, today, *parts, **fields):
    return Receipt(company_id=company.pk, amount=Decimal(amount), received_on=today, parts=parts, **fields)


@pytest.fixture
def receive(company, now, today):
    def take(amount, *parts, **fields):
        return operations.receive_payment(
            company=fields.pop("company", company),
            amount=Decimal(amount),
            received_on=today,
            parts=parts,
            now=now,
            **fields,
        )

    return take


def balance(invoice):
    return Invoice.objects.values_list("paid", "balance").get(pk=invoice.pk)


def test_a_payment_pays_a_part_then_the_rest(owed, receive):
    invoice = owed("100.00")

    receive("30.00", part(invoice, "30.00"))
    assert balance(invoice) == (Decimal("30.00"), Decimal("70.00"))
    receive("70.00", part(invoice, "70.00"))
    assert balance(invoice) == (Decimal("100.00"), Decimal("0.00"))


def test_a_payment_is_split_over_invoices_and_the_rest_is_unapplied(owed, receive):
    first, second = owed("100.00"), owed("50.00")

    payment = receive(
        "160.00", part(first, "100.00"), part(second, "20.00"), method="Check", reference="1207"
    )

    assert (balance(first), balance(second)) == (
        (Decimal("100.00"), Decimal("0.00")),
        (Decimal("20.00"), Decimal("30.00")),
    )
    assert Payment.objects.values("amount", "unapplied", "method", "reference", "kind").get() == {
        "amount": Decimal("160.00"),
        "unapplied": Decimal("40.00"),
        "method": "Check",
        "reference": "1207",
        "kind": "payment",
    }
    assert payment.unapplied == Decimal("40.00")


def test_a_discount_settles_without_money(owed, receive):
    invoice = owed("100.00")

    payment = receive("98.00", part(invoice, "98.00", "2.00"))

    assert balance(invoice) == (Decimal("100.00"), Decimal("0.00"))
    assert payment.unapplied == 0


def test_a_credit_pays_like_money(owed, receive, business):
    invoice = owed("100.00")

    receive("25.00", part(invoice, "25.00"), kind=Payment.Kind.CREDIT)

    assert balance(invoice) == (Decimal("25.00"), Decimal("75.00"))
    assert queries.received(business.contractor) == 0
    assert queries.received(business.contractor, kind=Payment.Kind.CREDIT) == Decimal("25.00")


def test_paying_is_no_revision_of_the_invoice(owed, receive, now):
    invoice = owed()
    before = Invoice.objects.values_list("revision", "changed_at").get()

    receive("30.00", part(invoice, "30.00"))

    assert Invoice.objects.values_list("revision", "changed_at").get() == before


def test_nothing_pays_more_than_the_balance_and_what_was_refused_left_no_trace(owed, receive):
    invoice = owed("100.00")
    receive("30.00", part(invoice, "30.00"))

    with pytest.raises(operations.MoreThanTheBalance) as refused:
        receive("71.00", part(invoice, "70.00", "0.01"))

    assert refused.value.sentence == (
        "Invoice 1001 has $70.00 open; $70.01 is more than that. Leave the rest of the payment unapplied."
    )
    assert balance(invoice) == (Decimal("30.00"), Decimal("70.00"))
    assert (Payment.objects.count(), PaymentPart.objects.count()) == (1, 1)


def test_what_the_books_hold_already_is_taken_as_it_is(owed, receive, business):
    invoice = owed("100.00")

    receive("110.00", part(invoice, "110.00"), as_booked=True)
    receive("5.00", part(invoice, "5.00"), as_booked=True, company=business.company("Another"))

    assert balance(invoice) == (Decimal("115.00"), Decimal("-15.00"))


def test_money_on_an_invoice_that_is_void_here_but_paid_in_the_books_shows_as_owed_back(owed, receive, now):
    invoice = owed("100.00")
    operations.void_invoice(invoice=invoice, now=now)

    receive("100.00", part(invoice, "100.00"), as_booked=True)

    assert balance(invoice) == (Decimal("100.00"), Decimal("-100.00"))


def test_only_issued_invoices_of_the_paying_company_are_paid(business, owed, receive, company, now):
    draft, foreign = business.draft(business.ticket(company)), business.invoice()
    void = operations.void_invoice(invoice=owed(), now=now)

    with pytest.raises(operations.InvoiceNotPayable) as of_draft:
        receive("1.00", part(draft, "1.00"))
    with pytest.raises(operations.InvoiceNotPayable) as of_void:
        receive("1.00", part(void, "1.00"))
    with pytest.raises(operations.InvoiceOfAnotherCompany):
        receive("1.00", part(foreign, "1.00"))

    assert [one.value.sentence for one in (of_draft, of_void)] == [
        f"Invoice {draft.number} is a draft; only an issued invoice can be paid.",
        f"Invoice {void.number} is void; only an issued invoice can be paid.",
    ]


def test_another_contractors_invoice_company_or_payment_does_not_exist_here(
    business, another_business, receive, company, now, today
):
    foreign = another_business.invoice()
    theirs = operations.receive_payment(
        company=foreign.bill_to, amount=Decimal("1.00"), received_on=today, now=now
    )

    with pytest.raises(OfAnotherContractor):
        receive("1.00", part(foreign, "1.00"), as_booked=True)
    with pytest.raises(OfAnotherContractor):
        operations.receive_payments(
            contractor=business.contractor, receipts=[receipt(foreign.bill_to, "1.00", today)], now=now
        )
    with pytest.raises(OfAnotherContractor):
        operations.change_payments(
            contractor=business.contractor, changes={theirs.pk: receipt(company, "1.00", today)}, now=now
        )
    with pytest.raises(OfAnotherContractor):
        operations.withdraw_payments(contractor=business.contractor, payment_ids=[theirs.pk], now=now)

    assert balance(foreign) == (Decimal("0.00"), Decimal("100.00"))


@pytest.mark.parametrize(
    ("amount", "parts", "refusal"),
    [
        ("0.00", [], operations.NotAPayment),
        ("-5.00", [], operations.NotAPayment),
        ("5.00", [("-1.00", "0.00")], operations.NotAPayment),
        ("5.00", [("1.00", "-1.00")], operations.NotAPayment),
        ("5.00", [("1.00", "0.00"), ("1.00", "0.00")], operations.NotAPayment),
        ("5.00", [("5.01", "0.00")], operations.PartsExceedPayment),
        ("5.001", [], FieldsRefused),
        ("5.00", [("1.001", "0.00")], FieldsRefused),
    ],
)
def test_a_payment_that_does_not_add_up_is_refused(owed, receive, amount, parts, refusal):
    invoice = owed()

    with pytest.raises(refusal):
        receive(amount, *[part(invoice, *one) for one in parts])

    assert not Payment.objects.exists()
    assert balance(invoice) == (Decimal("0.00"), Decimal("100.00"))


def test_a_payment_of_nothing_may_hand_out_a_discount(owed, receive):
    invoice = owed("100.00")

    receive("0.00", part(invoice, "0.00", "5.00"))

    assert balance(invoice) == (Decimal("5.00"), Decimal("95.00"))


def test_a_changed_payment_pays_what_it_says_now(owed, receive, company, now, today):
    first, second = owed("100.00"), owed("100.00")
    payment = receive("100.00", part(first, "100.00"))

    operations.change_payment(
        payment=payment,
        receipt=receipt(company, "90.00", today, part(first, "40.00"), part(second, "30.00"), method="Wire"),
        now=now,
    )

    assert (balance(first), balance(second)) == (
        (Decimal("40.00"), Decimal("60.00")),
        (Decimal("30.00"), Decimal("70.00")),
    )
    assert (payment.amount, payment.unapplied, payment.method) == (Decimal("90.00"), Decimal("20.00"), "Wire")
    told = changes(company.contractor, payment).first()
    assert (told.did, told.differences) == (
        "Changed",
        [
            ["Amount", "100.00", "90.00"],
            ["Method", "", "Wire"],
            ["Unapplied", "0.00", "20.00"],
        ],
    )


def test_a_change_of_a_payment_on_top_of_somebody_elses_is_refused(owed, receive, company, now, today):
    invoice = owed("100.00")
    payment = receive("100.00", part(invoice, "100.00"))
    theirs = receipt(company, "40.00", today, part(invoice, "40.00"))
    operations.change_payment(payment=payment, receipt=theirs, now=now, expected=1)

    with pytest.raises(StaleRevision):
        yours = receipt(company, "50.00", today, part(invoice, "50.00"))
        operations.change_payment(payment=payment, receipt=yours, now=now, expected=1)

    assert Payment.objects.values_list("amount", "revision").get() == (Decimal("40.00"), 2)
    assert balance(invoice) == (Decimal("40.00"), Decimal("60.00"))


def test_a_payment_taken_off_an_invoice_leaves_it_open(owed, receive, company, now, today):
    invoice = owed("100.00")
    payment = receive("100.00", part(invoice, "100.00"))

    operations.change_payment(payment=payment, receipt=receipt(company, "100.00", today), now=now)

    assert balance(invoice) == (Decimal("0.00"), Decimal("100.00"))
    assert payment.unapplied == Decimal("100.00")


def test_a_bounced_payment_opens_its_invoices_again_once(owed, receive, now, business):
    invoice = owed("100.00")
    receive("10.00", part(invoice, "10.00"))
    payment = receive("90.00", part(invoice, "90.00"))

    operations.withdraw_payment(payment=payment, now=now)
    operations.withdraw_payment(payment=payment, now=now)

    assert balance(invoice) == (Decimal("10.00"), Decimal("90.00"))
    assert payment.withdrawn_at == now
    assert payment.parts.get().amount == Decimal("90.00")
    assert queries.received(business.contractor) == Decimal("10.00")


def test_a_withdrawn_payment_is_not_changed_any_more(owed, receive, company, now, today):
    payment = operations.withdraw_payment(payment=receive("1.00"), now=now)

    with pytest.raises(operations.PaymentIsWithdrawn):
        operations.change_payment(payment=payment, receipt=receipt(company, "2.00", today), now=now)


def test_cents_never_drift_however_often_an_invoice_is_paid(owed, receive):
    invoice = owed("1.10")

    for _ in range(11):
        receive("0.10", part(invoice, "0.10"))

    assert balance(invoice) == (Decimal("1.10"), Decimal("0.00"))
    assert list(queries.open_invoices(invoice.bill_to)) == []


def test_forty_payments_cost_the_same_statements_as_four(
    business, company, owed, now, today, django_assert_num_queries
):
    def pay_all(invoices):
        receipts = [receipt(company, "10.00", today, part(one, "10.00")) for one in invoices]
        return operations.receive_payments(contractor=business.contractor, receipts=receipts, now=now)

    four, forty = [owed() for _ in range(4)], [owed() for _ in range(40)]

    with django_assert_num_queries(9):
        pay_all(four)
    with django_assert_num_queries(9):
        payments = pay_all(forty)
    changes = {
        payment.pk: receipt(company, "20.00", today, part(one, "20.00"))
        for payment, one in zip(payments, forty, strict=True)
    }
    with django_assert_num_queries(12):
        operations.change_payments(contractor=business.contractor, changes=changes, now=now)
    with django_assert_num_queries(9):
        operations.withdraw_payments(
            contractor=business.contractor, payment_ids=[payment.pk for payment in payments[:20]], now=now
        )

    assert [balance(one)[0] for one in forty] == [Decimal(0)] * 20 + [Decimal("20.00")] * 20


def test_two_payments_at_the_same_moment_never_pay_one_balance_twice(at_once, business, now, today):
    invoice = business.invoice(amount="100.00")
    refusals, seen = [], []

    def pay():
        try:
            operations.receive_payment(
                company=invoice.bill_to,
                amount=Decimal("60.00"),
                received_on=today,
                parts=[part(invoice, "60.00")],
                now=now,
            )
        except operations.MoreThanTheBalance as refusal:
            refusals.append(refusal)

    at_once([pay] * 4)
    at_once([lambda: seen.append(balance(invoice))])

    assert (len(refusals), seen) == (3, [(Decimal("60.00"), Decimal("40.00"))])


def test_a_receipt_does_not_change(company, today):
    with pytest.raises(dataclasses.FrozenInstanceError):
        receipt(company, "1.00", today).amount = Decimal("2.00")
