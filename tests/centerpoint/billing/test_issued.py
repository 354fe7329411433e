import datetime as dt
from decimal import Decimal

import pytest

from centerpoint.billing import operations
from centerpoint.billing.models import Invoice, InvoiceStatus
from centerpoint.billing.operations import Part
from centerpoint.companies.operations import OfAnotherContractor, change_company, deactivate_company
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.work.models import ServiceTicket, Stage
from centerpoint.work.operations import CompanyInactive, change_ticket, move_ticket


def pay(invoice, amount, now, today, **fields):
    return operations.receive_payment(
        company=invoice.bill_to,
        amount=Decimal(amount),
        received_on=today,
        parts=[Part(invoice_id=invoice.pk, amount=Decimal(amount))],
        now=now,
        **fields,
    )


def test_issuing_freezes_the_invoice_dates_it_and_moves_its_ticket(business, now, today):
    draft = business.draft()

    invoice = operations.issue_invoice(invoice=draft, on=today, now=now, expected=1)

    assert (invoice.status, invoice.issued_on, invoice.due_on, invoice.revision) == (
        InvoiceStatus.ISSUED,
        today,
        today + dt.timedelta(days=30),
        2,
    )
    assert ServiceTicket.objects.values_list("stage", "completed_on").get() == (Stage.INVOICED, today)


def test_an_issued_invoice_does_not_follow_its_ticket(business, now):
    ticket, elsewhere = business.ticket(description="Leak", purchase_order="PO-1"), business.property()
    invoice = business.invoice(ticket)

    change_ticket(ticket=ticket, now=now, purchase_order="PO-2", property=elsewhere)

    invoice.refresh_from_db()
    assert (invoice.purchase_order, invoice.property_id == elsewhere.pk, invoice.revision) == (
        "PO-1",
        False,
        2,
    )


def test_a_closed_ticket_stays_closed_when_it_is_invoiced(business, now, today):
    ticket = business.ticket()
    move_ticket(ticket=ticket, stage=Stage.CLOSED, on=today, now=now)

    business.invoice(ticket)

    assert ServiceTicket.objects.get().stage == Stage.CLOSED


def test_an_invoice_without_lines_is_not_issued(business):
    with pytest.raises(operations.InvoiceHasNoLines) as refused:
        business.invoice(lines=[])

    assert refused.value.sentence == "Invoice 1001 has no lines; write what is billed first."
    assert ServiceTicket.objects.get().stage == Stage.NEW


def test_an_invoice_of_less_than_nothing_is_not_issued(business, line):
    with pytest.raises(operations.NegativeTotal) as refused:
        business.invoice(lines=[line("10.00"), line("-10.01")])

    assert refused.value.sentence == (
        "Invoice 1001 comes to -$0.01; an invoice cannot be less than nothing. Give a credit instead."
    )


def test_a_company_that_wants_an_order_number_gets_no_invoice_without(business, now):
    company = business.company("Strict", needs_purchase_order=True)

    with pytest.raises(operations.PurchaseOrderMissing) as refused:
        business.invoice(business.ticket(company))
    invoice = business.invoice(business.ticket(company), purchase_order="PO-1")
    with pytest.raises(operations.PurchaseOrderMissing):
        operations.change_issued_invoice(invoice=invoice, now=now, purchase_order="")

    assert refused.value.sentence == (
        "Strict pays no invoice without a purchase order number; add it to Invoice 1001."
    )


def test_an_exemption_that_came_after_the_draft_stops_the_taxed_invoice(business, now, today):
    draft = business.draft()
    change_company(company=draft.bill_to, now=now, tax_exempt=True)

    with pytest.raises(operations.TaxOnExempt):
        operations.issue_invoice(invoice=draft, on=today, now=now)
    operations.change_draft(invoice=draft, now=now, tax_codes=[])

    assert operations.issue_invoice(invoice=draft, on=today, now=now).tax == 0


def test_an_invoice_is_issued_once(business, now, today):
    invoice = business.invoice()

    with pytest.raises(operations.NotADraft):
        operations.issue_invoice(invoice=invoice, on=today, now=now)


def test_an_invoice_cannot_be_due_before_its_date(business, today):
    with pytest.raises(operations.DueBeforeIssued):
        business.invoice(due_on=today - dt.timedelta(days=1))


def test_a_correction_is_the_next_revision_and_keeps_what_was_paid(business, now, today, line):
    invoice = business.invoice(amount="100.00")
    pay(invoice, "40.00", now, today)

    operations.change_issued_invoice(
        invoice=invoice, now=now, expected=2, lines=[line("70.00")], tax_codes=[business.county]
    )

    assert Invoice.objects.values_list("total", "paid", "balance", "revision", "status").get() == (
        Decimal("75.78"),
        Decimal("40.00"),
        Decimal("35.78"),
        3,
        "issued",
    )


def test_a_correction_never_falls_below_what_was_paid(business, now, today, line):
    invoice = business.invoice(amount="100.00")
    pay(invoice, "40.00", now, today)

    with pytest.raises(operations.PaidMoreThanTotal) as refused:
        operations.change_issued_invoice(invoice=invoice, now=now, lines=[line("39.99")])

    assert refused.value.sentence == (
        "$40.00 of Invoice 1001 is paid; it cannot become $39.99. Change the payment first."
    )
    assert invoice.lines.get().amount == Decimal("100.00")


def test_a_corrected_date_or_term_moves_the_due_date_unless_it_is_given(business, now, today):
    invoice = business.invoice()
    day_before = today - dt.timedelta(days=1)

    operations.change_issued_invoice(invoice=invoice, now=now, issued_on=day_before)
    assert invoice.due_on == day_before + dt.timedelta(days=30)
    operations.change_issued_invoice(invoice=invoice, now=now, terms="Net 10")
    assert invoice.due_on == day_before + dt.timedelta(days=10)
    operations.change_issued_invoice(invoice=invoice, now=now, terms="Net 60", due_on=today)
    assert invoice.due_on == today
    operations.change_issued_invoice(invoice=invoice, now=now, note="Thank you")
    assert (invoice.due_on, invoice.revision) == (today, 6)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [([], operations.InvoiceHasNoLines), (["-5.00"], operations.NegativeTotal)],
)
def test_a_correction_to_nothing_or_less_is_refused(business, now, line, lines, refusal):
    invoice = business.invoice()

    with pytest.raises(refusal):
        operations.change_issued_invoice(invoice=invoice, now=now, lines=[line(price) for price in lines])


def test_a_corrected_project_invoice_keeps_to_the_contract(business, now, line):
    project = business.project(contract="1000.00")
    business.project_invoice(project, operations.Deposit(Decimal(30)))
    second = business.project_invoice(project, operations.PercentOfContract(Decimal(40)))

    with pytest.raises(operations.MoreThanTheContract):
        operations.change_issued_invoice(invoice=second, now=now, lines=[line("700.01")])
    operations.change_issued_invoice(invoice=second, now=now, lines=[line("700.00")])

    assert (second.subtotal, second.percent_of_contract) == (Decimal("700.00"), None)


def test_a_correction_on_top_of_somebody_elses_is_refused(business, now):
    invoice = business.invoice()
    operations.change_issued_invoice(invoice=Invoice.objects.get(), now=now, note="x")

    with pytest.raises(StaleRevision):
        operations.change_issued_invoice(invoice=invoice, now=now, expected=2, note="y")


def test_a_void_invoice_asks_for_nothing_and_its_ticket_waits_for_another(business, now):
    invoice = business.invoice(amount="100.00")

    operations.void_invoice(invoice=invoice, now=now, expected=2)

    assert Invoice.objects.values_list("status", "total", "balance", "revision").get() == (
        "void",
        Decimal("100.00"),
        Decimal("0.00"),
        3,
    )
    assert ServiceTicket.objects.get().stage == Stage.AUTHORIZED


def test_a_void_project_invoice_gives_its_share_of_the_contract_back(business, now):
    project = business.project(contract="1000.00")
    first = business.project_invoice(project, operations.PercentOfContract(Decimal(80)))

    operations.void_invoice(invoice=first, now=now)

    final = business.project_invoice(project, operations.Final())
    assert (final.number, final.subtotal) == ("101-2", Decimal("1000.00"))


def test_a_paid_invoice_is_not_voided(business, now, today):
    invoice = business.invoice(amount="100.00")
    payment = pay(invoice, "0.01", now, today)

    with pytest.raises(operations.InvoiceIsPaid) as refused:
        operations.void_invoice(invoice=invoice, now=now)
    operations.withdraw_payment(payment=payment, now=now)
    operations.void_invoice(invoice=invoice, now=now)

    assert refused.value.sentence == (
        "$0.01 of Invoice 1001 is paid; take the payment off before you void it."
    )


def test_only_an_issued_invoice_is_corrected_or_voided(business, now):
    draft = business.draft()

    with pytest.raises(operations.NotIssued) as refused:
        operations.void_invoice(invoice=draft, now=now)
    with pytest.raises(operations.NotIssued):
        operations.change_issued_invoice(invoice=draft, now=now, note="x")

    assert refused.value.sentence == "Invoice 1001 is a draft, not issued."


def test_billing_another_company_takes_drafts_along_with_its_taxes(business, now):
    ticket, church = business.ticket(), business.company("Church", tax_exempt=True)
    draft = business.draft(ticket, "100.00")

    operations.change_bill_to(work=ticket, bill_to=church, now=now, expected=1)
    draft.refresh_from_db()
    assert (draft.bill_to, draft.total, ticket.revision) == (church, Decimal("100.00"), 2)
    operations.change_bill_to(work=ticket, bill_to=business.company("Shop"), now=now)
    draft.refresh_from_db()

    assert (draft.bill_to.name, draft.total) == ("Shop", Decimal("108.25"))


def test_work_with_an_issued_invoice_stays_with_its_company(business, now):
    project, other = business.project(), business.company()
    invoice = business.project_invoice(project, operations.Deposit(Decimal(10)))

    with pytest.raises(operations.WorkIsInvoiced) as refused:
        operations.change_bill_to(work=project, bill_to=other, now=now)
    operations.void_invoice(invoice=invoice, now=now)
    operations.change_bill_to(work=project, bill_to=other, now=now)

    assert refused.value.sentence == (
        "Project 101 Reroof has an issued invoice; void it before you bill another company."
    )
    assert project.bill_to == other


def test_work_is_billed_only_to_an_active_company_of_the_same_contractor(business, another_business, now):
    ticket, gone = business.ticket(), business.company("Gone")
    deactivate_company(company=gone, now=now)

    with pytest.raises(CompanyInactive):
        operations.change_bill_to(work=ticket, bill_to=gone, now=now)
    with pytest.raises(OfAnotherContractor):
        operations.change_bill_to(work=ticket, bill_to=another_business.company(), now=now)
    with pytest.raises(StaleRevision):
        operations.change_bill_to(work=ticket, bill_to=business.company(), now=now, expected=7)


def test_a_renamed_company_leaves_its_tickets_and_invoices_untouched(business, now):
    invoice = business.invoice()

    change_company(company=invoice.bill_to, now=now, name="New name")

    assert (Invoice.objects.get().revision, ServiceTicket.objects.get().revision) == (2, 2)
