"""The command line: what each command prints, and what its exit code says."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from centerpoint import cli
from centerpoint.contractors.models import Contractor, Membership
from centerpoint.contractors.refusals import Refusal
from centerpoint.quickbooks.models import CompanyFile, Options
from qbemulator import qwc

URL = "https://centerpoint.example.com"


@pytest.fixture
def run(db, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("centerpoint.logs.configure", lambda **_: None)

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(cli.app, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def acme(run):
    run(
        "contractor", "create", "Acme Roofing", "--email", "o@acme.example", "--password", "long-enough-pass1"
    )
    return Contractor.objects.get()


@pytest.fixture
def activated(run, acme):
    return json.loads(run("integration", "activate", "Acme Roofing", "--url", URL).stdout)


def test_every_command_explains_itself(run):
    for words in (
        [],
        ["demo"],
        ["serve"],
        ["migrate"],
        ["notices"],
        ["contractor", "create"],
        ["integration", "activate"],
        ["integration", "qwc"],
        ["integration", "password"],
        ["integration", "settings"],
        ["integration", "status"],
        ["sample-data"],
        ["pair"],
        ["approve"],
    ):
        shown = run(*words, "--help")
        assert shown.exit_code == 0
        assert "Usage" in shown.stdout


def test_a_contractor_is_created_with_its_owner(acme):
    (membership,) = Membership.objects.all()
    assert (membership.contractor, membership.user.email, membership.role) == (
        acme,
        "o@acme.example",
        "owner",
    )


def test_a_weak_password_is_refused_in_a_sentence(run):
    with pytest.raises(Refusal, match="Choose another password"):
        run("contractor", "create", "Acme", "--email", "o@acme.example", "--password", "short")
    assert not Contractor.objects.exists()


def test_an_unknown_contractor_is_named_with_those_that_are_known(run, acme, capsys):
    result = run("integration", "status", "Nobody")

    assert result.exit_code == cli.REFUSED
    assert "There is no contractor named Nobody. Known: Acme Roofing." in result.output


def test_activation_gives_a_file_the_web_connector_takes_and_what_to_type(activated):
    read = qwc.read(Path(activated["qwc"]))

    assert (read.user_name, read.app_url) == (activated["user_name"], f"{URL}/quickbooks/webconnector")
    assert len(activated["password"]) >= 28


def test_the_file_and_the_password_are_shown_again_unchanged(run, activated):
    first = Path(activated["qwc"]).read_bytes()

    path = run("integration", "qwc", "Acme Roofing").stdout.strip()

    assert Path(path).read_bytes() == first
    assert run("integration", "password", "Acme Roofing").stdout.strip() == activated["password"]
    assert run("integration", "password", "Acme Roofing", "--rotate").stdout.strip() != activated["password"]


def test_a_plain_http_address_is_refused(run, acme):
    with pytest.raises(Refusal, match="https"):
        run("integration", "activate", "Acme Roofing", "--url", "http://centerpoint.example.com")
    assert not CompanyFile.objects.exists()


def test_settings_are_changed_by_name_and_shown(run, activated):
    result = run(
        "integration",
        "settings",
        "Acme Roofing",
        "--set",
        "hold_for_approval=no",
        "--set",
        "start_date=2026-01-01",
        "--set",
        "line_mode=one_line",
        "--json",
    )

    shown = json.loads(result.stdout)
    options = Options.objects.get()
    assert (options.hold_for_approval, options.line_mode) == (False, "one_line")
    assert (shown["hold_for_approval"], shown["start_date"]) == (False, "2026-01-01")


@pytest.mark.parametrize("change", ["colour=red", "hold_for_approval", "start_date=soon"])
def test_a_setting_that_makes_no_sense_is_refused_and_nothing_changes(run, activated, change):
    before = Options.objects.values().get()

    assert run("integration", "settings", "Acme Roofing", "--set", change).exit_code == cli.WRONG_USAGE
    assert Options.objects.values().get() == before


def test_status_says_by_its_exit_code_that_somebody_must_look(run, activated):
    assert run("integration", "status", "Acme Roofing", "--json").exit_code == 0

    CompanyFile.objects.update(trouble="wrong-file", trouble_detail="Better Roofs")
    result = run("integration", "status", "Acme Roofing", "--json")

    assert result.exit_code == cli.WAITS_FOR_A_PERSON
    assert json.loads(result.stdout)["trouble"] == "wrong-file"


def test_sample_data_is_as_large_as_said(run, acme):
    run(
        "sample-data",
        "Acme Roofing",
        "--companies",
        "40",
        "--tickets",
        "9",
        "--projects",
        "2",
        "--invoices",
        "5",
    )

    assert (acme.companies.count(), acme.service_tickets.count(), acme.projects.count()) == (40, 9, 2)


def test_approving_needs_to_be_said_in_so_many_words(run, activated):
    assert run("approve", "Acme Roofing").exit_code == cli.WRONG_USAGE
    assert json.loads(run("approve", "Acme Roofing", "--all", "--json").stdout) == {"approved": 0}


def test_only_certain_pairs_are_accepted_unseen(run, activated):
    assert run("pair", "Acme Roofing", "--accept", "likely").exit_code == cli.WRONG_USAGE
    assert json.loads(run("pair", "Acme Roofing", "--json").stdout)["accepted"] == 0


def test_notices_tell_how_many_mails_went_out(run, activated, mailoutbox):
    CompanyFile.objects.update(activated_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    Contractor.objects.update(time_zone=zone_where_the_office_is_open())

    assert run("notices").stdout.endswith("1 sent, 0 failed.\n")
    assert run("notices").stdout.endswith("0 sent, 0 failed.\n")
    assert [mail.to for mail in mailoutbox] == [["o@acme.example"]]


def zone_where_the_office_is_open() -> str:
    """The zone in which it is about noon at this moment."""
    hours = 12 - dt.datetime.now(dt.UTC).hour
    return f"Etc/GMT{-hours:+d}"
