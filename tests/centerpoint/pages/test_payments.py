"""Payments as the office works with them: list, receiving by hand, changing, withdrawing."""

from decimal import Decimal

import pytest

from centerpoint.billing import operations
from centerpoint.billing.models import Payment
from centerpoint.quickbooks import connection


def page(answer):
    return answer.content.decode()


def received(**fields):
    return {"amount": "150.00", "received_on": "2025-06-30", "method": "Check", "reference": "4711", **fields}


@pytest.fixture
def payer(business):
    return business.company("Payer")


@pytest.fixture
def older(business, payer):
    return business.invoice(business.ticket(payer), "100.00")


@pytest.fixture
def newer(business, payer):
    return business.invoice(business.ticket(payer), "80.00")


@pytest.fixture
def payment(older, payer, now, today):
    return operations.receive_payment(
        company=payer,
        amount=Decimal("70.00"),
        received_on=today,
        reference="4711",
        parts=[operations.Part(invoice_id=older.pk, amount=Decimal("60.00"))],
        now=now,
    )


@pytest.fixture
def told_by_quickbooks(business, payment, now, today):
    connected = connection.activate(contractor=business.contractor, url="https://books.example.com", now=now)
    connected.company_file.received_payments.create(
        txn_id="1-1", kind="payment", received_on=today, total=payment.amount, payment=payment, read_at=now
    )
    return payment


def test_who_pays_is_chosen_first(bookkeeper, payer):
    assert "Type to search companies" in page(bookkeeper.open("payments/new/"))
    unknown = bookkeeper.open("payments/new/", company="", company_text="Nobody here")

    assert unknown.status_code == 422
    assert "No company matches" in page(unknown)
    assert "has no open invoice" in page(bookkeeper.open("payments/new/", company="", company_text="Payer"))


def test_a_check_pays_two_invoices_with_a_discount_and_leaves_a_rest(bookkeeper, payer, older, newer):
    path = f"payments/new/?company={payer.pk}"
    shown = page(bookkeeper.open(path))
    assert shown.index(f">{older.number}<") < shown.index(f">{newer.number}<")

    bookkeeper.send(
        path,
        **received(
            **{
                f"invoice-{older.pk}-amount": "98.00",
                f"invoice-{older.pk}-discount": "2.00",
                f"invoice-{newer.pk}-amount": "$40",
            }
        ),
    )

    payment = Payment.objects.get()
    assert (payment.company, payment.amount, payment.unapplied, payment.method, payment.reference) == (
        payer,
        Decimal("150.00"),
        Decimal("12.00"),
        "Check",
        "4711",
    )
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.balance, newer.balance) == (Decimal("0.00"), Decimal("40.00"))


def test_the_oldest_invoice_is_filled_first_and_nothing_is_saved_yet(bookkeeper, payer, older, newer):
    answer = bookkeeper.send(
        f"payments/new/?company={payer.pk}",
        **received(then="fill", **{f"invoice-{older.pk}-discount": "5.00"}),
    )

    assert answer.status_code == 200
    assert [row["amount"].value() for row in answer.context["form"].rows] == ["95.00", "55.00"]
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("amount", "part", "said"),
    [
        ("", "1.00", "This field is required."),
        ("50.00", "60.00", "more than the $50.00 that was received"),
        ("200.00", "100.01", "$100.01 is more than that"),
        ("0.00", "", "is no payment"),
        ("10.00", "ten", "Enter a number."),
    ],
)
def test_a_payment_that_does_not_add_up_is_refused_and_kept(bookkeeper, payer, older, amount, part, said):
    answer = bookkeeper.send(
        f"payments/new/?company={payer.pk}",
        **received(amount=amount, reference="Kept words", **{f"invoice-{older.pk}-amount": part}),
    )

    assert answer.status_code == 422
    assert said in page(answer)
    assert "Kept words" in page(answer)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("settle", ["paid", "void"])
@pytest.mark.parametrize("typed", ["amount", "discount"])
def test_an_invoice_settled_while_its_amount_was_typed_is_said_and_nothing_is_lost(
    bookkeeper, payer, older, newer, now, today, settle, typed
):
    if settle == "void":
        operations.void_invoice(invoice=older, now=now)
    else:
        part = operations.Part(invoice_id=older.pk, amount=Decimal("100.00"))
        operations.receive_payment(
            company=payer, amount=Decimal("100.00"), received_on=today, parts=[part], now=now
        )

    answer = bookkeeper.send(
        f"payments/new/?company={payer.pk}",
        **received(**{f"invoice-{older.pk}-{typed}": "100.00", f"invoice-{newer.pk}-amount": "50.00"}),
    )

    assert answer.status_code == 422
    assert f"{older} was settled meanwhile: nothing is open on it." in page(answer)
    assert 'value="100.00"' in page(answer)
    assert Payment.objects.filter(reference="4711").count() == 0


def test_amounts_beside_another_companys_invoice_or_a_draft_are_not_taken(bookkeeper, business, payer):
    others, draft = business.invoice(), business.draft(business.ticket(payer))

    bookkeeper.send(
        f"payments/new/?company={payer.pk}",
        **received(**{f"invoice-{one.pk}-amount": "10.00" for one in (others, draft)}),
    )

    assert Payment.objects.get().unapplied == Decimal("150.00")


def test_a_payment_is_laid_on_another_invoice(bookkeeper, payment, older, newer, now):
    path = f"payments/{payment.pk}/edit/"
    assert [row.payable.open for row in bookkeeper.open(path).context["form"].rows] == [
        Decimal("100.00"),
        Decimal("80.00"),
    ]

    bookkeeper.send(path, **received(amount="70.00", **{f"invoice-{newer.pk}-amount": "70.00"}))

    older.refresh_from_db()
    newer.refresh_from_db()
    payment.refresh_from_db()
    assert (older.balance, newer.balance, payment.unapplied) == (
        Decimal("100.00"),
        Decimal("10.00"),
        Decimal("0.00"),
    )
    assert "Changed" in page(bookkeeper.open(f"payments/{payment.pk}/"))


def test_the_second_of_two_who_change_a_payment_is_shown_what_the_first_saved(
    bookkeeper, payment, older, newer
):
    path = f"payments/{payment.pk}/edit/"
    seen = bookkeeper.open(path).context["form"]["revision"].value()
    bookkeeper.send(
        path,
        **received(
            revision=seen,
            amount="70.00",
            **{f"invoice-{newer.pk}-amount": "70.00", f"invoice-{newer.pk}-discount": "5.00"},
        ),
    )

    second = received(revision=seen, amount="65.00", **{f"invoice-{older.pk}-amount": "65.00"})
    answer = bookkeeper.send(path, **second)

    assert answer.status_code == 422
    assert [(one.label, one.theirs, one.yours) for one in answer.context["form"].differences] == [
        ("Amount received", "70.00", "65.00"),
        (f"Invoice {older.number}", "", "65.00"),
        (f"Invoice {newer.number}", "70.00", ""),
        (f"Discount on invoice {newer.number}", "5.00", ""),
    ]
    payment.refresh_from_db()
    assert payment.amount == Decimal("70.00")

    bookkeeper.send(path, **{**second, "revision": answer.context["form"]["revision"].value()})

    payment.refresh_from_db()
    assert (payment.amount, payment.revision) == (Decimal("65.00"), 3)


def test_a_bounced_payment_is_withdrawn_after_it_was_asked_about(bookkeeper, payment, older):
    assert older.number in page(bookkeeper.open(f"payments/{payment.pk}/withdraw/"))

    bookkeeper.send(f"payments/{payment.pk}/withdraw/")

    older.refresh_from_db()
    assert older.balance == Decimal("100.00")
    assert "what it paid is open again" in page(bookkeeper.open(f"payments/{payment.pk}/"))
    assert bookkeeper.open("payments/").context["totals"].payments == 0
    assert len(bookkeeper.open("payments/", show="withdrawn").context["listing"].rows) == 1


def test_a_payment_that_somebody_changed_meanwhile_is_not_withdrawn_unseen(bookkeeper, payment):
    seen = payment.revision
    bookkeeper.send(f"payments/{payment.pk}/edit/", **received(amount="65.00"))

    path = f"{bookkeeper.base}payments/{payment.pk}/withdraw/"
    answer = bookkeeper.post(path, {"revision": seen}, follow=True)

    payment.refresh_from_db()
    assert payment.withdrawn_at is None
    assert "was changed by somebody else" in page(answer)
    assert "$65.00" in page(answer)


def test_a_payment_from_quickbooks_is_only_read_here(bookkeeper, told_by_quickbooks):
    path = f"payments/{told_by_quickbooks.pk}/"
    shown = page(bookkeeper.open(path))
    assert "Change it there; it follows here." in shown
    assert "Withdraw" not in shown

    bookkeeper.send(f"{path}withdraw/")
    bookkeeper.send(f"{path}edit/", **received(amount="1.00"))

    told_by_quickbooks.refresh_from_db()
    assert (told_by_quickbooks.withdrawn_at, told_by_quickbooks.amount) == (None, Decimal("70.00"))


def test_the_list_is_narrowed_and_adds_up_all_of_it(
    bookkeeper, told_by_quickbooks, business, payer, now, today
):
    here = operations.receive_payment(company=payer, amount=Decimal("5.00"), received_on=today, now=now)

    def listed(**query):
        return [one.pk for one in bookkeeper.open("payments/", **query).context["listing"].rows]

    totals = bookkeeper.open("payments/").context["totals"]
    assert (totals.amount, totals.applied, totals.unapplied) == (
        Decimal("75.00"),
        Decimal("60.00"),
        Decimal("15.00"),
    )
    assert listed(source="quickbooks") == [told_by_quickbooks.pk]
    assert listed(source="here", sort="-applied") == [here.pk]
    assert listed(search="4711") == [told_by_quickbooks.pk]
    assert listed(until="2025-06-29") == []
    assert listed(company=business.company().pk) == []


def test_the_file_of_the_list_tells_where_each_came_from(bookkeeper, told_by_quickbooks):
    file = b"".join(bookkeeper.open("payments/", format="csv").streaming_content).decode("utf-8-sig")

    assert file.splitlines()[1] == "2025-06-30,Payer,Payment,,4711,70.00,60.00,10.00,QuickBooks"


def test_a_page_of_payments_costs_the_same_for_many(
    bookkeeper, payer, now, today, django_assert_max_num_queries
):
    for _ in range(55):
        operations.receive_payment(company=payer, amount=Decimal("5.00"), received_on=today, now=now)

    with django_assert_max_num_queries(12):
        answer = bookkeeper.open("payments/")

    assert len(answer.context["listing"].rows) == 50


@pytest.mark.parametrize("path", ["", "edit/", "withdraw/"])
def test_another_contractors_payment_is_not_there(owner, another_business, now, today, path):
    theirs = operations.receive_payment(
        company=another_business.company(), amount=Decimal("1.00"), received_on=today, now=now
    )

    assert owner.open(f"payments/{theirs.pk}/{path}").status_code == 404


def test_a_technician_reads_payments_and_writes_none(technician, payment):
    assert "Withdraw" not in page(technician.open(f"payments/{payment.pk}/"))
    assert technician.open("payments/new/").status_code == 403
    for path in ("edit/", "withdraw/"):
        assert technician.send(f"payments/{payment.pk}/{path}").status_code == 403
