"""What it costs: `python -m benchmarks [NAME ...] [--quick]` runs every benchmark on SQLite and PostgreSQL.

Each benchmark is a module whose `rounds()` yields the figures of each round; it runs in a process of its own on an empty
database, and medians count. Server figures are shown as a ratio to a bare granian that answers a constant, measured in the same
run. Compare ratios, not seconds: machines differ.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from throwaway_postgres import Missing, throwaway_postgres  # noqa: E402

BENCHMARKS = ("idle_polls", "objects", "first_sync", "customers", "discovery", "sessions", "pages")
ERRORS = Console(stderr=True)


@contextlib.contextmanager
def databases() -> Iterator[dict[str, str]]:
    """URLs of a SQLite file and, where there is one, of a throw-away PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="centerpoint-bench-") as folder, contextlib.ExitStack() as stack:
        found = {"SQLite": f"sqlite:///{folder}/bench.sqlite3"}
        try:
            found["PostgreSQL"] = stack.enter_context(throwaway_postgres(durable=True))
        except Missing as missing:
            ERRORS.print(f"PostgreSQL is left out: {missing}")
        yield found


def run(name: str, url: str, *, quick: bool) -> list[dict[str, float]]:
    """The rounds of one benchmark."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": "a key for benchmarks only, long enough to be taken",
        "CENTERPOINT_URL": "http://localhost:8000",
        "DJANGO_SETTINGS_MODULE": "centerpoint.settings",
        "LOG_LEVEL": "ERROR",
        "BENCH_QUICK": "1" if quick else "",
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stage", name],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-4000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(figures[name] for figures in rounds) for name in rounds[0]}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument(
        "--quick", action="store_true", help="small sizes and one round, to see that all of it runs"
    )
    arguments = parser.parse_args()
    names = arguments.names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    table = Table("Benchmark", "Figure", "SQLite", "PostgreSQL")
    with databases() as urls:
        for name in names:
            figures = {}
            for database, url in urls.items():
                with ERRORS.status(f"{name} on {database} ..."):
                    figures[database] = medians(run(name, url, quick=arguments.quick))
            for figure in next(iter(figures.values())):
                cells = [
                    f"{figures[each][figure]:,.4g}" if each in figures else "-"
                    for each in ("SQLite", "PostgreSQL")
                ]
                table.add_row(name.replace("_", " "), figure, *cells)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
