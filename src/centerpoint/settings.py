"""Everything that differs between two installations, read once from the environment (docs/operator/settings.md)."""

import datetime as dt
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def _database() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL") or "sqlite:///centerpoint.sqlite3"
    try:
        database: dict[str, Any] = dict(
            dj_database_url.parse(url, conn_max_age=None, conn_health_checks=False)
        )
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError) as problem:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. Write sqlite:///folder/file.sqlite3 or "
            "postgresql://user:password@host:5432/database."
        ) from problem
    engine = str(database["ENGINE"])
    if engine.endswith("sqlite3"):
        database["ENGINE"] = "centerpoint.queued_sqlite3"
        # IMMEDIATE takes the write lock at BEGIN: two connectors on one company file never read the same READY
        # postings and both write them (design.md, performance.md).
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;",
        }
    elif engine.endswith("postgresql"):
        # Planning the log-in's statement costs four times running it: psycopg keeps plans with the connection, which
        # it can only do for parameters that travel apart from the text.
        named = database.get("OPTIONS", {})
        database["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5, **named}
    else:
        raise ImproperlyConfigured(
            f"DATABASE_URL names {url.split(':')[0]}; Centerpoint runs on sqlite and postgresql."
        )
    return database


def _secret_key() -> str:
    key = os.environ.get("SECRET_KEY", "")
    if len(key) < 32:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or shorter than 32 characters. It protects sign-ins and the Web Connector passwords; "
            'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))" and keep it: '
            "with another key the stored passwords cannot be read."
        )
    return key


def _centerpoint_url() -> str:
    url = os.environ.get("CENTERPOINT_URL") or "http://localhost:8000"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(
            f"CENTERPOINT_URL is {url!r}; write the address browsers and the Web Connector use, "
            "such as https://centerpoint.example.com."
        )
    return url.rstrip("/")


def _whole_number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or int(text) < 1:
        raise ImproperlyConfigured(f"{name} is {text!r}; write a whole number such as {default}.")
    return int(text)


def _practice_dir(database: dict[str, Any]) -> Path:
    """Where practice company files are kept: beside an SQLite database, else below the working folder."""
    if named := os.environ.get("PRACTICE_DIR"):
        return Path(named).absolute()
    is_a_file = str(database["ENGINE"]).endswith("sqlite3")
    return (Path(database["NAME"]).parent if is_a_file else Path()).absolute() / "var" / "practice"


def _openid_providers(issuer: str) -> dict[str, Any]:
    """One OpenID provider, when OIDC_ISSUER names it."""
    if not issuer:
        return {}
    missing = [name for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not os.environ.get(name)]
    if missing or not issuer.startswith("https://"):
        raise ImproperlyConfigured(
            f"OIDC_ISSUER is {issuer!r}; write the https:// address of the provider and set OIDC_CLIENT_ID and "
            "OIDC_CLIENT_SECRET to what it gave you for Centerpoint."
        )
    app = {
        "provider_id": "office",
        "name": os.environ.get("OIDC_NAME") or str(urlsplit(issuer).hostname),
        "client_id": os.environ["OIDC_CLIENT_ID"],
        "secret": os.environ["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"APPS": [app]}}


def _email(url: str, sender: str) -> dict[str, Any]:
    """Django's own mail settings: how notices and forgotten passwords leave, by EMAIL_URL and EMAIL_FROM."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    standard_ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme == "console":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
            "DEFAULT_FROM_EMAIL": sender or "Centerpoint <centerpoint@localhost>",
        }
    # The address is not repeated: it holds a password.
    if parts.scheme not in standard_ports or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Write console:, smtp://host:25, smtp+tls://user:password@host:587 or "
            "smtps://user:password@host:465; in the user and the password, write @ as %40 and / as %2F."
        )
    if "@" not in sender:
        raise ImproperlyConfigured(
            "EMAIL_FROM is missing. Write the address mail is sent from, such as "
            "Centerpoint <centerpoint@example.com>."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or standard_ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender,
    }


SECRET_KEY = _secret_key()
# Keys that SECRET_KEY replaced, separated by commas: what they protect is read until it was renewed.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
DATABASES = {"default": _database()}
CENTERPOINT_URL = _centerpoint_url()

DEBUG = False
# The Web Connector and browsers arrive under the one name that CENTERPOINT_URL gives; localhost serves the PC itself.
ALLOWED_HOSTS = sorted({str(urlsplit(CENTERPOINT_URL).hostname), "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [CENTERPOINT_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CENTERPOINT_URL.startswith("https://")

INSTALLED_APPS = [
    "centerpoint.contractors",
    "centerpoint.companies",
    "centerpoint.work",
    "centerpoint.billing",
    "centerpoint.quickbooks",
    "centerpoint.pages",
    "django_bootstrap5",
    "django_htmx",
    "bootstrap",  # django-bootstrap-static: Bootstrap's own files
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "centerpoint.pages.security.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "centerpoint.urls"
WSGI_APPLICATION = "centerpoint.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "centerpoint.pages.frame.frame",
            ]
        },
    }
]
AUTH_USER_MODEL = "contractors.User"
# A label stands above each field; repeated inside it would look like a value.
# Only what is wrong is marked: a refused form full of green ticks hides it.
BOOTSTRAP5 = {"set_placeholder": False, "success_css_class": ""}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# -- signing in: by e-mail address and password, with a second factor who wants one, or at an OpenID provider
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that who guesses is not even compared
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "centerpoint.pages.sign_in.Adapter"
SOCIALACCOUNT_ADAPTER = "centerpoint.pages.sign_in.ProviderAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Owners write the addresses; nobody signs up by himself (pages/sign_in.py).
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# django-axes counts what fails, per address and computer; allauth's own limits stay for the rest of its pages.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Centerpoint"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "centerpoint.pages.sign_in.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").rstrip("/")
SOCIALACCOUNT_PROVIDERS = _openid_providers(OIDC_ISSUER)
# The provider is the one the operator chose: who proves an address there is the user with that address here.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
# Straight from the packages they came in: nothing has to be collected or built. Addresses carry a mark of the content
# (pages/templatetags/pages.py), so browsers may keep them.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 365 * 24 * 3600
LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING_CONFIG = None
LOG_LEVEL = os.environ.get("LOG_LEVEL") or "INFO"

# The largest body the Web Connector's door reads, in bytes: an answer of QuickBooks with 200,000 customers.
WEB_CONNECTOR_BODY_LIMIT = _whole_number("WEB_CONNECTOR_BODY_LIMIT", 256 * 1024 * 1024)
# Whom the page behind AppSupport names, such as "call 512-555-0100 or write to help@example.com".
SUPPORT_CONTACT = os.environ.get("SUPPORT_CONTACT", "")
# Who knows it may read /metrics from another machine; without it only this machine may.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Company files of the emulated QuickBooks that people rehearse with; every process of the installation needs this folder.
PRACTICE_DIR = _practice_dir(DATABASES["default"])
# How mail leaves: printed on the console unless EMAIL_URL names a server.
globals().update(_email(os.environ.get("EMAIL_URL") or "console:", os.environ.get("EMAIL_FROM", "")))
