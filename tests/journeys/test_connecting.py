"""From nothing to a connected QuickBooks, in a browser, with the office PC doing what the page says."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, Options
from journeys import offices
from journeys.emulated_pc import EmulatedPC

# The page looks every two seconds; a busy machine may take longer.
LIVE = 15_000


def says(page, words):
    expect(page.locator("main")).to_contain_text(words, timeout=LIVE)


def step(page, number, words):
    expect(page.locator(f"#step-{number}")).to_have_text(words, timeout=LIVE)


def test_a_bookkeeper_connects_quickbooks_step_by_step(page, contractor, signed_in, pc, watch):
    watch.expect("status of 422")
    signed_in()
    page.goto(f"/c/{contractor.pk}/settings/integrations/")
    page.get_by_role("button", name="Activate Integration").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Integration Settings")
    page.get_by_role("button", name="More").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="Download QWC File").click()
    qwc = file.value.path().read_bytes()
    page.get_by_role("link", name="Connect it in three steps").click()
    step(page, 1, "Do this now")

    # A wrong password first, as it happens.
    pc.add_application(qwc, password="mistyped")
    pc.update()
    says(page, "with a wrong password")
    step(page, 1, "Done")

    with page.expect_popup() as tab:
        page.get_by_role("button", name="Show QWC Password").click()
    secret = tab.value.get_by_label("Password", exact=True).input_value()
    says(tab.value, "Password shown")
    tab.value.close()

    pc.add_application(qwc, password=secret)
    pc.update_until_idle()
    says(page, "Heard from QuickBooks: contractor.qbx, QuickBooks Enterprise Solutions: Contractor")
    says(page, "All read")
    for number in (1, 2, 3):
        step(page, number, "Done")
    says(page, "What comes next")

    page.get_by_role("link", name="Choose the items").click()
    says(page, "Choose from what")
    field = page.get_by_label("Service Item Name")
    field.fill("No such item")
    page.get_by_role("button", name="Save").click()
    says(page, "QuickBooks has no active service item named “No such item”.")
    expect(field).to_have_value("No such item")
    field.fill("service")
    page.get_by_role("button", name="Save").click()
    says(page, "Saved.")
    expect(field).to_have_value("Service")


def test_another_company_file_is_refused_and_named(page, contractor, signed_in, server, pc, tmp_path):
    now = timezone.now()
    ours = connection.activate(contractor=contractor, url=server, now=now)
    theirs = connection.activate(
        contractor=Contractor.objects.create(name="Zeta Plumbing"),
        url=server,
        now=now,
    )
    (tmp_path / "other").mkdir()
    other = EmulatedPC(tmp_path / "other")
    other.add_application(connection.qwc_file(theirs.company_file), password=theirs.password)
    other.update()
    signed_in()
    page.goto(f"/c/{contractor.pk}/quickbooks/connect/")

    other.add_application(connection.qwc_file(ours.company_file), password=ours.password)
    other.update()
    says(page, "Another company file is open in QuickBooks")
    says(page, "Open the company file this integration belongs to")
    step(page, 2, "Done")

    pc.add_application(connection.qwc_file(ours.company_file), password=ours.password)
    pc.update_until_idle()
    says(page, "Heard from QuickBooks: contractor.qbx")
    expect(page.locator("main")).not_to_contain_text("Another company file is open")
    other.close()


def test_an_earlier_start_date_shows_what_it_sends_before_it_is_saved(page, contractor, signed_in, server):
    now = timezone.now()
    offices.fill_office(contractor, now=now)
    connection.activate(contractor=contractor, url=server, now=now, start_date=now.date())
    signed_in()
    page.goto(f"/c/{contractor.pk}/quickbooks/settings/")

    page.get_by_label("Start date").fill("2020-01-01")
    page.get_by_label("Start date").blur()
    expect(page.locator("#start-date")).to_contain_text(
        re.compile(r"Back-fill: saving this sends \d+ older invoices \(\$[\d,.]+\)"), timeout=LIVE
    )
    assert Options.objects.get().start_date == now.date()


def test_a_rehearsal_from_its_start_to_the_bin(page, contractor, signed_in, settings, tmp_path, axe):
    settings.PRACTICE_DIR = tmp_path / "practice"
    signed_in()
    page.goto(f"/c/{contractor.pk}/practice/")
    page.get_by_role("button", name="Start a rehearsal").click(timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Practice", timeout=60_000)
    axe(page)

    office = page.get_by_role("region", name="In the office")
    office.locator("summary").filter(has_text=re.compile("rename", re.I)).click()
    office.locator("#do-rename_customer").get_by_label("Name", exact=True).fill("Zebra Holdings")
    office.get_by_role("button", name=re.compile("rename", re.I)).click()
    says(page, "Zebra Holdings")

    page.get_by_role("button", name="Run the Web Connector").click(timeout=60_000)
    says(page, "What happened:")

    page.get_by_role("button", name="Throw it away").click()
    says(page, "is gone, with everything in it.")
    assert not CompanyFile.objects.exists()
