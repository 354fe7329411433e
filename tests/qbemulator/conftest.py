"""A PC with QuickBooks for every test that asks for one."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# pytest imports each test file by itself; what they share is found beside this file.
sys.path.insert(0, str(Path(__file__).parent))

from by_hand.desktop import Desktop


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A roofing contractor's PC: sales tax on, customers, items, terms."""
    desktop = Desktop(tmp_path, "contractor")
    yield desktop
    desktop.books.close()


@pytest.fixture
def new_desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A PC with a new company file: sales tax off, no customers, no items."""
    desktop = Desktop(tmp_path, "empty")
    yield desktop
    desktop.books.close()
