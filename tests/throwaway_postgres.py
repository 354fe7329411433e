"""A PostgreSQL server that lives as long as a `with` block, from Debian's package, in a folder of its own."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

OLDEST = 15
DEBIAN = Path("/usr/lib/postgresql")


class Missing(Exception):
    """PostgreSQL is not on this machine and could not be fetched; the text says what to do."""


@contextlib.contextmanager
def throwaway_postgres(*, durable: bool = False) -> Iterator[str]:
    """Start a server on a free port of 127.0.0.1; yields its URL. Nothing of it is left afterwards.

    Tests need no durability; a benchmark does, to be true.
    """
    binaries = _binaries()
    run_as = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="centerpoint-postgres-"))
    try:
        if run_as:
            shutil.chown(folder, run_as)
        data = folder / "data"
        _run([binaries / "initdb", "--auth=trust", "--username=centerpoint", "--no-sync", "-D", data], run_as)
        port = _free_port()
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} " + (
            "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        )
        control = [binaries / "pg_ctl", "-D", data, "-w"]
        _run([*control, "-l", folder / "log", "-o", options, "start"], run_as)
        try:
            yield f"postgresql://centerpoint@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], run_as)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    return _find() or _install()


def _find() -> Path | None:
    versions = sorted(
        (int(folder.name), folder / "bin")
        for folder in DEBIAN.glob("*")
        if folder.name.isdigit() and (folder / "bin" / "initdb").exists()
    )
    if versions and versions[-1][0] >= OLDEST:
        return versions[-1][1]
    if (initdb := shutil.which("initdb")) and shutil.which("pg_ctl"):
        return Path(initdb).resolve().parent
    return None


def _install() -> Path:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(
            f"PostgreSQL {OLDEST} or later is missing: its initdb is neither in PATH nor under {DEBIAN}. "
            "On Debian: apt-get install postgresql. Or name a server in TEST_DATABASE_URL, or say POSTGRES=skip."
        )
    # Without this file Debian's package would create and start a cluster of its own.
    Path("/etc/postgresql-common").mkdir(exist_ok=True)
    configuration = Path("/etc/postgresql-common/createcluster.conf")
    if not configuration.exists():
        configuration.write_text("create_main_cluster = false\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=True, stdout=sys.stderr)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql"]
    subprocess.run(install, env=environment, check=True, stdout=sys.stderr)
    found = _find()
    if found is None:
        raise Missing("Debian's postgresql package was installed, and still there is no initdb.")
    return found


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Missing("There is no user postgres or nobody to run PostgreSQL as; root may not.")


def _run(command: list[object], run_as: str | None) -> None:
    # pg_ctl's server keeps the pipes open, so its output goes to its own log and not here.
    result = subprocess.run(
        [str(word) for word in command],
        user=run_as,
        cwd="/",
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=None,
    )
    if result.returncode:
        raise Missing(f"{command[0]} failed with exit code {result.returncode}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
