import datetime as dt
from decimal import Decimal

from centerpoint.billing import operations, queries
from centerpoint.billing.models import InvoiceKind, InvoiceStatus
from centerpoint.billing.operations import Part
from centerpoint.companies.queries import companies
from centerpoint.work.queries import projects


def pay(invoice, amount, now, today):
    return operations.receive_payment(
        company=invoice.bill_to,
        amount=Decimal(amount),
        received_on=today,
        parts=[Part(invoice_id=invoice.pk, amount=Decimal(amount))],
        now=now,
    )


def test_totals_count_what_was_issued_and_not_voided(business, another_business, now, today):
    pay(business.invoice(amount="100.10"), "40.05", now, today)
    business.invoice(amount="0.20", tax_codes=[business.county])
    operations.void_invoice(invoice=business.invoice(amount="500.00"), now=now)
    business.draft(amount="700.00")
    another_business.invoice(amount="900.00")

    assert queries.totals(queries.invoices(business.contractor)) == queries.InvoiceTotals(
        invoices=2,
        total=Decimal("100.32"),
        paid=Decimal("40.05"),
        balance=Decimal("60.27"),
    )


def test_totals_of_nothing_are_nothing(business):
    totals = queries.totals(queries.invoices(business.contractor))

    assert (totals.invoices, totals.total, totals.balance) == (0, Decimal("0.00"), Decimal("0.00"))


def test_what_each_company_owes(business, now, today):
    debtor, payer = business.company(), business.company()
    business.invoice(business.ticket(debtor), "10.10")
    business.invoice(business.ticket(debtor), "20.20")
    pay(business.invoice(business.ticket(payer), "5.00"), "5.00", now, today)

    assert queries.balances(business.contractor) == {debtor.pk: Decimal("30.30")}
    assert queries.balances(business.contractor, [payer]) == {}


def test_companies_by_what_they_owe(business):
    little, much, nothing = (business.company(name) for name in ("Alder", "Birch", "Cedar"))
    business.invoice(business.ticket(little), "10.10")
    business.invoice(business.ticket(much), "20.20")
    business.invoice(business.ticket(much), "0.05")
    business.draft(business.ticket(nothing))
    everybody = companies(business.contractor)

    owed = queries.with_owed(everybody)

    assert [(company.name, company.owed) for company in owed] == [
        ("Alder", Decimal("10.10")),
        ("Birch", Decimal("20.25")),
        ("Cedar", None),
    ]
    assert list(queries.owing(everybody)) == [little, much]
    assert queries.owed_by(business.contractor, everybody.filter(name__gt="B")) == Decimal("20.25")


def test_how_far_projects_are_billed_together(business):
    billed = business.project(contract="10000.00")
    business.project_invoice(billed, operations.PercentOfContract(Decimal(40)))
    business.project(contract="5000.00")

    together = queries.billed_of_contracts(projects(business.contractor))

    assert together == queries.Billed(contract_amount=Decimal("15000.00"), billed=Decimal("4000.00"))


def test_open_invoices_of_a_company_come_oldest_first(business, now, today):
    company = business.company()
    newer, older, paid = (business.invoice(business.ticket(company), "10.00") for _ in range(3))
    operations.change_issued_invoice(invoice=older, now=now, issued_on=today - dt.timedelta(days=9))
    pay(paid, "10.00", now, today)
    business.draft(business.ticket(company))

    assert list(queries.open_invoices(company)) == [older, newer]
    assert list(queries.overdue(business.contractor, on=today + dt.timedelta(days=22))) == [older]


def test_how_far_a_project_is_billed(business, now):
    project, untouched = business.project(contract="3000.00"), business.project(contract="0.00")
    business.project_invoice(project, operations.Deposit(Decimal(30)))
    operations.draft_project_invoice(project=project, basis=operations.FixedAmount(Decimal("1.00")), now=now)

    billed = queries.billed_of_contract([project, untouched])

    assert billed[project.pk] == queries.Billed(contract_amount=Decimal("3000.00"), billed=Decimal("900.00"))
    assert (billed[project.pk].rest, billed[project.pk].percent) == (Decimal("2100.00"), Decimal(30))
    assert (billed[untouched.pk].billed, billed[untouched.pk].percent) == (Decimal("0.00"), None)


def test_invoices_are_found_by_kind_status_balance_and_text(business, now, today):
    service = business.invoice(business.ticket(business.company("Oak Church")), "10.00")
    project = business.project_invoice(business.project(), operations.Deposit(Decimal(1)))
    draft = business.draft()
    pay(project, "100.00", now, today)
    contractor = business.contractor

    assert list(queries.invoices(contractor, kind=InvoiceKind.PROJECT)) == [project]
    assert list(queries.invoices(contractor, statuses=[InvoiceStatus.DRAFT])) == [draft]
    assert list(queries.invoices(contractor, only_open=True)) == [service]
    assert list(queries.invoices(contractor, search="oak")) == [service]
    assert list(queries.invoices(contractor, search="101-")) == [project]


def test_payments_are_listed_with_what_they_paid_and_without_the_withdrawn(business, now, today):
    invoice = business.invoice(amount="10.00")
    kept = pay(invoice, "4.00", now, today)
    bounced = operations.withdraw_payment(payment=pay(invoice, "6.00", now, today), now=now)

    assert list(queries.payments(business.contractor)) == [kept]
    assert list(queries.payments(business.contractor, company=invoice.bill_to, with_withdrawn=True)) == [
        bounced,
        kept,
    ]


def test_lists_cost_the_same_queries_for_many_rows(business, now, today, django_assert_num_queries):
    for _ in range(4):
        pay(business.invoice(amount="10.00", tax_codes=[business.county]), "4.00", now, today)

    with django_assert_num_queries(4):
        rows = [
            (
                i.ticket.number,
                i.bill_to.name,
                i.property.name,
                [one.amount for one in i.lines.all()],
                [tax.tax_code.code for tax in i.taxes.all()],
                [part.payment.amount for part in i.payment_parts.all()],
            )
            for i in queries.with_content(queries.invoices(business.contractor))
        ]
    with django_assert_num_queries(2):
        paid = [
            (p.company.name, [part.invoice.number for part in p.parts.all()])
            for p in queries.payments(business.contractor)
        ]
    with django_assert_num_queries(1):
        queries.balances(business.contractor)

    assert [row[3:] for row in rows] == [([Decimal("10.00")], ["COUNTY"], [Decimal("4.00")])] * 4
    assert len(paid) == 4


def test_an_office_asks_for_invoices_by_name(business, now, today):
    draft = business.draft()
    due_later = business.invoice(due_on=today + dt.timedelta(days=1))
    late = business.invoice(due_on=today)
    paid = business.invoice()
    pay(paid, "100.00", now, today)
    void = operations.void_invoice(invoice=business.invoice(), now=now)
    tomorrow = today + dt.timedelta(days=1)

    def of(preset):
        return set(queries.of_preset(queries.invoices(business.contractor), preset, on=tomorrow))

    preset = queries.Preset
    assert {one: of(one) for one in preset} == {
        preset.ALL: {draft, due_later, late, paid, void},
        preset.DRAFTS: {draft},
        preset.OPEN: {due_later, late},
        preset.OVERDUE: {late},
        preset.PAID: {paid},
        preset.VOID: {void},
    }
    for invoice, named in (
        (draft, preset.DRAFTS),
        (due_later, preset.OPEN),
        (late, preset.OVERDUE),
        (paid, preset.PAID),
        (void, preset.VOID),
    ):
        invoice.refresh_from_db()
        assert queries.preset_of(invoice, on=tomorrow) is named


def test_the_trail_of_an_invoice_tells_what_was_open_after_each_payment(business, now, today):
    invoice = business.invoice(amount="100.00")
    pay(invoice, "30.00", now, today)
    bounced = operations.receive_payment(
        company=invoice.bill_to,
        amount=Decimal("20.00"),
        received_on=today,
        parts=[Part(invoice_id=invoice.pk, amount=Decimal("20.00"))],
        now=now,
    )
    operations.withdraw_payment(payment=bounced, now=now)
    pay(invoice, "50.00", now, today)

    assert [(step.part.amount, step.balance) for step in queries.trail(invoice)] == [
        (Decimal("30.00"), Decimal("70.00")),
        (Decimal("20.00"), Decimal("70.00")),
        (Decimal("50.00"), Decimal("20.00")),
    ]


def test_a_payment_may_pay_what_is_open_and_what_it_pays_already(business, now, today):
    company = business.company()
    first, second, settled = (business.invoice(business.ticket(company), "10.00") for _ in range(3))
    business.invoice(amount="5.00")
    pay(settled, "10.00", now, today)
    payment = operations.receive_payment(
        company=company,
        amount=Decimal("9.00"),
        received_on=today,
        parts=[Part(invoice_id=first.pk, amount=Decimal("9.00"), discount=Decimal("1.00"))],
        now=now,
    )

    assert [one.invoice for one in queries.payable(company)] == [second]
    assert [
        (one.invoice, one.open, one.amount, one.discount) for one in queries.payable(company, payment)
    ] == [
        (first, Decimal("10.00"), Decimal("9.00"), Decimal("1.00")),
        (second, Decimal("10.00"), Decimal("0.00"), Decimal("0.00")),
    ]


def test_what_payments_come_to(business, now, today):
    invoice = business.invoice(amount="30.00")
    pay(invoice, "30.00", now, today)
    operations.receive_payment(company=invoice.bill_to, amount=Decimal("5.00"), received_on=today, now=now)
    bounced = operations.receive_payment(
        company=invoice.bill_to, amount=Decimal("7.00"), received_on=today, now=now
    )
    operations.withdraw_payment(payment=bounced, now=now)
    found = queries.payments(business.contractor, with_withdrawn=True)

    together = queries.PaymentTotals.of(found.aggregate(**queries.PAYMENT_SUMS))

    assert (together.payments, together.amount, together.applied, together.unapplied) == (
        2,
        Decimal("35.00"),
        Decimal("30.00"),
        Decimal("5.00"),
    )
    by_invoice = queries.payments(business.contractor, search=invoice.number)
    assert [payment.amount for payment in by_invoice] == [Decimal("30.00")]
