"""A bookkeeper pairs, by keyboard alone, whatever QuickBooks and Centerpoint both know."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from centerpoint.companies.operations import create_companies
from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, Pairing, Posting, QuickBooksCustomer, ReadMark
from centerpoint.quickbooks.pairing import operations


@pytest.fixture
def company_file(contractor: Contractor) -> CompanyFile:
    now = timezone.now()
    company_file = connection.activate(
        contractor=contractor, url=settings.CENTERPOINT_URL, now=now
    ).company_file
    ReadMark.objects.create(company_file=company_file, reading="customers", completed_at=now)
    return company_file


def known_on_both_sides(company_file: CompanyFile, names: list[str], *, now: dt.datetime) -> None:
    """A company and a customer of each name, compared."""
    create_companies(
        contractor=company_file.contractor, companies=[{"name": name} for name in names], now=now
    )
    QuickBooksCustomer.objects.bulk_create(
        QuickBooksCustomer(
            company_file=company_file,
            list_id=f"8000{number:04X}-1",
            name=name,
            full_name=name,
            edit_sequence="1",
            time_modified="2025-06-30T10:00:00-06:00",
            read_at=now,
        )
        for number, name in enumerate(names)
    )
    operations.refresh_suggestions(company_file=company_file, now=now)


def test_a_hundred_companies_are_paired_by_keyboard_alone(signed_in, company_file):
    names = [f"{first} {second} Partners" for first in FIRST for second in SECOND]
    known_on_both_sides(company_file, names, now=timezone.now())
    page = signed_in()
    page.goto(f"/c/{company_file.contractor_id}/quickbooks/pairing/?tab=certain")

    page.keyboard.press("j")
    for paired in range(1, len(names) + 1):
        page.locator("[data-row]:not([data-decided]):focus").wait_for()
        page.keyboard.press("Enter")
        page.locator("#pairing-head strong").get_by_text(f"{paired} of 100", exact=True).wait_for()

    page.get_by_text("No certain matches are left.").wait_for()
    assert Pairing.objects.filter(company_file=company_file).count() == 100


def test_every_key_does_what_the_legend_says(signed_in, company_file, axe):
    known_on_both_sides(company_file, ["Alder", "Birch", "Cedar"], now=timezone.now())
    page = signed_in()
    page.goto(f"/c/{company_file.contractor_id}/quickbooks/pairing/?tab=certain")
    row = page.locator("[data-row]:focus")

    for key, name in (("j", "Alder"), ("j", "Birch"), ("k", "Alder"), ("j", "Birch")):
        page.keyboard.press(key)
        row.get_by_text(name, exact=True).first.wait_for()
    page.keyboard.press("c")
    row.get_by_text("Birch may be Birch in QuickBooks").wait_for()
    page.keyboard.press("n")
    row.get_by_text("Nobody in QuickBooks is like it.").wait_for()
    page.keyboard.press("c")
    page.locator("[data-decided]").get_by_text("Birch will be created in QuickBooks").wait_for()
    row.get_by_text("Cedar", exact=True).first.wait_for()
    axe(page)
    page.keyboard.press("u")
    page.get_by_text("Undone: Birch will be created").wait_for()
    # It is no certain match any more, so the first row has the focus; and the page that has one hears keys.
    row.get_by_text("Alder", exact=True).first.wait_for()
    assert not Posting.objects.exists()
    page.keyboard.press("u")
    page.get_by_text("Undone: Birch is not Birch.").wait_for()
    row.get_by_text("Birch", exact=True).first.wait_for()
    page.keyboard.press("/")
    page.keyboard.type("ced")
    page.locator("[data-row]").filter(has_text="Alder").wait_for(state="detached")
    assert page.locator("[data-row]").count() == 1


def test_a_key_pressed_the_moment_a_row_is_back_acts_on_the_row(signed_in, company_file):
    known_on_both_sides(company_file, ["Alder", "Birch"], now=timezone.now())
    page = signed_in()
    page.goto(f"/c/{company_file.contractor_id}/quickbooks/pairing/?tab=certain")
    # Faster than any hand: within the same turn in which the answer was put into the page.
    page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => queueMicrotask(() => {
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "n", bubbles: true}));
        }), {once: true})"""
    )
    page.keyboard.press("j")
    page.evaluate("document.body.dataset.samePage = '1'")
    page.keyboard.press("c")

    page.locator("[data-row]:focus").get_by_text("Nobody in QuickBooks is like it.").wait_for()
    assert page.locator("[data-same-page]").count() == 1


FIRST = ("Oakwood", "Elmhurst", "Kensington", "Riverside", "Maplewood", "Stonegate", "Harbor", "Juniper", "Lakeview", "Zenith")  # fmt: skip
SECOND = ("Dental", "Church", "Apartments", "School", "Bakery", "Logistics", "Medical", "Storage", "Brewing", "Theater")  # fmt: skip
