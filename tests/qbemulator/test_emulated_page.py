"""EMULATED.md says what the code does."""

import re
from pathlib import Path

import qbemulator
from qbemulator.company_file.switches import Switches
from qbemulator.hresults import OBSTACLES
from qbemulator.requests import HANDLERS, READ_ONLY, is_known
from qbxml import schema

PAGE = (Path(qbemulator.__file__).parent / "EMULATED.md").read_text(encoding="utf-8")


def first_columns(heading: str) -> list[list[str]]:
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    [found] = [each for each in section if each.startswith(heading)]
    rows = [line.split("|")[1:-1] for line in found.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row[:2]] for row in rows[2:]]


def test_the_page_lists_exactly_the_requests_that_are_answered() -> None:
    assert sorted(f"{name}Rq" for name, _ in first_columns("Requests")) == sorted(HANDLERS)


def test_the_page_lists_every_switch_with_its_values_the_default_first() -> None:
    listed = {name: values.split(", ") for name, values in first_columns("Where nobody knows")}

    assert list(listed) == list(Switches.names())
    for name, values in listed.items():
        switch = vars(Switches)[name]
        assert values[0] == str(switch.default)
        if switch.allowed:
            assert values == [str(value) for value in switch.allowed]


def test_the_page_lists_every_obstacle_with_its_hresult() -> None:
    assert first_columns("What stands in the way") == [[name, code] for name, (code, _) in OBSTACLES.items()]


def test_everything_that_is_answered_is_declared_and_exists() -> None:
    assert set(HANDLERS) <= set(schema.request_names())
    assert all(is_known(name) for name in HANDLERS)
    assert {name for name in HANDLERS if name not in READ_ONLY} == {
        "CustomerAddRq", "CustomerModRq", "ItemServiceAddRq", "InvoiceAddRq", "InvoiceModRq", "CreditMemoAddRq",
        "ReceivePaymentAddRq", "TxnVoidRq", "TxnDelRq", "ListDelRq",
    }  # fmt: skip
