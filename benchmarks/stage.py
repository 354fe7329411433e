"""The stage of a benchmark: a process of its own, an empty database, contractors with business, and their offices."""

import datetime as dt
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import django

if TYPE_CHECKING:
    from benchmarks.office import Office, Recording
    from centerpoint.quickbooks.models import CompanyFile
    from qbemulator.company_file import CompanyFile as Books
    from qbemulator.web_connector import WebConnector

QUICK = bool(os.environ.get("BENCH_QUICK"))
ROUNDS = 1 if QUICK else 3

Size = TypeVar("Size", int, float)


def size(full: Size, quick: Size) -> Size:
    return quick if QUICK else full


def empty_database() -> None:
    """Make the database of DATABASE_URL as a new installation has it."""
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        for each in (name, Path(f"{name}-wal"), Path(f"{name}-shm")):
            each.unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    call_command("migrate", interactive=False, verbosity=0)


@dataclass(frozen=True)
class Scene:
    """A contractor whose integration is active."""

    company_file: "CompanyFile"
    password: str

    def office(self, recording: "Recording") -> "Office":
        """The contractor's PC, of templates."""
        from benchmarks.office import Office, QuickBooks

        return Office(self.company_file.user_name, self.password, QuickBooks(recording))

    def connector(self, books: "Books", *, port: int) -> "WebConnector":
        """The contractor's PC, emulated, calling the server at `port`."""
        from centerpoint.quickbooks import connection
        from qbemulator import qwc
        from qbemulator.request_processor import RequestProcessor
        from qbemulator.web_connector import HttpTransport, WebConnector

        address = self.company_file.service_url.replace(":8000", f":{port}")
        self.company_file.service_url = address
        self.company_file.save(update_fields=["service_url"])
        return WebConnector(
            qwc=qwc.read(connection.qwc_file(self.company_file)),
            password=self.password,
            processor=RequestProcessor(books),
            transport=HttpTransport(),
        )


def contractor(
    name: str = "Benchmark Roofing",
    *,
    companies: int = 0,
    tickets: int = 0,
    projects: int = 0,
    invoices: int = 0,
    **options: Any,
) -> Scene:
    """A contractor with sample data of this size; `options` of the integration on top of sending without approval."""
    from django.utils import timezone
    from django.utils.text import slugify

    from centerpoint import contractor_setup
    from centerpoint.quickbooks import connection
    from centerpoint.sample_data import load_sample_data

    now = timezone.now() - dt.timedelta(hours=1)
    made = contractor_setup.set_up_contractor(
        name=name,
        owner_email=f"{slugify(name)}@bench.example",
        owner_password="a-long-bench-password",
        now=now,
    )
    if companies:
        load_sample_data(
            contractor=made,
            companies=companies,
            tickets=tickets,
            projects=projects,
            invoices=invoices,
            seed=1,
            now=now,
        )
    activation = connection.activate(contractor=made, url="http://localhost:8000", now=now)
    chosen = {"hold_for_approval": False, "read_every": 86_400, **options}
    connection.save_options(company_file=activation.company_file, now=now, **chosen)
    activation.company_file.refresh_from_db()
    return Scene(activation.company_file, activation.password)


def main(name: str) -> None:
    """Run one benchmark module and print its rounds as JSON, one a line."""
    django.setup()
    empty_database()
    rounds: Callable[[], Iterator[dict[str, float]]] = importlib.import_module(f"benchmarks.{name}").rounds
    for figures in rounds():
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
