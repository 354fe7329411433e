"""The page about the mapping says what is so: every table and the example are run."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import some_facts
from some_facts import SERVICE, books, company, line, project

from centerpoint.quickbooks import cures
from centerpoint.quickbooks.mapping import customers, invoice_lines, invoices, jobs
from centerpoint.quickbooks.mapping.names import free_name
from centerpoint.quickbooks.mapping.taxes import quickbooks_tax
from centerpoint.quickbooks.models import LineMode
from centerpoint.work.models import ProjectStage

MODULES = Path(invoices.__file__).parent
PAGE = (Path(__file__).parents[4] / "docs" / "quickbooks" / "mapping.md").read_text()


def table(below, header):
    """The cells of the first table with this header below a line of the page."""
    rest = PAGE[PAGE.index(below) :]
    rows = rest[rest.index(f"| {header} ") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


def test_the_modules_named_are_there_and_none_is_forgotten():
    named = {name for row in table("# What becomes", "Here") for name in re.findall(r"\w+\.py", row[2])}
    beside = {"__init__.py", "addresses.py", "comparison.py", "facts.py", "names.py", "taxes.py"}

    assert named | beside == {path.name for path in MODULES.glob("*.py")}


def test_names_become_what_the_table_says():
    wanted, taken = "", set()
    for ours, theirs in table("## Names", "Name here"):
        wanted = wanted if ours.startswith("the same") else ours
        name = free_name(wanted, taken.__contains__)
        assert name == theirs
        taken = {name}


def test_the_shared_fields_have_their_element_and_their_length():
    rows = table("## Company and customer", "Field of Company")
    fields = {field.removeprefix("billing_"): "x" * 300 for field, _, _ in rows}
    address = {name: fields.pop(name) for name in list(fields) if name not in ("name", "phone", "email")}
    long = company(**fields, address=some_facts.AddressFacts(**address))

    lengths = {field: len(value) for field, value in customers.shared_fields(long).items()}
    content = customers.message(long, name="x", mark=some_facts.MARK, existing=None, tax=books()).content

    assert lengths == {field: int(limit) for field, _, limit in rows}
    assert {element: len(content[element]) for _, element, _ in rows} == {
        element: int(limit) for _, element, limit in rows
    }


def test_the_job_status_is_what_the_table_says():
    rows = table("## Work and job", "Progress here")

    assert [progress for progress, _ in rows] == ProjectStage.Progress.values
    for progress, status in rows:
        out = jobs.message(
            project(progress=progress), parent_list_id="8-1", name="x", mark=some_facts.MARK, existing=None
        )
        assert out.content["JobStatus"] == status


@pytest.mark.parametrize("mode", LineMode.values)
def test_the_example_has_these_lines_in_each_mode(mode):
    example = some_facts.invoice(
        *(
            line(amount, description=description, kind=kind, taxable=taxed == "yes", visible=shown == "yes")
            for description, kind, amount, taxed, shown in table("## Invoice lines", "Line")
        )
    )

    lines = invoice_lines.lines(example, item=SERVICE, books=books(line_mode=mode), taxed=True)

    assert table(f"\n`{mode}`", "Description") == [
        [each.description, str(each.amount), "yes" if each.taxable else "no"] for each in lines
    ]


def test_quantity_and_rate_go_along_where_the_table_says():
    for quantity, unit_price, amount, sent in table("Quantity and rate go along", "Quantity"):
        (only,) = invoice_lines.lines(
            some_facts.invoice(line(quantity=quantity, unit_price=unit_price, exactly=amount)),
            item=SERVICE,
            books=books(),
            taxed=True,
        )
        assert sent == ("Amount" if only.rate is None else "Quantity and Rate")


def test_the_tax_is_what_the_table_says():
    for taxable, rates, tax in table("## Tax", "Taxable"):
        assert quickbooks_tax(Decimal(taxable), [Decimal(rate) for rate in rates.split()]) == Decimal(tax)


def test_the_words_that_stop_an_invoice_are_all_there():
    source = "".join((MODULES / name).read_text() for name in ("invoices.py", "invoice_lines.py"))
    words = re.findall(r'Blocked\(\s*"([\w-]+)"', source)

    assert {word for word, _ in table("## The rest", "Word")} == set(words) <= cures.OURS.keys()


def test_a_number_and_a_purchase_order_have_the_lengths_told():
    assert f"of at most {invoices.REF_NUMBER} characters" in PAGE
    assert f"PONumber holds {invoices.PO_NUMBER};" in PAGE


def test_the_example_of_a_change_runs():
    [example] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    [given] = re.findall(r"```xml\n(.*?)\n```", PAGE, re.DOTALL)
    names: dict[str, object] = {}

    exec(example, names)

    assert names["text"] == given
