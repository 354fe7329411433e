"""A whole service on its own database for clients of other makers: granian, the door, real log-ins.

Only the sessions are stand-ins: they hand out one text and give back whatever they were told, so that a client sees what
became of its characters on the way in and out. Run as `python soap_service.py PORT`; prints one line of JSON when ready to
serve.
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from granian import Granian  # noqa: E402
from granian.constants import Interfaces  # noqa: E402

from centerpoint.contractors.models import Contractor  # noqa: E402
from centerpoint.quickbooks import connection  # noqa: E402
from centerpoint.quickbooks.evidence import Evidence  # noqa: E402
from centerpoint.quickbooks.webconnector.door import Door  # noqa: E402

TEXT = '<?xml version="1.0" encoding="utf-8"?>\n<?qbxml version="13.0"?>\n<QBXML a="&amp;">Zo\u00eb \u2014 &lt;1&gt;</QBXML>'


class StandIns:
    """Sessions that remember the last answer."""

    def __init__(self) -> None:
        self.told = ""

    def log_in(self, **given: Any) -> bool:
        return True

    def request(self, *, company_data: str, major: int, minor: int, **given: Any) -> str:
        self.told = f"{company_data}|{major}.{minor}"
        return TEXT

    def receive(self, *, answer: Evidence, hresult: str, message: str, **given: Any) -> int:
        self.told = f"{answer.text()}|{hresult}|{message}"
        return 100

    def connection_error(self, **given: Any) -> str:
        return "done"

    def last_error(self, **given: Any) -> str:
        return self.told

    def close(self, **given: Any) -> str:
        return "1 invoice sent."


application = Door(StandIns())

if __name__ == "__main__":
    port = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    activation = connection.activate(
        contractor=Contractor.objects.create(name="Acme Roofing"),
        url=f"http://localhost:{port}",
        now=timezone.now(),
    )
    file = activation.company_file
    facts = {"url": file.service_url, "user_name": file.user_name, "password": activation.password}
    print(json.dumps(facts), flush=True)
    Granian(
        "soap_service:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=2,
        log_level="error",
    ).serve()
