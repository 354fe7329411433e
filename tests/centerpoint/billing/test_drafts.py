import datetime as dt
from decimal import Decimal

import pytest

from centerpoint.billing import operations
from centerpoint.billing.models import Invoice, InvoiceLine, InvoiceTax
from centerpoint.billing.operations.drafts import NotTheFirst
from centerpoint.companies.operations import OfAnotherContractor
from centerpoint.contractors.fields import FieldsRefused
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.work.models import Stage
from centerpoint.work.operations import add_change_order


def test_a_service_invoice_carries_its_tickets_number_company_and_order(business, now, line):
    ticket = business.ticket(purchase_order="PO-7")

    invoice = operations.draft_service_invoice(
        ticket=ticket, lines=[line("98.00", "2.25"), line("85.00", taxable=False)], now=now
    )

    assert Invoice.objects.values(
        "number", "kind", "status", "ticket", "bill_to", "property", "purchase_order", "terms", "issued_on",
        "subtotal", "tax", "total", "paid", "balance", "revision",
    ).get() == {
        "number": ticket.number,
        "kind": "service",
        "status": "draft",
        "ticket": ticket.pk,
        "bill_to": ticket.bill_to_id,
        "property": ticket.property_id,
        "purchase_order": "PO-7",
        "terms": "Net 30",
        "issued_on": None,
        "subtotal": Decimal("305.50"),
        "tax": Decimal("18.19"),
        "total": Decimal("323.69"),
        "paid": Decimal("0.00"),
        "balance": Decimal("323.69"),
        "revision": 1,
    }  # fmt: skip
    assert list(invoice.lines.values_list("position", "quantity", "unit_price", "amount", "taxable")) == [
        (1, Decimal("2.2500"), Decimal("98.0000"), Decimal("220.50"), True),
        (2, Decimal("1.0000"), Decimal("85.0000"), Decimal("85.00"), False),
    ]
    assert list(invoice.taxes.values_list("tax_code__code", "percent", "amount")) == [
        ("COUNTY", Decimal("8.2500"), Decimal("18.19"))
    ]


def test_drafting_leaves_the_ticket_where_it_is(business):
    ticket = business.draft().ticket

    assert (ticket.stage, ticket.revision) == (Stage.NEW, 1)


def test_taxes_chosen_by_hand_are_each_rounded_by_themselves(business, line):
    city = business.tax_code("CITY", "1.00")

    invoice = business.draft(lines=[line("35.50")], tax_codes=[business.county, city, city])

    assert list(InvoiceTax.objects.values_list("tax_code__code", "amount")) == [
        ("COUNTY", Decimal("2.93")),
        ("CITY", Decimal("0.36")),
    ]
    assert (invoice.tax, invoice.total) == (Decimal("3.29"), Decimal("38.79"))


def test_an_exempt_company_gets_no_tax_and_none_can_be_put_on(business):
    church = business.company("Church", tax_exempt=True)

    assert business.draft(business.ticket(church)).tax == 0
    with pytest.raises(operations.TaxOnExempt) as refused:
        business.draft(business.ticket(church), tax_codes=[business.county])

    assert refused.value.sentence == (
        "Church is tax exempt; take the tax codes off the invoice or lift the exemption."
    )


def test_a_tax_code_out_of_use_or_of_another_contractor_is_refused(business, another_business):
    old = operations.change_tax_code(tax_code=business.tax_code("OLD", "5.00"), is_active=False)

    with pytest.raises(operations.TaxCodeInactive):
        business.draft(tax_codes=[old])
    with pytest.raises(OfAnotherContractor):
        business.draft(tax_codes=[another_business.county])


def test_a_ticket_has_one_invoice(business):
    ticket = business.ticket()
    business.draft(ticket)

    with pytest.raises(operations.TicketHasAnInvoice) as refused:
        business.draft(ticket)

    assert refused.value.sentence == (
        "Service ticket 1001 has its invoice 1001 (a draft); change or void that one."
    )


def test_after_a_void_invoice_the_next_one_gets_a_number_of_its_own(business, now):
    ticket = business.ticket()
    operations.void_invoice(invoice=business.invoice(ticket), now=now)
    operations.void_invoice(invoice=business.invoice(ticket), now=now)

    assert business.draft(ticket).number == "1001-3"


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_price": "1.23456"},
        {"unit_price": "1", "quantity": "0.00001"},
        {"unit_price": "1", "unit": "x" * 21},
        {"unit_price": "1", "kind": "magic"},
    ],
)
def test_a_line_that_cannot_be_kept_exactly_is_refused_and_leaves_no_draft(business, line, wrong):
    with pytest.raises(FieldsRefused):
        business.draft(lines=[line(**wrong)])

    assert not Invoice.objects.exists()


def test_a_changed_draft_is_written_anew_as_its_next_revision(business, now, line):
    invoice = business.draft(amount="100.00")

    operations.change_draft(
        invoice=invoice, now=now, expected=1, lines=[line("10.00"), line("20.00")], purchase_order="PO-9"
    )

    assert (invoice.total, invoice.balance, invoice.purchase_order, invoice.revision) == (
        Decimal("32.48"),
        Decimal("32.48"),
        "PO-9",
        2,
    )
    assert list(InvoiceLine.objects.values_list("position", "amount")) == [
        (1, Decimal("10.00")),
        (2, Decimal("20.00")),
    ]
    assert InvoiceTax.objects.get().amount == Decimal("2.48")


def test_writing_a_draft_as_it_is_changes_nothing(business, now, line):
    invoice = business.draft(lines=[line("10.00", "2.5")])
    ids = list(InvoiceLine.objects.values_list("pk", flat=True))

    operations.change_draft(
        invoice=invoice, now=now, lines=[line("10.0000", "2.50")], tax_codes=[business.county]
    )

    assert invoice.revision == 1
    assert list(InvoiceLine.objects.values_list("pk", flat=True)) == ids


def test_only_another_description_of_a_line_is_a_revision_too(business, now, line):
    invoice = business.draft(lines=[line("10.00", description="Roof")])

    operations.change_draft(invoice=invoice, now=now, lines=[line("10.00", description="Gutter")])

    assert invoice.revision == 2
    assert InvoiceLine.objects.get().description == "Gutter"


def test_a_draft_somebody_else_changed_is_neither_changed_nor_discarded_nor_issued(business, now, today):
    invoice = business.draft()
    operations.change_draft(invoice=Invoice.objects.get(), now=now, note="x")

    with pytest.raises(StaleRevision):
        operations.change_draft(invoice=invoice, now=now, expected=1, lines=[])
    with pytest.raises(StaleRevision):
        operations.discard_draft(invoice=invoice, expected=1)
    with pytest.raises(StaleRevision):
        operations.issue_invoice(invoice=invoice, on=today, now=now, expected=1)

    assert InvoiceLine.objects.count() == 1


def test_a_discarded_draft_frees_its_ticket_and_number(business):
    ticket = business.ticket()
    operations.discard_draft(invoice=business.draft(ticket))

    assert business.draft(ticket).number == "1001"


def test_an_issued_invoice_is_no_draft_any_more(business, now):
    invoice = business.invoice()

    with pytest.raises(operations.NotADraft) as refused:
        operations.change_draft(invoice=invoice, now=now, note="x")
    with pytest.raises(operations.NotADraft):
        operations.discard_draft(invoice=invoice)

    assert refused.value.sentence == "Invoice 1001 is issued, no draft any more; correct or void it instead."


# -- projects ------------------------------------------------------------------------------------------------------


def shown(invoice):
    line = invoice.lines.get()
    return invoice.number, invoice.subtotal, invoice.previously_invoiced, invoice.is_final, line.description


def test_a_project_is_billed_by_deposit_percent_amount_and_finally(business, now, today):
    project = business.project(contract="84315.50")
    deposit = business.project_invoice(project, operations.Deposit(Decimal(30)))
    share = business.project_invoice(project, operations.PercentOfContract(Decimal("33.3333")))
    amount = business.project_invoice(project, operations.FixedAmount(Decimal("5000.00")))
    add_change_order(project=project, description="x", amount=Decimal("100.10"), agreed_on=today, now=now)
    final = business.project_invoice(project, operations.Final())

    assert [shown(one) for one in (deposit, share, amount, final)] == [
        ("101-1", Decimal("25294.65"), 0, False, "Deposit, 30 % of the contract of $84,315.50"),
        ("101-2", Decimal("28105.14"), Decimal("25294.65"), False, "33.3333 % of the contract of $84,315.50"),
        ("101-3", Decimal("5000.00"), Decimal("53399.79"), False, "Progress billing on the contract of $84,315.50"),
        ("101-4", Decimal("26015.81"), Decimal("58399.79"), True, "Final billing of the contract of $84,415.60"),
    ]  # fmt: skip
    assert [one.percent_of_contract for one in (deposit, share, amount, final)] == [
        Decimal(30),
        Decimal("33.3333"),
        None,
        None,
    ]


def test_a_project_invoice_is_taxed_like_any_other(business, now):
    draft = operations.draft_project_invoice(
        project=business.project(contract="1000.00"), basis=operations.Deposit(Decimal(10)), now=now
    )
    untaxed = operations.draft_project_invoice(
        project=business.project(contract="1000.00"),
        basis=operations.Deposit(Decimal(10)),
        taxable=False,
        now=now,
    )

    assert (draft.total, untaxed.total) == (Decimal("108.25"), Decimal("100.00"))


def test_a_project_never_bills_more_than_its_contract(business):
    project = business.project(contract="1000.00")
    business.project_invoice(project, operations.Deposit(Decimal(90)))

    with pytest.raises(operations.MoreThanTheContract) as refused:
        business.project_invoice(project, operations.PercentOfContract(Decimal("10.01")))

    assert refused.value.sentence == (
        "$900.00 of Project 101 Reroof's contract of $1,000.00 is invoiced already; $100.10 more is $0.10 over it. "
        "Add a change order or invoice less."
    )


def test_a_deposit_comes_first(business):
    project = business.project()
    business.project_invoice(project, operations.Deposit(Decimal(10)))

    with pytest.raises(NotTheFirst):
        business.project_invoice(project, operations.Deposit(Decimal(10)))


@pytest.mark.parametrize("percent", ["0", "-5", "100.01"])
def test_a_percent_that_is_none_is_refused(business, percent):
    with pytest.raises(operations.PercentOutOfRange):
        business.project_invoice(business.project(), operations.PercentOfContract(Decimal(percent)))


def test_an_invoice_of_nothing_is_refused(business):
    project = business.project(contract="100.00")

    with pytest.raises(operations.NothingToBill):
        business.project_invoice(project, operations.FixedAmount(Decimal("0.00")))
    business.project_invoice(project, operations.Deposit(Decimal(100)))
    with pytest.raises(operations.NothingToBill):
        business.project_invoice(project, operations.Final())


def test_a_second_draft_issued_first_shows_in_the_other_and_can_stop_it(business, now, today):
    project = business.project(contract="1000.00")
    half = operations.draft_project_invoice(
        project=project, basis=operations.PercentOfContract(Decimal(50)), now=now, tax_codes=[]
    )
    rest = operations.draft_project_invoice(project=project, basis=operations.Final(), now=now, tax_codes=[])
    operations.issue_invoice(invoice=half, on=today, now=now)

    with pytest.raises(operations.FinalIsNotTheRest) as refused:
        operations.issue_invoice(invoice=rest, on=today, now=now)

    assert refused.value.sentence == (
        "Invoice 101-2 is the final one but bills $1,000.00, while $500.00 of the contract is left. "
        "Discard the draft and make the final invoice anew."
    )


def test_lines_that_no_longer_come_to_the_percent_drop_it(business, now, line):
    project = business.project(contract="1000.00")
    draft = operations.draft_project_invoice(
        project=project, basis=operations.PercentOfContract(Decimal(50)), now=now
    )

    operations.change_draft(invoice=draft, now=now, lines=[line("300.00"), line("200.00")])
    assert draft.percent_of_contract == Decimal(50)
    operations.change_draft(invoice=draft, now=now, lines=[line("300.00")])
    assert draft.percent_of_contract is None


def test_a_project_number_that_looks_like_a_tickets_second_invoice_is_stepped_over(business):
    business.draft(business.ticket(number="101-1"))

    assert business.project_invoice(business.project(), operations.Deposit(Decimal(1))).number == "101-2"


def test_a_draft_may_say_itself_when_it_is_due(business, now, today):
    due = today + dt.timedelta(days=3)

    assert business.invoice(due_on=due).due_on == due
