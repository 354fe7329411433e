"""The stage of one benchmark: a fresh database, a contractor with business, and both programs ready to talk."""

import datetime as dt
import importlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

QUICK = bool(os.environ.get("BENCH_QUICK"))


def size(full: int, quick: int) -> int:
    return quick if QUICK else full


def fresh_database() -> None:
    """Empty the database of DATABASE_URL and bring it up to date."""
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        connection.close()
        for each in (name, Path(f"{name}-wal"), Path(f"{name}-shm")):
            each.unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", interactive=False, verbosity=0)


@dataclass
class Stage:
    """A contractor whose integration is active and sends without asking."""

    contractor: Any
    company_file: Any
    password: str
    qwc_file: bytes

    def connector(self, books: Any, *, door: Any = None, clock: Any = None) -> Any:
        from django.utils import timezone

        from centerpoint.quickbooks.sync import session
        from centerpoint.quickbooks.webconnector.door import Door
        from qbemulator import qwc
        from qbemulator.request_processor import RequestProcessor
        from qbemulator.web_connector import WebConnector, WsgiTransport

        return WebConnector(
            qwc=qwc.read(self.qwc_file),
            password=self.password,
            processor=RequestProcessor(books),
            transport=WsgiTransport(door or Door(session, clock=clock or timezone.now)),
        )


def contractor_with(
    *,
    name: str = "Benchmark Roofing",
    companies: int,
    tickets: int,
    projects: int,
    invoices: int,
    **options: Any,
) -> Stage:
    """Sample data of this size, and an active integration that holds nothing back."""
    from django.utils import timezone
    from django.utils.text import slugify

    from centerpoint import contractor_setup
    from centerpoint.quickbooks import connection
    from centerpoint.sample_data import load_sample_data

    now = timezone.now() - dt.timedelta(hours=1)
    contractor = contractor_setup.set_up_contractor(
        name=name,
        owner_email=f"{slugify(name)}@bench.example",
        owner_password="a-long-bench-password",
        now=now,
    )
    if companies:
        load_sample_data(
            contractor=contractor,
            companies=companies,
            tickets=tickets,
            projects=projects,
            invoices=invoices,
            seed=1,
            now=now,
        )
    activation = connection.activate(contractor=contractor, url="http://localhost:8000", now=now)
    connection.save_options(company_file=activation.company_file, now=now, hold_for_approval=False, **options)
    activation.company_file.refresh_from_db()
    return Stage(
        contractor, activation.company_file, activation.password, connection.qwc_file(activation.company_file)
    )


def new_books(sample: str, **fields: Any) -> Any:
    from django.utils import timezone

    from qbemulator.company_file import CompanyFile

    folder = tempfile.mkdtemp(prefix="centerpoint-bench-books-")
    return CompanyFile.create(Path(folder) / "books.qbx", sample=sample, now=timezone.now(), **fields)


class Stopwatch:
    """Seconds spent in a callable that is wrapped."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def wrap(self, function: Any) -> Any:
        def timed(*words: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*words, **named)
            finally:
                self.seconds += time.perf_counter() - started

        return timed


if __name__ == "__main__":
    django.setup()
    fresh_database()
    print(json.dumps(importlib.import_module(f"benchmarks.{sys.argv[1]}").measure()))
