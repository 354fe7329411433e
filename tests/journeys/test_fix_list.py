"""A refused invoice, from the fix list into QuickBooks."""

from django.utils import timezone
from playwright.sync_api import expect

from centerpoint.quickbooks import connection, outbox
from journeys import books


def test_an_invoice_whose_item_is_gone_is_fixed_from_the_fix_list(
    page, contractor, signed_in, server, pc, axe
):
    company_file = books.connect(contractor, pc, url=server)
    connection.save_options(
        company_file=company_file,
        now=timezone.now(),
        hold_for_approval=False,
        service_tax_item_name="Sales Tax",
    )
    company = books.created_there(contractor, company_file, pc, "Oak Hills")
    pc.office.rename_item("Service", "Field work")
    invoice = books.issued(company, "480.00", on=timezone.localdate())
    connection.ask_for_news(company_file=company_file)
    pc.update_until_idle()
    signed_in()

    page.goto(f"/c/{contractor.pk}/")
    page.get_by_role("link", name="Fix list").first.click()
    main = page.locator("main")
    expect(main).to_contain_text(f"Invoice {invoice.number}")
    expect(main).to_contain_text("Service")
    axe(page)
    page.get_by_role("link", name="Choose the item").first.click()
    page.get_by_label("Service Item Name").fill("Field work")
    page.get_by_role("button", name="Save").click()
    expect(main).to_contain_text("Saved.")
    pc.update_until_idle()

    page.get_by_role("link", name="Fix list").first.click()
    expect(main).to_contain_text("Nothing to fix.")
    page.goto(f"/c/{contractor.pk}/invoices/{invoice.pk}/")
    expect(main).to_contain_text("In QuickBooks")
    assert [one["RefNumber"] for one in pc.books.invoices if one["RefNumber"] == invoice.number] == [
        invoice.number
    ]
    assert outbox.queries.open_postings(company_file).count() == 0
