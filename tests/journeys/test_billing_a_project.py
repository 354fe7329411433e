"""A project billed by a deposit, by 40 % of its contract and finally; a ticket from its call to the printed invoice."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from centerpoint.companies import operations as companies
from centerpoint.contractors.models import Contractor
from centerpoint.work import operations as work


def says(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def field(page: Page, label: str):
    return page.locator("main").get_by_label(re.compile(rf"^{re.escape(label)}")).first


def click(page: Page, name: str, role: str = "button") -> None:
    page.locator("main").get_by_role(role, name=name).first.click()


@pytest.fixture
def place(contractor: Contractor):
    company = companies.create_company(contractor=contractor, name="Harbor View", now=timezone.now())
    return companies.create_property(company=company, name="Tower A", now=timezone.now())


def test_a_project_is_billed_by_deposit_by_percent_and_finally(page, contractor, place, signed_in, axe):
    project = work.create_project(
        property=place,
        name="Reroof",
        opened_on=timezone.localdate(),
        original_contract_amount=Decimal("10000.00"),
        now=timezone.now(),
    )
    signed_in()

    for basis, percent, billed in (
        ("Deposit", "30", "Billed $3,000.00 of $10,000.00"),
        ("Percent of contract", "40", "Billed $7,000.00 of $10,000.00"),
        ("Final", "", "Billed $10,000.00 of $10,000.00"),
    ):
        page.goto(f"/c/{contractor.pk}/projects/{project.pk}/")
        click(page, basis, "link")
        if percent:
            page.locator("main").get_by_role("textbox", name=re.compile("^Percent")).fill(percent)
        click(page, "Save draft")
        click(page, "Save and issue")
        says(page, "is issued")
        page.goto(f"/c/{contractor.pk}/projects/{project.pk}/")
        says(page, billed)
    axe(page)

    assert list(project.invoices.order_by("pk").values_list("number", "subtotal", "is_final")) == [
        ("101-1", Decimal("3000.00"), False),
        ("101-2", Decimal("4000.00"), False),
        ("101-3", Decimal("3000.00"), True),
    ]
    expect(page.locator("main").get_by_role("link", name="Deposit")).to_have_count(0)


def test_a_ticket_from_the_call_to_the_printed_invoice(page, contractor, place, signed_in):
    signed_in()
    page.goto(f"/c/{contractor.pk}/properties/{place.pk}/")
    click(page, "New ticket", "link")
    field(page, "Description").fill("Leak at the skylight")
    field(page, "Purchase order no.").fill("PO 7731")
    click(page, "Open the ticket")
    for stage in ("Accepted", "Scheduled", "Completed", "Authorized"):
        click(page, stage)
        expect(page.locator("[aria-current=step]")).to_contain_text(stage)
    click(page, "Make the invoice", "link")
    for number, (words, quantity, price) in enumerate(
        (("Travel", "1", "95"), ("Leak sealed", "2.5", "120")), start=1
    ):
        if number > 1:
            click(page, "Add line")
        row = page.locator("[data-line]").nth(number - 1)
        row.get_by_label(re.compile("Description")).fill(words)
        row.get_by_label(re.compile("Quantity")).fill(quantity)
        row.get_by_label(re.compile("Price")).fill(price)
    says(page, "$427.59")
    click(page, "Save and issue")
    says(page, "Invoice 1001 is issued: $427.59")

    click(page, "Print", "link")

    for words in ("Harbor View", "Tower A", "PO 7731", "$395.00", "$32.59", "$427.59"):
        expect(page.locator("body")).to_contain_text(words)
