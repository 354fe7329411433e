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
        subtotal=Decimal("100.30"),
        tax=Decimal("0.02"),
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
