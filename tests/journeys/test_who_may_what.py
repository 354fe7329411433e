"""What a browser shows to somebody at the wrong door."""

from django.utils import timezone
from playwright.sync_api import expect

from centerpoint.contractors.models import Role
from centerpoint.work.models import ServiceTicket
from journeys import offices


def test_another_contractors_pages_are_not_there(page, contractor, signed_in, watch):
    watch.expect("status of 404")
    other = offices.set_up_office_of("Zeta Plumbing", "owner@zeta.example", now=timezone.now())
    offices.fill_office(other, now=timezone.now())
    ticket = ServiceTicket.objects.filter(contractor=other).first()
    signed_in(Role.OWNER)

    for path in (f"/c/{other.pk}/companies/", f"/c/{contractor.pk}/tickets/{ticket.pk}/"):
        answer = page.goto(path)
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
        expect(page.locator("body")).not_to_contain_text(ticket.bill_to.name)


def test_a_technician_reads_and_is_told_what_he_may_not_do(page, contractor, signed_in, watch, axe):
    watch.expect("status of 403")
    offices.fill_office(contractor, now=timezone.now())
    signed_in(Role.TECHNICIAN)

    page.goto(f"/c/{contractor.pk}/tickets/")
    expect(page.get_by_role("link", name="New ticket")).to_have_count(0)
    answer = page.goto(f"/c/{contractor.pk}/tickets/new/")

    assert answer.status == 403
    expect(page.locator("main")).to_contain_text("This needs the role Bookkeeper; yours is Technician.")
    axe(page)
