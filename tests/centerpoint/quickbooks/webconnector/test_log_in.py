"""Who is let in, and what an idle poll costs."""

import datetime as dt

import pytest
import structlog.testing
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, RefusedLogIn
from centerpoint.quickbooks.webconnector import credentials, refused

pytestmark = pytest.mark.django_db

URL = "https://centerpoint.example.com"


@pytest.fixture
def activation(now):
    return connection.activate(contractor=Contractor.objects.create(name="Acme Roofing"), url=URL, now=now)


@pytest.fixture
def log_in(call, activation):
    def ask(user_name: str = "", password: str = ""):
        return call(
            "authenticate",
            strUserName=user_name or activation.company_file.user_name,
            strPassword=password or activation.password,
        ).result

    return ask


@pytest.fixture
def nothing_to_do(activation, now):
    CompanyFile.objects.update(
        discovered_to=now, swept_at=now + dt.timedelta(seconds=1), read_at=now, read_requested=False
    )


def test_a_log_in_with_work_opens_a_session_under_an_unguessable_ticket(log_in, sessions, activation, now):
    first, second = log_in(), log_in()

    assert [first[1], second[1]] == ["", ""]
    assert first[0] != second[0]
    assert len(first[0]) >= 43
    assert sessions.asked == [
        ("log_in", {"company_file_id": activation.company_file.pk, "ticket": ticket, "now": now})
        for ticket in (first[0], second[0])
    ]


def test_a_log_in_whose_work_has_gone_meanwhile_is_told_so(log_in, sessions):
    sessions.something_to_do = False

    assert log_in() == ["no-session", "none"]


def test_an_idle_poll_is_one_statement_and_no_transaction(log_in, call, sessions, nothing_to_do):
    with CaptureQueriesContext(database) as statements:
        call("serverVersion")
        call("clientVersion", strVersion="34.0.10003.57")
        answer = log_in()
        call("closeConnection", ticket=answer[0])

    assert (answer, sessions.asked) == (["no-session", "none"], [])
    assert len(statements) == 1, [statement["sql"] for statement in statements]


def test_an_unknown_user_and_a_wrong_password_look_the_same(log_in, sessions, activation):
    assert log_in(user_name="nobody") == ["no-session", "nvu"]
    assert log_in(password="guess") == ["no-session", "nvu"]
    assert sessions.asked == []


def test_a_paused_connection_has_nothing_to_do(log_in, sessions, activation, now):
    connection.pause(company_file=activation.company_file, now=now)

    assert (log_in(), sessions.asked) == (["no-session", "none"], [])


def test_a_deactivated_connection_lets_nobody_in(log_in, sessions, activation, now):
    connection.deactivate(company_file=activation.company_file, now=now)

    assert (log_in(), sessions.asked) == (["no-session", "nvu"], [])


@pytest.fixture
def logged():
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_a_refused_log_in_is_logged_with_its_reason(log_in, logged, activation, now):
    file = activation.company_file
    log_in(user_name="nobody")
    log_in(password="guess")
    connection.deactivate(company_file=file, now=now)
    log_in()

    assert logged == [
        {
            "event": "log-in refused",
            "log_level": "warning",
            "reason": reason,
            "user_name": user_name,
            "company_file": company_file,
        }
        for reason, user_name, company_file in (
            ("unknown user", "nobody", None),
            ("wrong password", file.user_name, file.pk),
            ("deactivated", file.user_name, file.pk),
        )
    ]


def test_a_log_in_while_paused_is_logged(log_in, logged, activation, now):
    connection.pause(company_file=activation.company_file, now=now)
    log_in()

    assert logged == [
        {"event": "log-in while paused", "log_level": "info", "company_file": activation.company_file.pk}
    ]


@pytest.mark.parametrize("change", ["upper", "plain", "spaced"])
def test_a_password_may_be_typed_without_its_dashes_or_in_capitals(log_in, activation, change):
    typed = {
        "upper": activation.password.upper(),
        "plain": activation.password.replace("-", ""),
        "spaced": f"  {activation.password}\n",
    }

    assert log_in(password=typed[change])[1] == ""


def test_the_old_password_works_until_the_overlap_ends(activation, now):
    file = activation.company_file
    new = connection.rotate_password(company_file=file, now=now)

    def verdict(password: str, after: dt.timedelta) -> str:
        return credentials.check(user_name=file.user_name, password=password, now=now + after).verdict.value

    assert [
        verdict(new, dt.timedelta()),
        verdict(activation.password, dt.timedelta(hours=23, minutes=59)),
        verdict(activation.password, dt.timedelta(hours=24)),
        verdict(new, dt.timedelta(days=900)),
    ] == ["welcome", "welcome", "wrong password", "welcome"]


def test_after_a_change_of_the_secret_key_a_log_in_renews_what_it_protects(activation, settings, now):
    file = activation.company_file
    old, settings.SECRET_KEY = settings.SECRET_KEY, "y" * 40

    def verdict() -> str:
        return credentials.check(
            user_name=file.user_name, password=activation.password, now=now
        ).verdict.value

    assert verdict() == "wrong password"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert verdict() == "welcome"
    settings.SECRET_KEY_FALLBACKS = []
    assert verdict() == "welcome"
    file.refresh_from_db()
    assert connection.show_password(company_file=file) == activation.password


def test_after_a_change_of_the_secret_key_the_old_password_of_an_overlap_still_works(
    activation, settings, now
):
    file = activation.company_file
    connection.rotate_password(company_file=file, now=now)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "y" * 40
    settings.SECRET_KEY_FALLBACKS = [old]

    for settings.SECRET_KEY_FALLBACKS in ([old], []):
        log_in = credentials.check(user_name=file.user_name, password=activation.password, now=now)
        assert log_in.verdict.value == "welcome"


def test_neither_password_nor_ticket_is_logged(log_in, logged, activation, call, sessions):
    ticket = log_in()[0]
    log_in(password="a-wrong-guess")
    sessions.problem = RuntimeError("a bug")
    call("sendRequestXML", ticket=ticket)

    assert [line["event"] for line in logged] == ["log-in refused", "call failed"]
    for secret in (activation.password, "a-wrong-guess", ticket):
        assert secret not in repr(logged)


@pytest.fixture
def of_another(now):
    other = Contractor.objects.create(name="Acme Rooters")
    return connection.activate(contractor=other, url=URL, now=now).company_file


@pytest.mark.parametrize(
    ("user_name", "password", "reason"),
    [
        ("{own}", "a-wrong-guess", "wrong_password"),
        ("acme-roofing-0000beef", "any", "unknown_user"),
        ("{own}x", "any", "unknown_user"),
        ("{OWN}", "any", "unknown_user"),
    ],
)
@pytest.mark.usefixtures("of_another")
def test_a_refused_log_in_is_kept_with_the_file_it_was_meant_for(
    log_in, activation, now, user_name, password, reason
):
    own = activation.company_file.user_name
    said = user_name.format(own=own, OWN=own.upper())

    log_in(user_name=said, password=password)

    kept = RefusedLogIn.objects.get()
    assert (kept.company_file, kept.reason, kept.user_name, kept.at) == (
        activation.company_file,
        reason,
        said,
        now,
    )


@pytest.mark.usefixtures("of_another")
def test_a_user_name_like_nobodys_is_not_kept(log_in):
    log_in(user_name="zenith-plumbing-12345678")

    assert not RefusedLogIn.objects.exists()


def test_of_refused_log_ins_the_latest_is_kept_but_not_each_of_a_thousand(activation, now):
    def refuse(seconds: float, password: str = "guess") -> None:
        at = now + dt.timedelta(seconds=seconds)
        log_in = credentials.check(user_name=activation.company_file.user_name, password=password, now=at)
        refused.remember(log_in, user_name=activation.company_file.user_name, now=at)

    for seconds in (0, 0.5, 5, 5.2):
        refuse(seconds)

    assert RefusedLogIn.objects.get().at == now + dt.timedelta(seconds=5)
