"""The page about this package says what is so."""

import re
from pathlib import Path

import qbxml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "quickbooks" / "qbxml.md"


def test_every_module_is_in_the_table_and_every_module_in_the_table_is_there() -> None:
    [package] = qbxml.__path__
    there = {
        path.name for path in Path(package).iterdir() if path.suffix == ".py" and path.name != "__init__.py"
    }
    rows = [line.split("|")[1] for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`(\w+\.py)`", row)}
    assert told == there


def test_the_example_runs() -> None:
    [example] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, str] = {}
    exec(example, names)
    assert '<InvoiceAddRq requestID="cp-1-0"><InvoiceAdd><CustomerRef>' in names["text"]
