"""What a record's QuickBooks tab shows of its own, and which jobs there may be it."""

from decimal import Decimal

from centerpoint.billing import operations as billing
from centerpoint.quickbooks.excerpts import own_exchanges
from centerpoint.quickbooks.models import Counterpart, Posting
from centerpoint.quickbooks.outbox.candidates import candidates_for


def test_an_invoice_shows_its_own_requests_and_answers_the_newest_first(story):
    invoice, other = story.invoice(), story.invoice(company=story.company("Cedar Row Homes"))
    story.update()
    billing.change_issued_invoice(
        invoice=invoice,
        lines=[billing.Line(description="Repair", unit_price=Decimal("500.00"), quantity=Decimal(1))],
        now=story.clock(),
    )
    story.update()

    change, first = own_exchanges(story.company_file, invoice)

    assert [change.action, first.action] == [Posting.Action.MODIFY, Posting.Action.ADD]
    assert change.request.startswith("<InvoiceModRq")
    assert f"<RefNumber>{invoice.number}</RefNumber>" in first.request
    assert f"<RefNumber>{invoice.number}</RefNumber>" in first.answer
    assert other.number not in first.request + first.answer
    assert first.answer.startswith("<InvoiceAddRs")


def test_a_ticket_may_be_a_free_job_of_its_customer_and_no_other(story):
    invoice = story.invoice()
    story.invoice(company=story.company("Cedar Row Homes"))
    story.update()
    ticket = Posting.objects.get(ticket=invoice.ticket)
    assert candidates_for(ticket) == []  # its own job stands for it already

    Counterpart.objects.filter(ticket=invoice.ticket).delete()

    name = f"Harbor View Condominiums:{invoice.number} Harbor View Condominiums roof"
    assert [found.name for found in candidates_for(ticket)] == [name]
    assert [found.name for found in candidates_for(ticket, search=f"roof {invoice.number}")] == [name]
    assert candidates_for(ticket, search="gutter") == []
    assert candidates_for(story.posting(invoice)) == []
