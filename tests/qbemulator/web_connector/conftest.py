"""A Web Connector on the contractor's PC, and the service it talks to."""

from typing import Any

import pytest
from by_hand import service as by_hand
from by_hand.desktop import Desktop
from by_hand.service import Connect, Service

from qbemulator import qwc
from qbemulator.request_processor import RequestProcessor
from qbemulator.web_connector import WebConnector, WsgiTransport


@pytest.fixture
def connect(desktop: Desktop) -> Connect:
    """Makes the Web Connector of the contractor's PC; `more` goes to WebConnector, `elements` into the .qwc file."""

    def make(service: Service, *, elements: dict[str, str | None] | None = None, **more: Any) -> WebConnector:
        given: dict[str, Any] = {
            "qwc": qwc.read(by_hand.qwc(**(elements or {}))),
            "password": by_hand.PASSWORD,
            "processor": RequestProcessor(desktop.books, clock=lambda: desktop.now),
            "transport": WsgiTransport(service),
            "computer": "OFFICE-PC",
            **more,
        }
        return WebConnector(**given)

    return make
