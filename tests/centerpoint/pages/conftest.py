"""A browser of somebody of the office, without a browser."""

from typing import Any

import pytest
from django.test import Client

from centerpoint.contractors.models import Membership, Role, User


class Office(Client):
    """Signed in as somebody with `role` at the contractor; paths are those behind /c/<contractor>/."""

    def __init__(self, business: Any, role: Role) -> None:
        super().__init__()
        self.base = f"/c/{business.contractor.pk}/"
        self.user = User.objects.create_user(f"{role}@example.com", name=f"The {role}")
        Membership.objects.create(contractor=business.contractor, user=self.user, role=role)
        self.force_login(self.user)

    def open(self, path: str = "", **query: Any) -> Any:
        return self.get(self.base + path, query)

    def send(self, path: str, **data: Any) -> Any:
        return self.post(self.base + path, data)


@pytest.fixture
def owner(business: Any) -> Office:
    return Office(business, Role.OWNER)


@pytest.fixture
def bookkeeper(business: Any) -> Office:
    return Office(business, Role.BOOKKEEPER)


@pytest.fixture
def technician(business: Any) -> Office:
    return Office(business, Role.TECHNICIAN)
