"""What the whole source keeps to, whoever writes it."""

import re
import subprocess
import sys
from pathlib import Path

from project.checkout import ROOT, code, texts

# Commands, the Web Connector's door, the practice company and the pages; from there on `now` is handed over.
READS_THE_CLOCK = {
    "src/centerpoint/cli.py",
    "src/centerpoint/demo.py",
    "src/centerpoint/practice/pc.py",
    "src/centerpoint/quickbooks/webconnector/door.py",
    "src/centerpoint/side_work.py",
}
# What is decided where money can be lost: plain data in, plain data out.
PURE = (
    "src/centerpoint/billing/money.py",
    "src/centerpoint/quickbooks/mapping/",
    "src/centerpoint/quickbooks/pairing/suggest.py",
    "src/centerpoint/quickbooks/posting_states.py",
    "src/centerpoint/quickbooks/sync/outcomes.py",
    "src/centerpoint/quickbooks/sync/planner.py",
    "src/qbxml/",
)


def found(pattern: str, texts: dict[str, str]) -> set[str]:
    return {name for name, text in texts.items() if re.search(pattern, text)}


def test_every_arrow_holds():
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout


def test_the_clock_is_read_at_the_doors_only():
    clock = r"\b(timezone|datetime|date|dt\.datetime)\.(now|utcnow|today)\(|\blocaldate\(|\btime\.time\("

    inside = code("src/centerpoint", "src/qbxml").keys() - code("src/centerpoint/pages").keys()
    assert found(clock, code("src/centerpoint", "src/qbxml")) & inside <= READS_THE_CLOCK


def test_what_decides_asks_nothing_and_writes_nothing():
    reaches_out = (
        r"\.objects\b|\.save\(|\.refresh_from_db\(|django\.(db import (connection|transaction)|conf)|\bopen\("
    )

    assert found(reaches_out, code(*PURE)) == set()


def test_money_is_never_a_float():
    holds_money = code(
        "src/centerpoint/billing",
        "src/centerpoint/work",
        "src/centerpoint/quickbooks/inbox",
        "src/centerpoint/quickbooks/mapping",
        "src/centerpoint/quickbooks/outbox",
        "src/qbxml",
        "src/qbemulator/company_file",
        "src/qbemulator/requests",
    )

    assert found(r"\bfloat\b|FloatField", holds_money) == set()


def test_only_the_outbox_writes_the_state_of_a_posting():
    writes = r"Posting\.objects[^\n]*\.update\([^)]*\bstate=|posting\.state = "

    assert found(writes, code("src/centerpoint")) <= {
        "src/centerpoint/quickbooks/outbox/moves.py",
        "src/centerpoint/quickbooks/outbox/discovery.py",
    }


def test_no_file_names_a_path_of_one_machine_or_a_package_host():
    hosts = "|".join(
        ("py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", r"deb\.deb" + r"ian\.org")
    )

    assert found(rf"{hosts}|/wo[r]k/(main|shared)|/ro[o]t/|(?<!pages)/ho[m]e/\w", texts()) == set()


def test_no_module_is_named_after_nothing():
    nameless = {"utils.py", "helpers.py", "manager.py", "common.py"}

    assert {name for name in texts() if Path(name).name in nameless or "common" in Path(name).parts} == set()


def test_nothing_of_intuits_schema_lies_in_the_project():
    assert {name for name in texts() if name.endswith(".xsd")} == set()
