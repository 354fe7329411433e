"""Signing in, the first start, and what a user does with his own account."""

import pytest
from django.test import Client

from centerpoint.contractors.models import Contractor, Membership, User

PASSWORD = "a long enough password"


@pytest.fixture
def jane(business):
    jane = User.objects.create_user("jane@example.com", PASSWORD, name="Jane Doe")
    Membership.objects.create(contractor=business.contractor, user=jane, role="bookkeeper")
    return jane


def sign_in(client, password=PASSWORD):
    return client.post("/accounts/login/", {"login": "jane@example.com", "password": password})


@pytest.mark.usefixtures("jane")
def test_who_has_address_and_password_is_in(client, business):
    assert sign_in(client).url == "/"
    assert client.get("/").url == f"/c/{business.contractor.pk}/"


@pytest.mark.usefixtures("jane")
def test_after_five_wrong_passwords_the_right_one_does_not_help_either(client):
    for _ in range(5):
        sign_in(client, "a wrong password")

    answer = sign_in(client)

    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()


@pytest.mark.usefixtures("jane")
def test_a_wrong_password_is_said_without_saying_who_exists(client):
    known = sign_in(client, "a wrong password").context["form"].errors
    unknown = (
        client.post("/accounts/login/", {"login": "x@example.com", "password": "wrong"})
        .context["form"]
        .errors
    )

    assert known == unknown != {}


def test_nobody_signs_up_by_himself(client, business):
    answer = client.post("/accounts/signup/", {"email": "eve@example.com", "password1": PASSWORD})

    assert not User.objects.filter(email="eve@example.com").exists()
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/email/",
        "/accounts/logout/",
    ],
)
@pytest.mark.usefixtures("jane")
def test_a_users_own_pages_answer(client, page):
    sign_in(client)

    answer = client.get(page, follow=True)

    assert answer.status_code == 200
    assert "Centerpoint" in answer.content.decode()


@pytest.mark.usefixtures("jane")
def test_a_second_factor_is_asked_for_once_it_is_on(client):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    client.post("/accounts/2fa/totp/activate/", {"code": code})

    other = Client()

    assert sign_in(other).url == "/accounts/2fa/authenticate/"
    assert other.get("/").status_code == 302


def test_an_empty_installation_welcomes_its_first_owner(db, client):
    assert client.get("/").url == "/welcome/"

    answer = client.post(
        "/welcome/",
        {
            "name": "Acme Roofing",
            "time_zone": "America/Chicago",
            "tax_percent": "8.25",
            "owner_name": "Jane Doe",
            "owner_email": "Jane@Example.com",
            "owner_password": PASSWORD,
        },
    )

    acme = Contractor.objects.get()
    assert answer.url == f"/c/{acme.pk}/"
    assert client.get(answer.url).status_code == 200
    assert acme.time_zone == "America/Chicago"


def test_a_first_owner_with_a_weak_password_is_told_and_nothing_is_lost(db, client):
    answer = client.post(
        "/welcome/",
        {
            "name": "Acme Roofing",
            "time_zone": "America/Chicago",
            "tax_percent": "0",
            "owner_name": "Jane Doe",
            "owner_email": "jane@example.com",
            "owner_password": "password",
        },
    )

    assert (answer.status_code, Contractor.objects.count()) == (422, 0)
    assert "Choose another password" in answer.content.decode()
    assert 'value="Acme Roofing"' in answer.content.decode()


def test_the_welcome_is_over_with_the_first_contractor(business, client):
    assert client.get("/welcome/").status_code == 404
    assert client.get("/").url.startswith("/accounts/login/")


def test_a_user_changes_his_own_name(bookkeeper):
    bookkeeper.send("account/", name="Jane Doe")

    assert User.objects.get(pk=bookkeeper.user.pk).name == "Jane Doe"
