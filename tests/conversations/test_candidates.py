"""Which jobs of QuickBooks a ticket may be."""

from centerpoint.quickbooks.models import Counterpart, Posting
from centerpoint.quickbooks.outbox.candidates import candidates_for


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
