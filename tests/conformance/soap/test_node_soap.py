"""node-soap, the SOAP client of the JavaScript world, runs a whole session."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

NODE_SOAP = "1.13.0"
ANSWER = '<?xml version="1.0" ?>\n<QBXML>\n<Name>Zoë &amp; Söhne — &lt;1&gt;</Name>\n</QBXML>\n'


@pytest.fixture(scope="module")
def node_soap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with node-soap in it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed; node-soap cannot check the service description")
    folder = tmp_path_factory.mktemp("node-soap")
    package = {"private": True, "dependencies": {"soap": NODE_SOAP}}
    (folder / "package.json").write_text(json.dumps(package))
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True, timeout=110
    )
    return folder


def test_a_session_runs_from_log_in_to_the_end(node_soap, service):
    program = Path(__file__).with_name("session.cjs")
    run = subprocess.run(
        ["node", str(program), str(node_soap), service.url, service.user_name, service.password, ANSWER],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen.pop("serverVersion").startswith("Centerpoint ")
    assert seen == {
        "clientVersion": "",
        "items": 2,
        "companyFile": "",
        "request": service.text,
        "percent": 100,
        "received": f"{ANSWER}||",
        "closed": "1 invoice sent.",
        "refused": ["no-session", "nvu"],
    }
