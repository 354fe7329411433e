"""The company file itself: created, opened, read by people; changed only through the modules beside this one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from qbemulator.company_file import samples, views
from qbemulator.company_file.calendar import LocalTime
from qbemulator.company_file.preferences import CompanyInformation, Host, Preferences
from qbemulator.company_file.storage import Storage
from qbemulator.company_file.switches import Setting, Switches


class CompanyFile:
    """A QuickBooks company file on disk. Survives restarts; several processes may have it open."""

    # The state of the PC, each with the HRESULT that request_processor gives for it (protocol.md A.8).
    quickbooks_closed = Setting(False)
    other_file_open = Setting(False)
    dialog_open = Setting(False)
    busy = Setting(False)
    needs_admin = Setting(False)
    access_denied = Setting(False)
    no_permission = Setting(False)
    time_zone = Setting("America/Los_Angeles")

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.switches = Switches(storage)
        self.host = Host(storage)
        self.preferences = Preferences(storage)
        self.information = CompanyInformation(storage)

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        sample: str = "empty",
        now: datetime,
        time_zone: str = "America/Los_Angeles",
        customers: int = 2_000,
    ) -> CompanyFile:
        """A new file with a sample's lists: "empty", "contractor" or "crowded" (which has `customers` customers).

        The same `now` gives the same content. Raises FileExistsError, and ValueError for an unknown sample.
        """
        if sample not in samples.SAMPLES:
            raise ValueError(f"no sample is called {sample!r}; there are {', '.join(samples.SAMPLES)}")
        books = cls(Storage.create(Path(path)))
        with books.storage.transaction():
            books.time_zone = time_zone
            samples.fill(books.storage, sample, now=int(now.timestamp()), customers=customers)
        return books

    @classmethod
    def open(cls, path: str | Path) -> CompanyFile:
        """An existing file. Raises FileNotFoundError."""
        if not Path(path).exists():
            raise FileNotFoundError(path)
        return cls(Storage.open(Path(path)))

    def close(self) -> None:
        self.storage.close()

    def __enter__(self) -> CompanyFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        return self.storage.path

    @property
    def company_name(self) -> str:
        return self.information.name

    @property
    def supported_versions(self) -> tuple[str, ...]:
        return self.host.supported_versions

    def local_time(self, time_zone: str | None = None) -> LocalTime:
        """How this file's computer prints and reads times."""
        return LocalTime(
            time_zone or self.time_zone,
            offset=self.switches.printed_offset,
            filters=self.switches.filter_offset,
        )

    def data_ext(self, owner_id: str, name: str) -> str | None:
        """A private field of the company record, such as the Web Connector's FileID and AppLock."""
        row = self.storage.one(
            "SELECT value FROM private_fields WHERE owner_id = ? AND name = ?", (owner_id.upper(), name)
        )
        return None if row is None else str(row["value"])

    def set_data_ext(self, owner_id: str, name: str, value: str) -> None:
        self.storage.execute(
            "INSERT INTO private_fields (owner_id, name, value) VALUES (?, ?, ?)"
            " ON CONFLICT (owner_id, name) DO UPDATE SET value = excluded.value",
            (owner_id.upper(), name, value),
        )

    def delete_data_ext(self, owner_id: str, name: str) -> None:
        self.storage.execute(
            "DELETE FROM private_fields WHERE owner_id = ? AND name = ?", (owner_id.upper(), name)
        )

    @property
    def customers(self) -> list[dict[str, Any]]:
        """Customers and jobs in list order, keyed by qbXML element names."""
        return views.named_records(self.storage, "Customer")

    @property
    def invoices(self) -> list[dict[str, Any]]:
        return views.invoices(self.storage)

    @property
    def payments(self) -> list[dict[str, Any]]:
        return views.payments(self.storage)

    @property
    def credit_memos(self) -> list[dict[str, Any]]:
        return views.credit_memos(self.storage)

    def dump(self) -> dict[str, Any]:
        """Everything that matters in the file, JSON-ready, amounts as text."""
        with self.storage.transaction(write=False):
            return {
                "company": views.company(self.storage),
                "customers": self.customers,
                "vendors": views.named_records(self.storage, "Vendor"),
                "employees": views.named_records(self.storage, "Employee"),
                "other_names": views.named_records(self.storage, "OtherName"),
                "items": views.list_records(self.storage, "Item"),
                "terms": views.list_records(self.storage, "Terms"),
                "classes": views.list_records(self.storage, "Class"),
                "invoices": self.invoices,
                "payments": self.payments,
                "credit_memos": self.credit_memos,
                "deleted": views.deleted(self.storage),
                "message_sets": views.message_sets(self.storage),
                "private_fields": views.private_fields(self.storage),
                "switches": self.switches.values(),
            }
