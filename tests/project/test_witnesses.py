"""A test that needs an outside witness says so when there is none, and where none may be missing it fails."""

import os
import re
import subprocess
import sys

import pytest

from project.checkout import ROOT

NEEDS_BOTH = [
    "tests/conformance/soap/test_recorded_calls.py::test_a_recorded_answer_is_kept_to_the_character",
    "tests/conformance/qbxml/test_requests.py::test_every_envelope_is_valid",
]


@pytest.mark.parametrize(("required", "outcome"), [("0", "2 skipped"), ("1", "2 errors")])
def test_without_the_witnesses(required, outcome):
    environment = {
        **os.environ,
        "QBXML_SCHEMA_DIR": "",
        "QBXML_RECORDED_DIR": "",
        "CENTERPOINT_REQUIRE_WITNESSES": required,
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *NEEDS_BOTH]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert re.findall(r"^\d+ [a-z, 0-9]+(?= in )", run.stdout, re.MULTILINE) == [outcome]
