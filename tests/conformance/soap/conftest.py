"""One live service for the SOAP clients of this folder."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PATIENCE = 30.0  # seconds until the server must answer


@dataclass(frozen=True)
class Service:
    url: str
    user_name: str
    password: str
    text: str


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    database = tmp_path_factory.mktemp("soap") / "centerpoint.sqlite3"
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "centerpoint.settings",
        "SECRET_KEY": "a key for the SOAP clients of the tests only",
        "PYTHONPATH": str(HERE),
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(HERE / "soap_service.py"), str(port)],
        env=environment,
        cwd=HERE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        _wait_for(facts["url"], process)
        yield Service(
            **facts,
            text='<?xml version="1.0" encoding="utf-8"?>\n<?qbxml version="13.0"?>\n'
            '<QBXML a="&amp;">Zo\u00eb \u2014 &lt;1&gt;</QBXML>',
        )
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(url: str, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                assert answer.status == 200
                return
        except urllib.error.URLError:
            assert process.poll() is None, "the service ended at its start"
            assert time.monotonic() < until, f"nobody answers at {url}"
            time.sleep(0.1)
