"""Run the suite on SQLite, then what touches a database again on PostgreSQL. `make test` calls this.

PostgreSQL is a throw-away server from Debian's package, unless TEST_DATABASE_URL names one. POSTGRES=skip leaves it out
on purpose. The journeys' Chromium is Debian's, too, unless CHROMIUM names one. Arguments go to pytest.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import chromium
from throwaway_postgres import Missing, throwaway_postgres

TESTS = Path(__file__).resolve().parent
JOURNEYS = TESTS / "journeys"
# The language and the emulator never see Centerpoint's database.
WITH_A_DATABASE = [str(TESTS / "centerpoint"), str(TESTS / "conversations"), str(JOURNEYS)]


def pytest(arguments: Sequence[str], **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-n", "2", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def main(arguments: list[str]) -> int:
    chosen = [argument for argument in arguments if _names_tests(argument)]
    flags = [argument for argument in arguments if argument not in chosen]
    if _run_journeys(chosen):
        try:
            chromium.find_or_install()
        except chromium.Missing as missing:
            print(missing, file=sys.stderr)
            return 1
    print("== SQLite: everything", flush=True)
    failed = pytest([*flags, *(chosen or [str(TESTS)])], TEST_DATABASE_URL="")
    if failed:
        return failed
    if os.environ.get("POSTGRES") == "skip":
        print("PostgreSQL was left out, as POSTGRES=skip says.")
        return 0
    print("== PostgreSQL: what touches a database", flush=True)
    again = [*flags, *(chosen or WITH_A_DATABASE)]
    if url := os.environ.get("TEST_DATABASE_URL"):
        return pytest(again, TEST_DATABASE_URL=url)
    try:
        with throwaway_postgres() as url:
            return pytest(again, TEST_DATABASE_URL=url)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1


def _names_tests(argument: str) -> bool:
    """A file, a folder, or one test of a file: tests/project/test_promises.py::test_every_link_leads_somewhere."""
    return not argument.startswith("-") and Path(argument.partition("::")[0]).exists()


def _run_journeys(chosen: Sequence[str]) -> bool:
    """Whether journeys are among the chosen tests; without a choice everything runs."""
    places = [Path(argument.partition("::")[0]).resolve() for argument in chosen]
    return not places or any(
        place.is_relative_to(JOURNEYS) or JOURNEYS.is_relative_to(place) for place in places
    )


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    # Who ends this run, such as a time limit of CI, ends the server with it.
    signal.signal(signal.SIGTERM, _end)
    sys.exit(main(sys.argv[1:]))
