"""How mail leaves: read from two variables, and what is wrong with them said at the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from centerpoint.settings import _email

SENDER = "Centerpoint <centerpoint@example.com>"


def test_mail_is_printed_unless_a_server_is_named():
    assert _email("console:", "") == {
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
        "DEFAULT_FROM_EMAIL": "Centerpoint <centerpoint@localhost>",
    }


@pytest.mark.parametrize(
    ("scheme", "port", "tls", "ssl"),
    [("smtp", 25, False, False), ("smtp+tls", 587, True, False), ("smtps", 465, False, True)],
)
def test_a_mail_server_is_named_by_its_address(scheme, port, tls, ssl):
    assert _email(f"{scheme}://me%40example.com:p%2Fw@mail.example.com", SENDER) == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.com",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "me@example.com",
        "EMAIL_HOST_PASSWORD": "p/w",
        "EMAIL_USE_TLS": tls,
        "EMAIL_USE_SSL": ssl,
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": SENDER,
    }


@pytest.mark.parametrize("url", ["mail.example.com", "smtp://", "http://host", "smtp://me:secret@host:port"])
def test_an_address_that_cannot_be_read_is_refused_without_repeating_its_password(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL cannot be read") as refusal:
        _email(url, SENDER)
    assert "secret" not in str(refusal.value)


def test_a_mail_server_needs_a_sender():
    with pytest.raises(ImproperlyConfigured, match="EMAIL_FROM is missing"):
        _email("smtp://mail.example.com", "")
