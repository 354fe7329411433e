"""A rehearsal under way beside a real contractor who has business of his own."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from centerpoint.contractors.models import Contractor, Membership, Role, User
from centerpoint.practice import ConnectorRun, Offered, act, actions, run_connector, start_practice
from centerpoint.quickbooks import connection, outbox


class Rehearsal:
    """The practice company with a clock that goes on a minute at every step."""

    def __init__(self, practice: Contractor, now: dt.datetime) -> None:
        self.practice = practice
        self.now = now

    def later(self) -> dt.datetime:
        self.now += dt.timedelta(minutes=1)
        return self.now

    def run(self) -> ConnectorRun:
        return run_connector(practice=self.practice, now=self.later())

    def approve(self) -> None:
        outbox.approve(company_file=connection.connected(self.practice), now=self.later())

    def send_everything(self) -> None:
        self.approve()
        while self.run().news:
            self.approve()

    def offered(self) -> dict[str, Offered]:
        return {offered.key: offered for offered in actions(self.practice, now=self.now)}

    def do(self, key: str, **values: str) -> str:
        return act(practice=self.practice, key=key, values=values, now=self.later())

    def first(self, key: str) -> dict[str, str]:
        """The first of what an action may be done to, as the value for it."""
        field = self.offered()[key].fields[0]
        return {field.name: field.choices[0].value}


@pytest.fixture(autouse=True)
def practice_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(settings, "PRACTICE_DIR", tmp_path / "practice")
    return tmp_path / "practice"


@pytest.fixture
def bookkeeper(business: Any) -> User:
    user = User.objects.create_user("dana@acme.example")
    Membership.objects.create(contractor=business.contractor, user=user, role=Role.BOOKKEEPER)
    return user


@pytest.fixture
def rehearsal(business: Any, bookkeeper: User, now: dt.datetime) -> Rehearsal:
    return Rehearsal(start_practice(user=bookkeeper, contractor=business.contractor, now=now), now)
