"""Centerpoint's settings for the tests: an environment of their own first, then what every installation has."""

import os

# Whoever runs the tests may have an installation's settings in the environment; none of them reaches a test.
for name in (
    "SECRET_KEY_FALLBACKS",
    "SUPPORT_CONTACT",
    "WEB_CONNECTOR_BODY_LIMIT",
    "LOG_LEVEL",
    "METRICS_TOKEN",
    "OIDC_ISSUER",
    "PRACTICE_DIR",
    "EMAIL_URL",
    "EMAIL_FROM",
):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "a key for tests only, long enough to be taken"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or "sqlite:///test.sqlite3"
os.environ["CENTERPOINT_URL"] = "http://localhost:8000"

from centerpoint.settings import *  # noqa: E402, F403
