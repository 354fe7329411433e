"""A practice company begins beside a contractor, is his alone, and leaves nothing behind."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError
from prometheus_client import REGISTRY

from centerpoint.billing.models import Invoice
from centerpoint.companies.models import Company
from centerpoint.contractors.history import acting
from centerpoint.contractors.models import Change, Contractor, Membership, Role, User
from centerpoint.practice import (
    NoPractice,
    PracticeFileMissing,
    PracticeFolderUnusable,
    PracticeOfAPractice,
    PracticeUnderWay,
    act,
    actions,
    books,
    discard_practice,
    practice_of,
    run_connector,
    start_practice,
)
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, Pairing, Posting
from centerpoint.settings import _practice_dir


def every_row() -> Counter[str]:
    return Counter({model._meta.label: model._default_manager.count() for model in apps.get_models()})


def test_a_practice_company_belongs_to_its_contractor_and_to_who_began_it(
    rehearsal: Any, business: Any, bookkeeper: User
):
    practice = practice_of(business.contractor)

    assert practice == rehearsal.practice
    assert (practice.name, practice.is_practice, practice.time_zone) == (
        "Acme Roofing (practice)",
        True,
        "America/Chicago",
    )
    assert list(Membership.objects.filter(contractor=practice).values_list("user", "role")) == [
        (bookkeeper.pk, Role.OWNER)
    ]


def test_a_rehearsal_begins_connected_with_certain_customers_paired_and_the_rest_held(rehearsal: Any):
    company_file = connection.connected(rehearsal.practice)

    assert company_file.company_name == "Practice Roofing Company"
    assert set(Pairing.objects.filter(company_file=company_file).values_list("how", flat=True)) == {"certain"}
    assert Posting.objects.filter(company_file=company_file, state="held").exists()
    assert books(rehearsal.practice).invoices.paginator.count == 0


def test_there_is_one_practice_company_at_a_time(
    rehearsal: Any, business: Any, bookkeeper: User, now: dt.datetime
):
    with pytest.raises(PracticeUnderWay) as refusal:
        start_practice(user=bookkeeper, contractor=business.contractor, now=now)

    assert refusal.value.sentence == (
        "Acme Roofing (practice) is there already; go on with it, or throw it away first."
    )


def test_the_database_keeps_a_second_practice_company_out(rehearsal: Any, business: Any):
    with pytest.raises(IntegrityError):
        Contractor.objects.create(name="Another", is_practice=True, practice_of=business.contractor)


def test_nobody_rehearses_for_a_practice_company(rehearsal: Any, bookkeeper: User, now: dt.datetime):
    with pytest.raises(PracticeOfAPractice):
        start_practice(user=bookkeeper, contractor=rehearsal.practice, now=now)


def test_two_contractors_rehearse_in_files_of_their_own(
    rehearsal: Any, another_business: Any, bookkeeper: User, now: dt.datetime, practice_dir: Path
):
    other = start_practice(user=bookkeeper, contractor=another_business.contractor, now=now)
    rehearsal.do("add_customer", name="Quarry Street Lofts")

    assert len(list(practice_dir.glob("*.qbx"))) == 2
    assert books(rehearsal.practice).customers.paginator.count == books(other).customers.paginator.count + 1


def test_a_taken_name_gets_a_number(business: Any, bookkeeper: User, now: dt.datetime):
    Contractor.objects.create(name="Acme Roofing (practice)", created_at=now)

    practice = start_practice(user=bookkeeper, contractor=business.contractor, now=now)

    assert practice.name == "Acme Roofing (practice 2)"


def test_throwing_it_away_leaves_no_row_and_no_file_and_all_of_the_real_contractor(
    business: Any, bookkeeper: User, now: dt.datetime, practice_dir: Path
):
    invoice = business.invoice(amount="250.00")
    connection.activate(contractor=business.contractor, url="http://localhost:8000", now=now)
    before = every_row()
    practice = start_practice(user=bookkeeper, contractor=business.contractor, now=now)
    story_of_a_rehearsal(practice, now)

    discard_practice(practice=practice)

    assert every_row() == before
    assert list(practice_dir.iterdir()) == []
    invoice.refresh_from_db()
    assert invoice.balance == Decimal("250.00")
    assert practice_of(business.contractor) is None


def story_of_a_rehearsal(practice: Contractor, now: dt.datetime) -> None:
    """Everything that leaves rows: sent, paid, deleted, brought in, refused."""
    from centerpoint.quickbooks import outbox

    def later() -> dt.datetime:
        nonlocal now
        now += dt.timedelta(minutes=1)
        return now

    outbox.approve(company_file=connection.connected(practice), now=later())
    run_connector(practice=practice, now=later())
    for key in ("receive_payment", "receive_payment", "delete_invoice", "delete_payment", "receive_payment"):
        offered = next(each for each in actions(practice, now=now) if each.key == key)
        field = offered.fields[0]
        act(practice=practice, key=key, values={field.name: field.choices[0].value}, now=later())
        run_connector(practice=practice, now=later())
    act(practice=practice, key="add_customer", values={"name": "Quarry Street Lofts"}, now=later())
    assert run_connector(practice=practice, now=later()).news == ("1 company came in from QuickBooks",)


def test_after_throwing_it_away_another_can_begin(
    rehearsal: Any, business: Any, bookkeeper: User, now: dt.datetime
):
    discard_practice(practice=rehearsal.practice)

    assert start_practice(user=bookkeeper, contractor=business.contractor, now=now).is_practice


def test_a_real_contractor_is_never_thrown_away(business: Any):
    with pytest.raises(NoPractice):
        discard_practice(practice=business.contractor)

    assert Contractor.objects.filter(pk=business.contractor.pk).exists()


def test_what_is_rehearsed_is_never_done_to_a_real_contractor(business: Any, now: dt.datetime):
    connection.activate(contractor=business.contractor, url="http://localhost:8000", now=now)

    for attempt in (
        lambda: run_connector(practice=business.contractor, now=now),
        lambda: actions(business.contractor, now=now),
        lambda: act(practice=business.contractor, key="close_quickbooks", values={}, now=now),
        lambda: books(business.contractor),
    ):
        with pytest.raises(NoPractice):
            attempt()


def test_the_real_contractors_records_do_not_know_of_the_rehearsal(rehearsal: Any, business: Any):
    rehearsal.send_everything()
    rehearsal.do("receive_payment", **rehearsal.first("receive_payment"))
    rehearsal.run()

    assert not Company.objects.filter(contractor=business.contractor).exists()
    assert not Invoice.objects.filter(contractor=business.contractor).exists()
    assert not CompanyFile.objects.filter(contractor=business.contractor).exists()


def test_a_rehearsal_counts_in_no_metric(rehearsal: Any):
    def figures() -> dict[str, float]:
        return {
            f"{sample.name}{sorted(sample.labels.items())}": sample.value
            for family in REGISTRY.collect()
            if family.name.startswith("centerpoint_")
            for sample in family.samples
        }

    before = figures()
    rehearsal.run()

    assert figures() == before


def test_a_folder_that_cannot_be_written_is_told_and_nothing_begins(
    business: Any, bookkeeper: User, now: dt.datetime, practice_dir: Path
):
    practice_dir.write_text("a file where the folder should be")

    with pytest.raises(PracticeFolderUnusable, match="PRACTICE_DIR"):
        start_practice(user=bookkeeper, contractor=business.contractor, now=now)

    assert practice_of(business.contractor) is None


def test_what_quickbooks_brings_is_not_written_down_as_the_bookkeepers_doing(
    rehearsal: Any, bookkeeper: User
):
    rehearsal.do("add_customer", name="Quarry Street Lofts")

    with acting(bookkeeper):
        rehearsal.run()

    brought_in = Change.objects.filter(contractor=rehearsal.practice, title="Quarry Street Lofts")
    assert set(brought_in.values_list("by", "through")) == {(None, "QuickBooks")}


@pytest.mark.parametrize(
    ("environment", "database", "folder"),
    [
        ("/srv/rehearsals", {"ENGINE": "django.db.backends.postgresql"}, Path("/srv/rehearsals")),
        (
            "",
            {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/cp/books.sqlite3"},
            Path("/srv/cp/var/practice"),
        ),
        ("", {"ENGINE": "django.db.backends.postgresql"}, Path.cwd() / "var" / "practice"),
    ],
)
def test_practice_files_lie_beside_the_database_unless_said(
    monkeypatch: pytest.MonkeyPatch, environment: str, database: dict[str, str], folder: Path
):
    monkeypatch.setenv("PRACTICE_DIR", environment)

    assert _practice_dir(database) == folder


def test_a_file_that_is_gone_is_told_with_what_to_do(rehearsal: Any, practice_dir: Path):
    for file in practice_dir.iterdir():
        file.unlink()

    with pytest.raises(PracticeFileMissing) as refusal:
        rehearsal.run()

    assert refusal.value.sentence == (
        "The QuickBooks file of Acme Roofing (practice) is not on this machine any more. Throw the practice company "
        "away and start another."
    )
    discard_practice(practice=rehearsal.practice)
