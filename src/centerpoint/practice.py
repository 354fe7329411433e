"""The practice company: an emulated office PC with QuickBooks Desktop and the Web Connector, run against this server.

The one door of the application to `qbemulator`; the rest of Centerpoint never knows that there is no real QuickBooks.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from qbemulator.request_processor import RequestProcessor
from qbemulator.web_connector import HttpTransport, Update, WebConnector

from qbemulator import qwc
from qbemulator.company_file import CompanyFile


class PracticePC:
    """One emulated PC: a company file on disk and a Web Connector with one .qwc file added to it."""

    def __init__(self, *, file: Path, sample: str, qwc_file: Path, password: str) -> None:
        self.books = CompanyFile.create(file, sample=sample, now=timezone.now())
        self._connector = WebConnector(
            qwc=qwc.read(qwc_file),
            password=password,
            processor=RequestProcessor(self.books, clock=timezone.now, time_zone="America/New_York"),
            transport=HttpTransport(),
        )

    def update(self) -> Sequence[Update]:
        """Run connector sessions until Centerpoint says that nothing is left to do."""
        return self._connector.update_until_idle()

    def dump(self) -> dict[str, Any]:
        """Everything in the company file, as plain data."""
        return self.books.dump()

    def close(self) -> None:
        self.books.close()


def today() -> dt.date:
    return timezone.localdate()
