"""From an empty installation to a payment on an invoice, all of it by what stands on the pages."""

import datetime as dt
import re
import zoneinfo
from decimal import Decimal

from playwright.sync_api import Page, expect

from centerpoint.billing.models import Invoice

LIVE = 20_000


def main(page: Page):
    return page.locator("main")


def says(page: Page, words: str) -> None:
    expect(main(page)).to_contain_text(words, timeout=LIVE)


def field(page: Page, label: str):
    """By the beginning of its label: a star behind it says that it must be filled in."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}\b")).first


def click(page: Page, name: str, role: str = "button") -> None:
    main(page).get_by_role(role, name=name).first.click()


def test_from_an_empty_installation_to_a_paid_invoice(page, pc, axe, database):
    begin(page, axe)
    qwc = activate_and_download(page)
    connect(page, pc, qwc)
    choose_items(page)
    write_an_invoice(page)
    pair(page)
    pc.update_until_idle()
    approve(page)
    pc.update_until_idle()
    approve(page)
    pc.update_until_idle()

    go(page, "Invoices")
    main(page).get_by_role("link", name="1001").first.click()
    says(page, "In QuickBooks")
    axe(page)
    invoice = next(one for one in pc.books.invoices if one["RefNumber"] == "1001")
    due = Decimal(invoice["BalanceRemaining"])
    pc.office.receive_payment(
        invoice["CustomerRef"]["FullName"],
        due,
        invoices=[invoice["TxnID"]],
        ref_number="7788",
        # The office PC's day may still be yesterday's.
        on=dt.datetime.now(zoneinfo.ZoneInfo("America/Chicago")).date(),
    )
    pc.update_until_idle()

    click(page, "Payments", "link")
    says(page, "7788")
    expect(page.locator(".page-head")).to_contain_text("Paid")
    assert Invoice.objects.get(number="1001").balance == 0
    go(page, "Home")
    says(page, "1 received")
    for list_of in ("Payments received", "Runs"):
        go(page, list_of)
        main(page).locator("tbody a").first.click()
        axe(page)


def go(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).first.click()


def begin(page: Page, axe) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome to Centerpoint")
    axe(page)
    field(page, "Name of your business").fill("Acme Roofing")
    field(page, "Time zone").select_option("America/Chicago")
    field(page, "Usual sales tax").fill("8.25")
    field(page, "Your name").fill("Jane Doe")
    field(page, "Your e-mail address").fill("jane@acme.example")
    field(page, "Password").fill("a long and quiet river")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


def activate_and_download(page: Page) -> bytes:
    go(page, "Settings")
    click(page, "Integrations", "link")
    click(page, "Activate Integration")
    expect(page.get_by_role("heading", level=1)).to_have_text("Integration Settings")
    click(page, "More")
    with page.expect_download() as file:
        page.get_by_role("link", name="Download QWC File").click()
    return file.value.path().read_bytes()


def connect(page: Page, pc, qwc: bytes) -> None:
    page.get_by_role("link", name="Connect it in three steps").click()
    with page.expect_popup() as tab:
        click(page, "Show QWC Password")
    secret = tab.value.get_by_label("Password", exact=True).input_value()
    tab.value.close()
    pc.add_application(qwc, password=secret)
    pc.update_until_idle()
    says(page, "Heard from QuickBooks: contractor.qbx, QuickBooks Enterprise Solutions")


def choose_items(page: Page) -> None:
    page.get_by_role("link", name="Choose the items").click()
    for label in ("Service Item Name", "Project Item Name"):
        field(page, label).fill("Service")
    for label in ("Service Sales Tax Item Name", "Project Sales Tax Item Name"):
        field(page, label).fill("Sales Tax")
    click(page, "Save")
    says(page, "Saved.")


def write_an_invoice(page: Page) -> None:
    go(page, "Companies")
    click(page, "New company", "link")
    field(page, "Name").fill("Oak Hills Homeowners")
    click(page, "Save")
    click(page, "New property", "link")
    field(page, "Name").fill("Clubhouse")
    click(page, "Save")
    click(page, "New ticket", "link")
    field(page, "Description").fill("Leak at the skylight")
    click(page, "Open the ticket")
    says(page, "Oak Hills Homeowners is not paired")
    click(page, "Make the invoice", "link")
    page.get_by_label(re.compile("^Description, line 1|^Description")).first.fill("Leak sealed")
    page.get_by_label(re.compile("^Quantity")).first.fill("2")
    page.get_by_label(re.compile("^Price")).first.fill("240")
    says(page, "$519.60")
    click(page, "Save and issue")
    says(page, "Invoice 1001 is issued: $519.60")


def pair(page: Page) -> None:
    go(page, "Pair customers")
    click(page, "No match", "link")
    says(page, "Oak Hills Homeowners")
    click(page, "Create in QuickBooks")
    says(page, "Undo")


def approve(page: Page) -> None:
    go(page, "Outbox")
    expect(page.get_by_role("heading", level=1)).to_have_text("Outbox")
    everything = page.get_by_label("This page")
    if everything.count():
        everything.check()
        click(page, "Approve")
