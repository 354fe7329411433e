"""The set-up story on its pages: activate, connect, choose, the password, pause, deactivate."""

import datetime as dt
import re
import zoneinfo

import pytest
from django.utils import timezone

from centerpoint.contractors.models import Change
from centerpoint.pages.integrations.options_form import OptionsForm
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, ListEntry, Options, ReadMark, RefusedLogIn
from centerpoint.quickbooks.webconnector import credentials, refused

SETTINGS = "quickbooks/settings/"
CONNECT = "quickbooks/connect/"
PASSWORD = "quickbooks/password/"


def text(answer):
    """What somebody reads: without tags, every run of blanks one."""
    body = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body.partition("<main")[2] or body))


@pytest.fixture
def file(business):
    return connection.activate(
        contractor=business.contractor,
        url="http://localhost:8000",
        now=timezone.now(),
        start_date=timezone.localdate(),
    ).company_file


@pytest.fixture
def values(file):
    """What the browser sends back of the form as it stands."""

    def sent(**typed):
        form = OptionsForm(record=Options.objects.get(), choices=connection.choices(file))
        initial = {name: form.initial[name] for name in form.fields}
        both = {**initial, **typed}
        return {name: value for name, value in both.items() if value is not None and value is not False}

    return sent


def hear(file, **facts):
    """QuickBooks described itself."""
    now = timezone.now()
    file.sessions.create(ticket_digest=b"t", opened_at=now, heard_at=now)
    CompanyFile.objects.update(
        last_heard_at=now,
        bound_at=now,
        company_name="Acme Roofing LLC",
        file_name=r"C:\Books\Acme Roofing.qbw",
        product_name="QuickBooks Enterprise Solutions 24.0",
        **facts,
    )


def item(file, name, kind=ListEntry.Kind.SERVICE_ITEM, **fields):
    return ListEntry.objects.create(
        company_file=file,
        kind=kind,
        list_id=f"8000-{name}",
        name=name,
        full_name=name,
        read_at=timezone.now(),
        **fields,
    )


# -- the tab and the switch


def test_activating_leads_to_the_settings_and_starts_today(bookkeeper, business):
    assert "Activate Integration" in text(bookkeeper.open("settings/integrations/"))

    answer = bookkeeper.send("quickbooks/activate/")

    assert answer.url == bookkeeper.base + SETTINGS
    there = zoneinfo.ZoneInfo(business.contractor.time_zone)
    assert Options.objects.get().start_date == timezone.localdate(timezone=there)
    shown = text(bookkeeper.open(SETTINGS))
    for words in (
        "Download QWC File",
        "Show QWC Password",
        "Service Sales Tax Item Name",
        "Project Item Name",
    ):
        assert words in shown


def test_a_technician_sees_the_tab_and_can_do_nothing(technician, file):
    assert "Integration Settings" not in text(technician.open("settings/integrations/"))
    for path in (
        "activate",
        "pause",
        "resume",
        "deactivate",
        "password",
        "password/new",
        "settings",
        "connect",
    ):
        assert technician.send(f"quickbooks/{path}/").status_code == 403
    assert technician.open("quickbooks/centerpoint.qwc").status_code == 403


def test_the_settings_of_what_is_not_activated_lead_to_the_tab(bookkeeper):
    assert bookkeeper.open(SETTINGS).url == bookkeeper.base + "settings/integrations/"


def test_another_contractors_connection_is_not_shown(bookkeeper, another_business, file):
    assert bookkeeper.get(f"/c/{another_business.contractor.pk}/{SETTINGS}").status_code == 404


def test_pause_and_resume_say_what_they_do(bookkeeper, file):
    bookkeeper.send("quickbooks/pause/")
    assert "Everything is kept and goes on when you resume." in text(bookkeeper.open(SETTINGS))

    bookkeeper.send("quickbooks/resume/")
    assert CompanyFile.objects.get().status == CompanyFile.Status.ACTIVE


def test_deactivating_is_asked_once_more(bookkeeper, file):
    assert "What is kept" in text(bookkeeper.open("quickbooks/deactivate/"))
    assert CompanyFile.objects.get().status == CompanyFile.Status.ACTIVE

    bookkeeper.send("quickbooks/deactivate/")

    assert CompanyFile.objects.get().status == CompanyFile.Status.DEACTIVATED
    assert "It was active before." in text(bookkeeper.open("settings/integrations/"))


# -- the QWC file and the password


def test_the_qwc_file_is_the_connections(bookkeeper, file):
    answer = bookkeeper.open("quickbooks/centerpoint.qwc")

    assert answer.content == connection.qwc_file(file)
    assert answer["Content-Disposition"] == 'attachment; filename="centerpoint-acme-roofing.qwc"'


def test_the_password_is_shown_to_who_asks_and_that_is_kept(bookkeeper, file):
    secret = connection.show_password(company_file=file)
    assert secret not in bookkeeper.open(PASSWORD).content.decode()

    answer = bookkeeper.send(PASSWORD)

    assert f'value="{secret}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    change = Change.objects.get(did="Password shown")
    assert change.by == bookkeeper.user
    assert "The bookkeeper Password shown" in text(answer)


def test_a_new_password_leaves_the_old_one_a_day(bookkeeper, file):
    old = connection.show_password(company_file=file)

    bookkeeper.send("quickbooks/password/new/")

    assert connection.show_password(company_file=CompanyFile.objects.get()) != old
    assert "works until" in text(bookkeeper.open(PASSWORD))


# -- the settings


def test_names_typed_before_the_first_contact_are_kept_as_typed(bookkeeper, values):
    answer = bookkeeper.send(SETTINGS, **values(service_item_name="Roof repair"))

    assert (answer.status_code, Options.objects.get().service_item_name) == (302, "Roof repair")


def test_items_are_chosen_from_what_quickbooks_has_with_type_and_rate(bookkeeper, file, values):
    hear(file)
    item(file, "Repair")
    state = item(file, "State", ListEntry.Kind.SALES_TAX_ITEM, percent="6.25")
    city = item(file, "City", ListEntry.Kind.SALES_TAX_ITEM, percent="2")
    members = {"members": [state.list_id, city.list_id]}
    item(file, "Sales Tax", ListEntry.Kind.SALES_TAX_GROUP, facts=members)
    ReadMark.objects.create(company_file=file, reading="items", completed_at=timezone.now())

    shown = text(bookkeeper.open(SETTINGS))
    assert "Sales tax group, 8.25 %" in shown
    assert "Not in QuickBooks" in shown

    answer = bookkeeper.send(
        SETTINGS, **values(service_item_name="Nonsense", project_item_name="repair", line_mode="by_kind")
    )

    assert answer.status_code == 422
    assert "QuickBooks has no active service item named “Nonsense”. It has: Repair." in text(answer)
    assert 'value="Nonsense"' in answer.content.decode()

    bookkeeper.send(SETTINGS, **values(service_item_name="repair", project_item_name="repair"))
    assert Options.objects.get().service_item_name == "Repair"


def test_every_option_is_on_the_form(values):
    assert set(values(start_date="x", new_companies_in=True, company_changes_in=True)) == {
        *connection.OptionFields.__annotations__,
        "revision",
    }


def test_of_two_who_save_the_second_sees_what_the_first_saved(bookkeeper, values):
    stale = values(line_mode="one_line")
    bookkeeper.send(SETTINGS, **values(line_mode="by_kind"))

    answer = bookkeeper.send(SETTINGS, **stale)

    assert answer.status_code == 422
    assert "One line for travel, labor, material and other each" in text(answer)
    assert Options.objects.get().line_mode == "by_kind"


def test_moving_the_start_date_back_says_what_goes_out_then(bookkeeper, business, values):
    business.invoice(amount="250.00")
    business.invoice(amount="100.50")

    told = text(bookkeeper.open(SETTINGS + "start-date/", start_date="2025-01-01"))
    assert "saving this sends 2 older invoices ($350.50), 2 service tickets and 0 projects as well" in told
    assert "Kept here because they are older: 2 invoices ($350.50)" in text(bookkeeper.open(SETTINGS))

    bookkeeper.send(SETTINGS, **values(start_date="2025-01-01"))

    shown = text(bookkeeper.open(SETTINGS))
    assert (
        "With this start date 2 older invoices ($350.50), 2 service tickets and 0 projects go out as well."
        in shown
    )
    assert "Kept here because" not in shown


# -- the connect page


def states(answer):
    return re.findall(r'id="step-\d"[^>]*>\s*<span class="state [^"]+">([^<]+)<', answer.content.decode())


def test_the_steps_wait_for_the_office_pc(bookkeeper, file):
    answer = bookkeeper.open(CONNECT)

    assert states(answer) == ["Do this now", "After that", "After that"]
    assert "Nothing was heard yet." in text(answer)


def refuse(file, user_name="", password="wrong"):
    now = timezone.now()
    user_name = user_name or file.user_name
    refused.remember(
        credentials.check(user_name=user_name, password=password, now=now), user_name=user_name, now=now
    )


def test_a_wrong_password_is_explained(bookkeeper, file):
    refuse(file)

    answer = bookkeeper.open(CONNECT)

    assert "with a wrong password" in text(answer)
    assert states(answer) == ["Done", "Do this now", "After that"]


def test_an_unknown_user_name_is_explained_with_the_right_one(bookkeeper, file):
    refuse(file, user_name="acme-roofing-00000000")

    shown = text(bookkeeper.open(CONNECT))

    assert "“acme-roofing-00000000”, which is not known here" in shown
    assert f"This connection's is “{file.user_name}”" in shown


def test_a_refused_log_in_is_forgotten_once_one_succeeds(bookkeeper, file):
    refuse(file)
    RefusedLogIn.objects.update(at=timezone.now() - dt.timedelta(seconds=30))
    CompanyFile.objects.update(activated_at=timezone.now() - dt.timedelta(minutes=1))
    hear(file)

    assert "wrong password" not in text(bookkeeper.open(CONNECT))


def test_a_wrong_file_is_explained(bookkeeper, file):
    hear(file, trouble="wrong-file", trouble_detail="Zeta Plumbing", trouble_since=timezone.now())

    for path in (CONNECT, SETTINGS, "settings/integrations/"):
        assert "Another company file is open in QuickBooks: Zeta Plumbing." in text(bookkeeper.open(path))


def test_the_page_turns_green_by_itself_and_stops_looking(bookkeeper, file):
    seen = re.search(r"live/\?seen=(\w+)", bookkeeper.open(CONNECT).content.decode())[1]
    assert bookkeeper.open(CONNECT + "live/", seen=seen).status_code == 204

    hear(file)
    answer = bookkeeper.open(CONNECT + "live/", seen=seen)
    assert states(answer) == ["Done", "Done", "Done"]
    assert "Heard from QuickBooks: Acme Roofing.qbw, QuickBooks Enterprise Solutions 24.0" in text(answer)
    assert 'hx-trigger="every 2s"' in answer.content.decode()

    for reading in ("customers", "items", "terms", "vendors", "employees", "other_names"):
        ReadMark.objects.create(company_file=file, reading=reading, completed_at=timezone.now())
    answer = bookkeeper.open(CONNECT + "live/", seen=seen)
    assert "hx-trigger" not in answer.content.decode()
    assert "What comes next" in text(answer)
