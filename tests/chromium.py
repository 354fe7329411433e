"""Finds the Chromium that journeys and screenshots drive, or installs Debian's.

Playwright's own browsers come from a host that many networks do not reach, and Debian's is patched with the system.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


class Missing(Exception):
    """No Chromium is on this machine and none could be fetched; the text says what to do."""


def find() -> Path:
    """The browser that CHROMIUM names, else the first one in PATH. Raises Missing."""
    if named := os.environ.get("CHROMIUM"):
        if found := shutil.which(named):
            return Path(found)
        raise Missing(f"CHROMIUM is {named!r}, and no program is there; name Chromium's or unset it.")
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise Missing(
        f"No browser is in PATH ({', '.join(NAMES)}). On Debian: apt-get install chromium. "
        "Or name the program of a Chromium in CHROMIUM."
    )


def find_or_install() -> Path:
    """As `find`; root on a Debian gets the package. Raises Missing."""
    try:
        return find()
    except Missing:
        if os.environ.get("CHROMIUM") or os.geteuid() != 0 or not shutil.which("apt-get"):
            raise
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *words], env=environment, check=True, stdout=sys.stderr)
    except subprocess.CalledProcessError as failed:
        raise Missing(
            f"Chromium is missing, and {' '.join(failed.cmd)} failed: install it by hand."
        ) from failed
    return find()
