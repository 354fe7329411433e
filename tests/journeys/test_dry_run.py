"""What the dry run shows is what then goes out."""

import re
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import expect

from centerpoint.quickbooks import connection
from journeys import books


def test_what_the_dry_run_shows_is_what_quickbooks_then_holds(page, contractor, signed_in, server, pc, axe):
    company_file = books.connect(contractor, pc, url=server)
    connection.save_options(company_file=company_file, now=timezone.now(), service_tax_item_name="Sales Tax")
    company = books.created_there(contractor, company_file, pc, "Oak Hills")
    invoices = [books.issued(company, amount, on=timezone.localdate()) for amount in ("480.00", "95.10")]
    connection.ask_for_news(company_file=company_file)
    pc.update_until_idle()
    before = {one["TxnID"] for one in pc.books.invoices}
    signed_in()

    page.goto(f"/c/{contractor.pk}/quickbooks/outbox/")
    expect(page.locator("main")).to_contain_text("wait for your approval")
    page.get_by_role("link", name="See exactly what would go out").click()
    callout = page.locator(".callout").first
    expect(callout).to_contain_text("the connector would send")
    foreseen = set(
        re.findall(r"\$[\d,.]+\d", page.get_by_role("region", name="What would go out").inner_text())
    )
    said = callout.inner_text()
    axe(page)

    page.get_by_role("link", name="Outbox").first.click()
    page.get_by_label("This page").check()
    page.get_by_role("button", name="Approve").click()
    pc.update_until_idle()

    sent = [one for one in pc.books.invoices if one["TxnID"] not in before]
    assert sorted(one["RefNumber"] for one in sent) == sorted(invoice.number for invoice in invoices)
    totals = [Decimal(one["Subtotal"]) + Decimal(one["SalesTaxTotal"]) for one in sent]
    assert {f"${total:,.2f}" for total in totals} <= foreseen
    assert f"${sum(totals):,.2f}" in said
    assert "2 invoices" in said
    page.goto(f"/c/{contractor.pk}/quickbooks/outbox/")
    expect(page.locator("main")).to_contain_text("Everything is in QuickBooks.")
