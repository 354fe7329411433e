"""The process beside the server: it goes on whatever happens, and ends with the server."""

import datetime as dt
import multiprocessing
import os
import subprocess
import sys
import time

import pytest
from django.db import OperationalError

from centerpoint import side_work
from centerpoint.quickbooks import notices

NOW = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)


@pytest.fixture
def rounds(monkeypatch):
    """The moments at which notices were sent; the second time the database is away."""
    moments = []

    def send_due(*, now):
        moments.append(now)
        if len(moments) == 2:
            raise OperationalError("the database is away")
        return notices.Round(sent=1, failed=0)

    monkeypatch.setattr(notices, "send_due", send_due)
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    return moments


def test_a_round_that_fails_is_not_the_last(rounds):
    ends = iter([False, False, True])

    side_work.keep_going(clock=lambda: NOW, has_ended=lambda: next(ends))

    assert rounds == [NOW] * 3


PROGRAM = """
import time, os
from centerpoint import side_work
def idle():
    with open({file!r}, "w") as file:
        file.write(str(os.getpid()))
    side_work.wait([side_work.multiprocessing.parent_process().sentinel], 60)
side_work._until_the_server_ends = idle
if __name__ == "__main__":
    with side_work.beside_the_server():
        time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_it_ends_when_the_server_is_killed(tmp_path):
    program, pid_file = tmp_path / "server.py", tmp_path / "pid"
    program.write_text(PROGRAM.format(file=str(pid_file)))
    server = subprocess.Popen([sys.executable, str(program)])
    _until(lambda: pid_file.exists() and pid_file.read_text())

    server.kill()
    server.wait()

    _until(lambda: not _is_alive(int(pid_file.read_text())))


def _until(reached):
    for _ in range(200):
        if reached():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that within ten seconds")


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Who has ended and was not fetched by anybody is not alive either.
    return (
        "Z"
        not in subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    )


def test_leaving_the_server_ends_it(monkeypatch):
    monkeypatch.setattr(side_work, "_until_the_server_ends", time.monotonic)

    with side_work.beside_the_server():
        (child,) = [one for one in multiprocessing.active_children() if one.name == "side work"]

    assert not child.is_alive()
