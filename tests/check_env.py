"""Run a tool that loads Django's settings, with settings of the checks' own."""

import os
import subprocess
import sys

environment = {
    "SECRET_KEY": "a key for checks only, long enough to be taken",
    "DATABASE_URL": "sqlite:///check.sqlite3",
    "DJANGO_SETTINGS_MODULE": "centerpoint.settings",
    **os.environ,
}
sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
