"""Pictures of every screen with the demo's data, for a desk and for a phone. `make screenshots` calls this.

They go to var/screenshots, or to the folder named as argument; --only NAME takes a few of the screens.
"""

import argparse
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page
from rich.console import Console

import chromium
from centerpoint import demo
from journeys.browsing import DESK, PHONE, started_browser
from journeys.serving import serving

SIZES = {"desk": DESK, "phone": PHONE}
FOLDER = Path("var/screenshots")


@dataclass(frozen=True)
class Shot:
    """One screen as somebody sees it; `cookies` are those of who looks."""

    name: str
    path: str
    cookies: Sequence[dict[str, str]]


def take_pictures(folder: Path, *, only: Sequence[str]) -> list[str]:
    """Run the demo, visit every screen, write NAME-desk.png and NAME-phone.png. Returns what did not answer with 200."""
    program = chromium.find_or_install()
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="centerpoint-screenshots-") as books:
        os.environ["LOG_LEVEL"] = "ERROR"
        demo.run(
            once=True, json_file=None, port=port, folder=Path(books) / "demo", console=Console(quiet=True)
        )
        from centerpoint.wsgi import application

        shots = [shot for shot in _shots(f"http://localhost:{port}") if not only or shot.name in only]
        with serving(application, port=port) as url, started_browser(program) as browser:
            wrong: list[str] = []
            for shot in shots:
                context = browser.new_context(base_url=url)
                context.add_cookies(shot.cookies)
                wrong += _take(context.new_page(), shot, folder)
                context.close()
            return wrong


def _shots(url: str) -> list[Shot]:
    """Looked up before the browser starts: beside Playwright's event loop Django refuses to ask the database."""
    from django.db import connection
    from django.utils import timezone

    from centerpoint.contractors.models import Contractor
    from journeys import offices
    from journeys.screens import SCREENS

    contractor = Contractor.objects.get(name=demo.CONTRACTOR)
    shots = []
    for screen in SCREENS:
        cookies = []
        if screen.role is not None:
            member = offices.member(contractor, screen.role, now=timezone.now())
            cookies = [offices.session_cookie(member, url=url)]
        shots.append(Shot(screen.name, screen.path_for(contractor), cookies))
    connection.close()
    return shots


def _take(page: Page, shot: Shot, folder: Path) -> list[str]:
    wrong = []
    for name, size in SIZES.items():
        page.set_viewport_size(size)
        answer = page.goto(shot.path, wait_until="networkidle")
        if answer is None or answer.status != 200:
            wrong.append(f"{shot.name}: {shot.path} answers {answer and answer.status}")
        file = folder / f"{shot.name}-{name}.png"
        page.screenshot(path=file, full_page=True)
        print(file, flush=True)
    return wrong


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="names from tests/journeys/screens.py"
    )
    arguments = parser.parse_args(words)
    try:
        wrong = take_pictures(arguments.folder, only=arguments.only)
    except chromium.Missing as missing:
        wrong = [str(missing)]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
