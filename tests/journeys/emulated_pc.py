"""The office PC of a journey: QuickBooks Desktop and the Web Connector, emulated, against the served Centerpoint."""

import datetime as dt
from pathlib import Path

from qbemulator import qwc
from qbemulator.company_file import CompanyFile as Books
from qbemulator.company_file.office import Office
from qbemulator.request_processor import RequestProcessor
from qbemulator.web_connector import HttpTransport, Update, WebConnector


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class EmulatedPC:
    """One company file in `folder` and, once a .qwc file was added, a Web Connector that speaks HTTP.

    `office` is the person at the QuickBooks screen: `pc.office.receive_payment(...)`.
    """

    def __init__(self, folder: Path, *, sample: str = "contractor") -> None:
        self.books = Books.create(folder / f"{sample}.qbx", sample=sample, now=_now())
        self.office = Office(self.books, clock=_now)
        self._connector: WebConnector | None = None

    def add_application(self, qwc_text: bytes, *, password: str) -> None:
        """What the bookkeeper does in the Web Connector: open the .qwc file, enter the password.

        The PC asks for the file's addresses, as the real one does. Raises qwc.Refused.
        """
        self._connector = WebConnector(
            qwc=qwc.read(qwc_text),
            password=password,
            processor=RequestProcessor(self.books, clock=_now),
            transport=HttpTransport(),
            sleep=lambda seconds: None,
            check_urls=True,
        )

    def update(self) -> Update:
        """One session."""
        return self._added().update()

    def update_until_idle(self) -> list[Update]:
        return self._added().update_until_idle(limit=60)

    def close(self) -> None:
        self.books.close()

    def _added(self) -> WebConnector:
        assert self._connector is not None, "add the .qwc file first: pc.add_application(...)"
        return self._connector
