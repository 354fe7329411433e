"""A connection's life: switched on, paused, switched off, its password and its options."""

import datetime as dt
from xml.etree import ElementTree

import pytest

from centerpoint.contractors.models import Change, Contractor
from centerpoint.contractors.revisions import StaleRevision
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, ListEntry, Options, ReadMark
from centerpoint.quickbooks.webconnector.passwords import PasswordCannotBeRead
from centerpoint.quickbooks.webconnector.qwc import ServiceUrlRefused

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, 15, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=40)
URL = "https://centerpoint.example.com"


@pytest.fixture
def contractor():
    return Contractor.objects.create(name="Acme Roofing & Sheet Metal")


@pytest.fixture
def activation(contractor):
    return connection.activate(contractor=contractor, url=URL, now=NOW)


@pytest.fixture
def file(activation):
    return activation.company_file


def test_activation_makes_a_credential_an_identity_and_careful_options(contractor, activation):
    file = CompanyFile.objects.get()
    assert (file.contractor, file.status, file.activated_at, file.service_url) == (
        contractor,
        CompanyFile.Status.ACTIVE,
        NOW,
        "https://centerpoint.example.com/quickbooks/webconnector",
    )
    assert file.user_name.startswith("acme-roofing-sheet-metal-")
    assert connection.show_password(company_file=file) == activation.password
    assert file.options.hold_for_approval


def test_the_password_lies_nowhere_in_clear(file, activation):
    stored = CompanyFile.objects.values().get()

    assert not any(activation.password in repr(value) for value in stored.values())


def test_a_contractor_is_not_activated_twice(contractor, activation):
    with pytest.raises(connection.AlreadyActivated) as refusal:
        connection.activate(contractor=contractor, url=URL, now=LATER)

    assert refusal.value.sentence == (
        "The QuickBooks integration of Acme Roofing & Sheet Metal is active; it cannot be activated twice."
    )


def test_a_bad_address_changes_nothing(contractor):
    with pytest.raises(ServiceUrlRefused):
        connection.activate(contractor=contractor, url="https://192.0.2.7", now=NOW)

    assert not CompanyFile.objects.exists()


def test_a_name_that_has_no_letters_still_gets_a_user_name():
    contractor = Contractor.objects.create(name="屋根")

    user_name = connection.activate(contractor=contractor, url=URL, now=NOW).company_file.user_name

    assert user_name.startswith("contractor-")


def test_activating_again_keeps_the_identity_and_changes_the_password(contractor, activation, file):
    connection.deactivate(company_file=file, now=NOW)

    again = connection.activate(contractor=contractor, url="https://new.example.com", now=LATER)

    assert (again.company_file.pk, again.company_file.file_id, again.company_file.user_name) == (
        file.pk,
        file.file_id,
        file.user_name,
    )
    assert again.company_file.service_url == "https://new.example.com/quickbooks/webconnector"
    assert again.password != activation.password
    assert Options.objects.count() == 1


def test_pause_and_resume_change_only_the_status(file):
    connection.pause(company_file=file, now=NOW)
    assert CompanyFile.objects.get().status == CompanyFile.Status.PAUSED

    connection.resume(company_file=file, now=NOW)
    assert CompanyFile.objects.get().status == CompanyFile.Status.ACTIVE


def test_what_is_switched_off_must_be_activated_first(contractor, file):
    connection.deactivate(company_file=file, now=NOW)

    for refused in (
        lambda: connection.resume(company_file=file, now=NOW),
        lambda: connection.pause(company_file=file, now=NOW),
        lambda: connection.rotate_password(company_file=file, now=NOW),
        lambda: connection.connected(contractor),
    ):
        with pytest.raises(connection.NotActivated, match="activate it first"):
            refused()


def test_the_connected_file_is_found_active_or_paused(contractor, file):
    connection.pause(company_file=file, now=NOW)

    assert connection.connected(contractor) == file


def test_the_file_for_the_web_connector_is_the_same_at_every_download(file, contractor):
    first = connection.qwc_file(file)
    connection.rotate_password(company_file=file, now=LATER)

    assert connection.qwc_file(CompanyFile.objects.get()) == first
    assert ElementTree.fromstring(first).findtext("FileID") == file.file_id


def test_a_new_password_is_shown_and_the_old_one_has_a_day(file, activation):
    new = connection.rotate_password(company_file=file, now=NOW)

    assert new != activation.password
    assert connection.show_password(company_file=CompanyFile.objects.get()) == new
    status = connection.status(CompanyFile.objects.get(), now=NOW + dt.timedelta(hours=1))
    assert status.old_password_works_until == NOW + dt.timedelta(hours=24)


def test_a_password_of_a_lost_secret_key_is_not_shown(file, settings):
    settings.SECRET_KEY = "z" * 40

    with pytest.raises(PasswordCannotBeRead):
        connection.show_password(company_file=file)


def read_items(file: CompanyFile) -> None:
    ReadMark.objects.create(company_file=file, reading="items", completed_at=NOW)
    for kind, name, is_active in (
        (ListEntry.Kind.SERVICE_ITEM, "Services:Roof Repair", True),
        (ListEntry.Kind.SERVICE_ITEM, "Old Labor", False),
        (ListEntry.Kind.OTHER_CHARGE_ITEM, "Tax Difference", True),
        (ListEntry.Kind.SALES_TAX_ITEM, "Travis County", True),
        (ListEntry.Kind.SALES_TAX_GROUP, "Austin", True),
    ):
        ListEntry.objects.create(
            company_file=file,
            kind=kind,
            list_id=f"80000001-{name}"[:36],
            name=name,
            full_name=name,
            is_active=is_active,
            read_at=NOW,
        )


def test_before_the_first_contact_an_item_may_have_any_name(file):
    options = connection.save_options(company_file=file, now=LATER, service_item_name="  Roof Repair ")

    assert (options.service_item_name, Options.objects.get().changed_at) == ("Roof Repair", LATER)


def test_once_the_lists_were_read_an_item_is_written_as_quickbooks_writes_it(file):
    read_items(file)

    connection.save_options(
        company_file=file, now=LATER, service_item_name="services:ROOF repair", service_tax_item_name="austin"
    )

    options = Options.objects.get()
    assert (options.service_item_name, options.service_tax_item_name) == ("Services:Roof Repair", "Austin")


@pytest.mark.parametrize(
    ("field", "name", "sentence"),
    [
        (
            "service_item_name",
            "Old Labor",
            "QuickBooks has no active service item named “Old Labor”. It has: Services:Roof Repair, Tax Difference. "
            "Choose one of these, or add it in QuickBooks and update.",
        ),
        (
            "project_tax_item_name",
            "Services:Roof Repair",
            "QuickBooks has no active project tax item named “Services:Roof Repair”. It has: Austin, Travis County. "
            "Choose one of these, or add it in QuickBooks and update.",
        ),
    ],
)
def test_an_item_quickbooks_does_not_have_is_refused_with_those_it_has(file, field, name, sentence):
    read_items(file)
    before = getattr(Options.objects.get(), field)

    with pytest.raises(connection.NoSuchItem) as refusal:
        connection.save_options(company_file=file, now=LATER, **{field: name})

    assert refusal.value.sentence == sentence
    assert getattr(Options.objects.get(), field) == before


def test_an_item_can_be_taken_back(file):
    connection.save_options(company_file=file, now=NOW, service_item_name="Roof Repair")
    read_items(file)

    connection.save_options(company_file=file, now=LATER, service_item_name="")

    assert Options.objects.get().service_item_name == ""


def test_a_choice_that_does_not_exist_is_refused_and_nothing_is_saved(file):
    with pytest.raises(connection.OptionRefused) as refusal:
        connection.save_options(
            company_file=file, now=LATER, line_mode="every second line", hold_for_approval=False
        )

    assert refusal.value.sentence == "Line mode: Value 'every second line' is not a valid choice."
    assert Options.objects.get().hold_for_approval


def test_an_option_we_do_not_have_is_a_bug(file):
    with pytest.raises(TypeError, match="changed_at"):
        connection.save_options(company_file=file, now=LATER, changed_at=NOW)  # type: ignore[call-arg]


def test_the_status_tells_when_quickbooks_has_been_silent_too_long(file):
    file.last_heard_at = NOW
    file.save()

    def is_silent(hours: int) -> bool:
        return connection.status(file, now=NOW + dt.timedelta(hours=hours)).is_silent

    assert [is_silent(24), is_silent(25)] == [False, True]
    connection.pause(company_file=file, now=NOW)
    assert not is_silent(25)


def test_the_status_of_a_new_connection(file):
    assert connection.status(file, now=NOW) == connection.ConnectionStatus(
        company_file=file, is_silent=False, old_password_works_until=None, latest_session=None, postings={}
    )


def told():
    return list(Change.objects.order_by("pk").values_list("kind", "did", "differences"))


def test_who_sees_or_changes_the_password_is_kept(file):
    Change.objects.all().delete()

    shown = connection.show_password(company_file=file)
    assert connection.reveal_password(company_file=file, now=NOW) == shown
    connection.rotate_password(company_file=file, now=LATER)

    assert [(change.did, change.at) for change in connection.password_history(file)] == [
        ("Password changed", LATER),
        ("Password shown", NOW),
    ]
    assert told() == [("companyfile", "Password shown", []), ("companyfile", "Password changed", [])]


def test_a_pause_is_told_once(file):
    Change.objects.all().delete()

    connection.pause(company_file=file, now=NOW)
    connection.pause(company_file=file, now=LATER)
    connection.resume(company_file=file, now=LATER)

    assert told() == [("companyfile", "Paused", []), ("companyfile", "Resumed", [])]


def test_what_differs_in_the_options_is_told_in_words(file):
    Change.objects.all().delete()

    connection.save_options(company_file=file, now=LATER, line_mode="one_line", hold_for_approval=True)

    assert told() == [("options", "Changed", [["Line mode", "Every line", "One line"]])]


def test_of_two_who_change_the_options_the_second_is_shown_what_changed(file):
    connection.save_options(company_file=file, now=LATER, expected=1, line_mode="one_line")

    with pytest.raises(StaleRevision):
        connection.save_options(company_file=file, now=LATER, expected=1, line_mode="by_kind")

    assert Options.objects.get().line_mode == "one_line"


def test_a_start_date_counts_at_the_first_activation_only(contractor):
    def activate(on):
        made = connection.activate(contractor=contractor, url=URL, now=NOW, start_date=on)
        return made.company_file

    file = activate(dt.date(2026, 3, 2))
    connection.deactivate(company_file=file, now=NOW)
    activate(dt.date(2026, 9, 9))

    assert Options.objects.get().start_date == dt.date(2026, 3, 2)
