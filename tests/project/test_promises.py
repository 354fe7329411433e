"""What the documents promise is compared with what is there."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this copy of the project is no git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    return [(path, path.read_text("utf-8")) for path in tracked()]


def test_every_setting_is_documented_and_every_documented_setting_is_read():
    settings = (ROOT / "src/centerpoint/settings.py").read_text()
    read = set(re.findall(r'(?:environ\.get|_whole_number)\("([A-Z_]+)"', settings))
    documented = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/operator/settings.md").read_text(), re.MULTILINE)
    )

    assert documented == read


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = {re.split(r"[\[<>=~]", each)[0] for each in project["project"]["dependencies"]}
    reasons = set(
        re.findall(r"^\| ([a-z0-9-]+) \|", (ROOT / "docs/decisions/0002-stack.md").read_text(), re.MULTILINE)
    )
    tools = (ROOT / "docs/decisions/0002-stack.md").read_text()

    assert reasons == needed
    for tool in project["dependency-groups"]["dev"]:
        assert re.split(r"[\[<>=~]", tool)[0] in tools


def test_every_dependency_is_locked_by_hash_and_without_a_host():
    lock = (ROOT / "requirements.lock").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    for each in project["project"]["dependencies"]:
        assert re.search(rf"^{re.split(r'[<>=~[]', each)[0]}==", lock, re.MULTILINE), each
    assert "://" not in lock


def test_the_tree_of_the_architecture_is_there():
    tree = re.search(r"## The tree\n+```\n(.*?)```", (ROOT / "ARCHITECTURE.md").read_text(), re.DOTALL)
    assert tree is not None
    missing = [path for path in _paths(tree[1]) if not (ROOT / path).exists()]

    assert missing == []


def _paths(tree: str) -> list[str]:
    """Folders and files named in the tree, with their folders before them. The first words of a line are names."""
    paths: list[str] = []
    folders: list[tuple[int, str]] = []
    for line in tree.splitlines():
        indent = len(line) - len(line.lstrip())
        while folders and folders[-1][0] >= indent:
            folders.pop()
        above = "".join(folder for _, folder in folders)
        names = re.match(r"\s*((?:[\w.]+(?:/|\.\w+)\s?)+)", line)
        for name in names[1].split() if names else ():
            paths.append(above + name)
            if name.endswith("/"):
                folders.append((indent, name))
    return paths


def test_the_commands_of_the_readme_are_targets_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    named = set(
        re.findall(
            r"make ([a-z]+)", (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
        )
    )

    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_no_file_names_a_path_of_one_machine_or_a_package_host():
    hosts = "|".join(
        ("py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "deb" + r"\.debian\.org")
    )
    forbidden = re.compile(rf"{hosts}|/wo[r]k/(main|shared)|/ro[o]t/")
    found = [path.relative_to(ROOT) for path, text in texts() if forbidden.search(text)]

    assert found == []


def test_no_module_is_named_after_nothing():
    empty = {"utils.py", "helpers.py", "manager.py", "common.py"}

    assert [path for path in tracked() if path.name in empty or "common" in path.parts] == []


def test_only_the_outbox_writes_the_state_of_a_posting():
    allowed = {"src/centerpoint/quickbooks/outbox/moves.py", "src/centerpoint/quickbooks/outbox/discovery.py"}
    writers = {
        str(path.relative_to(ROOT))
        for path, text in texts()
        if path.suffix == ".py"
        and str(path.relative_to(ROOT)).startswith("src/centerpoint/quickbooks")
        and re.search(r"Posting\.objects[^\n]*\.update\([^)]*\bstate=|posting\.state = ", text)
    }

    assert writers <= allowed
