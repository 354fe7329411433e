"""The project's own files, as git knows them: tracked, or new and not ignored."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@cache
def texts() -> dict[str, str]:
    """Path below the checkout -> text. Skips the test in a copy that git does not know."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this copy of the project is no git checkout")
    names = [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    return {name: (ROOT / name).read_text("utf-8", errors="replace") for name in names}


def code(*folders: str) -> dict[str, str]:
    """Python files below folders such as src/centerpoint, without migrations."""
    return {
        name: text
        for name, text in texts().items()
        if name.endswith(".py") and name.startswith(folders) and "/migrations/" not in name
    }


def documents() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.endswith(".md")}
