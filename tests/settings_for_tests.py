"""Centerpoint's settings for the tests: an environment of their own first, then what every installation has."""

import os

os.environ.setdefault("SECRET_KEY", "a key for tests only, long enough to be taken")
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or "sqlite:///test.sqlite3"
os.environ.setdefault("CENTERPOINT_URL", "http://localhost:8000")

from centerpoint.settings import *  # noqa: F403
