"""Facts with defaults for everything unremarkable, and a QuickBooks PC to try messages on."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# pytest imports each test file by itself; what they share is found beside this file.
sys.path.insert(0, str(Path(__file__).parent))

from quickbooks_pc import QuickBooksPc


@pytest.fixture(scope="module")
def pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickBooksPc]:
    """A contractor's company file with sales tax on; tests of a module share it, under names of their own."""
    pc = QuickBooksPc(tmp_path_factory.mktemp("pc"), sample="contractor")
    yield pc
    pc.close()


@pytest.fixture(scope="module")
def untaxed_pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickBooksPc]:
    """The same with sales tax switched off."""
    pc = QuickBooksPc(tmp_path_factory.mktemp("untaxed_pc"), sample="contractor")
    pc.books.preferences.uses_sales_tax = False
    yield pc
    pc.close()
