"""A bookkeeper's browser, the served Centerpoint and the office PC, all on one database that the test uses, too."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

import chromium
from centerpoint.contractors.models import Contractor, Role
from journeys import offices
from journeys.browsing import DESK, Watch, check_accessibility, started_browser
from journeys.emulated_pc import EmulatedPC
from journeys.serving import serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A story of many pages takes a minute on a busy machine; what hangs still ends."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(400))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all journeys of a worker. A missing browser fails them; nothing is skipped."""
    try:
        program = chromium.find()
    except chromium.Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    with pytest.MonkeyPatch.context() as environment:
        # Playwright's event loop lives in the thread of the test, which Django then takes for asynchronous code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with started_browser(program) as browser:
            yield browser


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that server and test share as two processes would, never through one connection."""
    if connections["default"].vendor == "sqlite":
        with _in_a_file(tmp_path / "journey.sqlite3"):
            yield
    else:
        yield


@contextmanager
def _in_a_file(file: Path) -> Iterator[None]:
    """Copy the migrated database from memory, where threads would share one transaction, and use the copy."""
    in_memory = connections["default"]
    in_memory.ensure_connection()
    with sqlite3.connect(file) as copy:
        in_memory.connection.backup(copy)
    copy.close()
    name = connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = str(file)
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"]["NAME"] = name
        connections["default"] = in_memory


@pytest.fixture
def server(database: None, settings: object) -> Iterator[str]:
    """The address of Centerpoint as it is served in an office, pages and the Web Connector's door."""
    from centerpoint.wsgi import application

    with serving(application) as url:
        settings.CENTERPOINT_URL = url
        yield url


@pytest.fixture
def watch(server: str) -> Watch:
    """What went wrong in the browser; `watch.expect("status of 403")` is for what a test provokes."""
    return Watch(server)


@pytest.fixture
def context(browser: Browser, server: str, watch: Watch) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=server, viewport=DESK, locale="en-US", timezone_id="America/Chicago"
    )
    context.set_default_timeout(10_000)
    watch.over(context)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    """An empty tab. The test fails on a console or script error, a request to another host, an answer 5xx."""
    yield context.new_page()
    watch.check()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    return check_accessibility


@pytest.fixture
def contractor(database: None) -> Contractor:
    """Who uses Centerpoint; with an owner, without any business. `offices.fill_office` gives it some."""
    return offices.set_up_office(now=timezone.now())


@pytest.fixture
def signed_in(page: Page, contractor: Contractor, server: str) -> Callable[..., Page]:
    """`signed_in(Role.BOOKKEEPER)`: the page, used by somebody with that role; the sign-in page is not needed."""

    def signed_in(role: Role = Role.BOOKKEEPER, *, at: Contractor | None = None) -> Page:
        member = offices.member(at or contractor, role, now=timezone.now())
        page.context.add_cookies([offices.session_cookie(member, url=server)])
        return page

    return signed_in


@pytest.fixture
def pc(tmp_path: Path) -> Iterator[EmulatedPC]:
    pc = EmulatedPC(tmp_path)
    yield pc
    pc.close()
