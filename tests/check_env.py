"""Run a tool that loads Django's settings, with settings of the checks' own."""

import os
import subprocess
import sys

SETTINGS = {
    "SECRET_KEY": "a key for checks only, long enough to be taken",
    "DATABASE_URL": "sqlite://:memory:",
    "DJANGO_SETTINGS_MODULE": "centerpoint.settings",
}

if __name__ == "__main__":
    sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, **SETTINGS}, check=False).returncode)
