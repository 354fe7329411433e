"""A real browser, what it may never meet while somebody uses Centerpoint, and what axe says of a page."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# The names of axe's rule sets up to WCAG 2.2 AA, and what its makers advise beyond.
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Chromium asks its maker for updates and lists otherwise; a page that wants another host must fail.
NOTHING_BUT_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"


@contextmanager
def started_browser(program: Path) -> Iterator[Browser]:
    """Headless, unless HEADED=1 wants to watch; SLOW_MO is the rest between two actions in milliseconds."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            headless=os.environ.get("HEADED") != "1",
            slow_mo=float(os.environ.get("SLOW_MO") or 0),
            args=[NOTHING_BUT_THIS_MACHINE],
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """Everything a page does that no bookkeeper should live with. A test expects what it provokes on purpose."""

    server: str
    problems: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def expect(self, part: str) -> None:
        """One or more problems that contain `part` are meant, such as "status of 403"; that none comes, is a problem."""
        self._expected.append(part)

    def check(self) -> None:
        unexpected = [
            problem for problem in self.problems if not any(part in problem for part in self._expected)
        ]
        absent = [
            f"expected and never seen: {part}"
            for part in self._expected
            if not any(part in problem for problem in self.problems)
        ]
        assert not unexpected + absent, "\n".join(unexpected + absent)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console error: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if (
            address.scheme in ("http", "https", "ws", "wss")
            and address.netloc != urlsplit(self.server).netloc
        ):
            self.problems.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"server error: {response.status} {response.url}")


def check_accessibility(page: Page) -> None:
    """Raise AssertionError with every violation of WCAG 2.2 AA and of axe's best practices that the page holds now."""
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_RULES}})
    violations = [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n"
        + "\n".join(
            f"    {' '.join(map(str, node['target']))}   {node['html'][:160]}" for node in rule["nodes"]
        )
        for rule in result.response["violations"]
    ]
    assert not violations, f"axe refuses {page.url}:\n" + "\n".join(violations)


def check_fits(page: Page) -> None:
    """Raise AssertionError where the body must be scrolled sideways; wide tables scroll within themselves."""
    width = page.evaluate("document.documentElement.scrollWidth")
    shown = page.evaluate("document.documentElement.clientWidth")
    assert width <= shown, f"{page.url} is {width} pixels wide and the window shows {shown}: {_widest(page)}"


def _widest(page: Page) -> str:
    """The first elements that stick out."""
    return str(
        page.evaluate(
            """() => [...document.body.querySelectorAll("*")]
                .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth)
                .slice(0, 5).map(each => each.cloneNode(false).outerHTML.slice(0, 120)).join("  ")"""
        )
    )
