"""Builders for the business: everything unremarkable has a default, so that a test names only what it is about."""

import datetime as dt
import itertools
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Invoice, TaxCode
from centerpoint.companies import operations as companies
from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor
from centerpoint.work import operations as work
from centerpoint.work.models import Project, ServiceTicket

NOW = dt.datetime(2025, 6, 30, 15, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


class Business:
    """One contractor, and short ways to give it companies, work and invoices through the real operations."""

    def __init__(self, name: str = "Acme Roofing") -> None:
        self.contractor = Contractor.objects.create(
            name=name, tax_percent=Decimal("8.25"), created_at=NOW, time_zone="America/Chicago"
        )
        self.county = self.tax_code("COUNTY", "8.25")
        self._count = itertools.count(1)

    def tax_code(self, code: str, percent: str) -> TaxCode:
        return billing.create_tax_code(
            contractor=self.contractor, title=code.title(), code=code, percent=Decimal(percent)
        )

    def company(self, name: str = "", **fields: Any) -> Company:
        name = name or f"Company {next(self._count)}"
        return companies.create_company(contractor=self.contractor, name=name, now=NOW, **fields)

    def property(self, company: Company | None = None, **fields: Any) -> Property:
        name = fields.pop("name", f"Property {next(self._count)}")
        return companies.create_property(company=company or self.company(), name=name, now=NOW, **fields)

    def ticket(self, company: Company | None = None, **fields: Any) -> ServiceTicket:
        place = fields.pop("property", None) or self.property(company)
        return work.create_ticket(property=place, opened_on=fields.pop("opened_on", TODAY), now=NOW, **fields)

    def project(self, company: Company | None = None, contract: str = "10000.00", **fields: Any) -> Project:
        place = fields.pop("property", None) or self.property(company)
        return work.create_project(
            property=place,
            name=fields.pop("name", "Reroof"),
            opened_on=TODAY,
            original_contract_amount=Decimal(contract),
            now=NOW,
            **fields,
        )

    def draft(self, ticket: ServiceTicket | None = None, amount: str = "100.00", **fields: Any) -> Invoice:
        lines = fields.pop("lines", [line(amount)])
        return billing.draft_service_invoice(ticket=ticket or self.ticket(), lines=lines, now=NOW, **fields)

    def invoice(self, ticket: ServiceTicket | None = None, amount: str = "100.00", **fields: Any) -> Invoice:
        """An issued service invoice without tax unless said."""
        fields.setdefault("tax_codes", [])
        return billing.issue_invoice(invoice=self.draft(ticket, amount, **fields), on=TODAY, now=NOW)

    def project_invoice(self, project: Project, basis: billing.Basis, **fields: Any) -> Invoice:
        fields.setdefault("tax_codes", [])
        draft = billing.draft_project_invoice(project=project, basis=basis, now=NOW, **fields)
        return billing.issue_invoice(invoice=draft, on=TODAY, now=NOW)


def line(unit_price: str, quantity: str = "1", **fields: Any) -> billing.Line:
    return billing.Line(
        description=fields.pop("description", "Repair"),
        unit_price=Decimal(unit_price),
        quantity=Decimal(quantity),
        **fields,
    )


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def today() -> dt.date:
    return TODAY


@pytest.fixture
def business(db: None) -> Business:
    return Business()


@pytest.fixture
def another_business(db: None) -> Business:
    return Business("Better Roofs")


@pytest.fixture(name="line")
def line_builder() -> Callable[..., billing.Line]:
    return line


@pytest.fixture
def at_once(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[list[Callable[[], object]]], None]:
    """Run functions at the same moment, each on a connection of its own.

    SQLite's test database lives in memory, where writers refuse each other instead of waiting: they get a copy in a
    file, so what they did is seen only by a further function run in the same way.
    """
    copy = tmp_path / "copy.sqlite3"

    def run(functions: list[Callable[[], object]]) -> None:
        with monkeypatch.context() as patch:
            if connection.vendor == "sqlite":
                if not copy.exists():
                    connection.ensure_connection()
                    with closing(sqlite3.connect(copy)) as file:
                        connection.connection.backup(file)
                patch.setitem(connections.databases["default"], "NAME", str(copy))
            _run_together(functions)

    return run


def _run_together(functions: list[Callable[[], object]]) -> None:
    start = threading.Barrier(len(functions))

    def one(function: Callable[[], object]) -> None:
        start.wait(10)
        try:
            function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        for outcome in [pool.submit(one, function) for function in functions]:
            outcome.result(60)
