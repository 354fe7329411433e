"""A QuickBooks PC: a company file, a clock that is set by hand, one open session.

Every request that is sent and every answer that comes back goes through Intuit's schema when QBXML_SCHEMA_DIR is set.
"""

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from qbemulator.company_file import CompanyFile
from qbemulator.company_file.office import Office
from qbemulator.request_processor import Connection, RequestProcessor

NOON = datetime(2026, 1, 5, 20, 0, 0, tzinfo=UTC)  # 12:00 in Los Angeles


@cache
def _schema() -> etree.XMLSchema | None:
    folder = os.environ.get("QBXML_SCHEMA_DIR")
    return etree.XMLSchema(etree.parse(str(Path(folder) / "qbxmlops130.xsd"))) if folder else None


def _validated(text: str, what: str) -> etree._Element:
    root = etree.fromstring(text.encode())
    schema = _schema()
    assert schema is None or schema.validate(root), f"{what}: {schema.error_log.last_error}\n{text[:3000]}"
    return root


class Desktop:
    """A PC with QuickBooks and one program connected to it."""

    def __init__(self, folder: Path, sample: str) -> None:
        self.now = NOON
        self.path = folder / f"{sample}.qbx"
        self.books = CompanyFile.create(self.path, sample=sample, now=NOON)
        self.connection = self.connect()
        self.office = Office(self.books, clock=lambda: self.now)

    def connect(self, app_name: str = "Centerpoint") -> Connection:
        return RequestProcessor(self.books, clock=lambda: self.now).connect(app_name)

    def restart(self) -> None:
        """Close the file, as if the PC were switched off, and open it again."""
        self.books.close()
        self.books = CompanyFile.open(self.path)
        self.connection = self.connect()
        self.office = Office(self.books, clock=lambda: self.now)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def send(
        self,
        *requests: str,
        on_error: str = "continueOnError",
        version: str = "13.0",
        new: str | None = None,
        old: str | None = None,
        more: str = "",
        valid: bool = True,
    ) -> etree._Element:
        """QBXMLMsgsRs of the answer. `valid` says that the request must be right by Intuit's schema."""
        text = message_set(*requests, on_error=on_error, version=version, new=new, old=old, more=more)
        if valid:
            _validated(text, "request")
        return _validated(self.connection.process(text), "answer")[0]

    def ask(self, request: str, **envelope: Any) -> etree._Element:
        """The answer to a single request."""
        [answer] = self.send(request, **envelope)
        return answer


def message_set(
    *requests: str,
    on_error: str = "continueOnError",
    version: str = "13.0",
    new: str | None = None,
    old: str | None = None,
    more: str = "",
) -> str:
    attributes = f'onError="{on_error}"'
    attributes += f' newMessageSetID="{new}"' if new else ""
    attributes += f' oldMessageSetID="{old}"' if old else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<?qbxml version="{version}"?>\n'
        f"<QBXML><QBXMLMsgsRq {attributes}{more}>{''.join(requests)}</QBXMLMsgsRq></QBXML>"
    )
