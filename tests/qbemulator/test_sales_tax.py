from decimal import Decimal

import pytest
from by_hand.desktop import Desktop
from by_hand.requests import Element, code, customer_add, invoice_add, line, text, values

from qbemulator.company_file.taxes import Tax, tax_on


@pytest.mark.parametrize(
    ("taxable", "rate", "total"),
    [
        (280, "8.25", 23),
        (3550, "8.25", 293),
        (0, "8.25", 0),
        (100, "0.5", 1),
        (-100, "0.5", -1),
        (10000, "0", 0),
    ],
)
def test_a_single_rate_is_rounded_half_up_once(taxable: int, rate: str, total: int) -> None:
    assert tax_on(taxable, [Decimal(rate)]) == Tax(Decimal(rate), total)


def test_each_rate_of_a_group_is_rounded_by_itself_and_then_added() -> None:
    rates = [Decimal(rate) for rate in ("1.00", "0.50", "0.50", "6.25")]

    assert tax_on(3550, rates) == Tax(Decimal("8.25"), 36 + 18 + 18 + 222)


def test_a_group_and_a_single_item_of_the_same_rate_may_differ_by_a_cent(desktop: Desktop) -> None:
    single, group = desktop.send(
        invoice_add("Hillside HOA", line("35.50"), tax_item="County Tax"),
        invoice_add("Hillside HOA", line("35.50"), tax_item="Combined Tax"),
    )

    assert [values(each[0], "SalesTaxPercentage", "SalesTaxTotal") for each in (single, group)] == [
        {"SalesTaxPercentage": "8.25", "SalesTaxTotal": "2.93"},
        {"SalesTaxPercentage": "8.25", "SalesTaxTotal": "2.94"},
    ]


def test_only_taxable_lines_are_taxed(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA", line("10.00"), line("90.00", item="Labor")))[0]

    assert values(invoice, "Subtotal", "SalesTaxTotal") == {"Subtotal": "100.00", "SalesTaxTotal": "0.83"}


def test_a_customer_who_is_not_taxable_pays_no_tax_on_any_line(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA", line("10.00"), customer_tax_code="Non"))[0]

    assert values(invoice, "SalesTaxTotal", "InvoiceLineRet/SalesTaxCodeRef/FullName") == {
        "SalesTaxTotal": "0.00",
        "InvoiceLineRet/SalesTaxCodeRef/FullName": "Tax",
    }


def test_without_a_tax_item_the_customers_own_is_taken(desktop: Desktop) -> None:
    desktop.office.edit_customer("Hillside HOA", ItemSalesTaxRef=_item(desktop, "City Tax"))

    assert text(desktop.ask(invoice_add("Hillside HOA", line("10.00"))), "InvoiceRet/SalesTaxTotal") == "0.10"


def test_a_job_without_a_tax_code_is_taxed_as_its_customer(desktop: Desktop) -> None:
    code_id = next(
        each.text or ""
        for each in desktop.ask("<SalesTaxCodeQueryRq><FullName>Non</FullName></SalesTaxCodeQueryRq>").iter(
            "ListID"
        )
    )
    desktop.office.edit_customer("Hillside HOA", SalesTaxCodeRef=code_id)
    desktop.ask(customer_add("5431", parent="Hillside HOA"))

    invoice = desktop.ask(invoice_add("Hillside HOA:5431", line("10.00")))[0]

    assert values(invoice, "CustomerSalesTaxCodeRef/FullName", "SalesTaxTotal") == {
        "CustomerSalesTaxCodeRef/FullName": "Non",
        "SalesTaxTotal": "0.00",
    }


def test_our_exact_tax_goes_as_a_line_that_is_not_taxed(desktop: Desktop) -> None:
    invoice = desktop.ask(
        invoice_add(
            "Hillside HOA", line("10.00"), line("0.84", item="Exact sales tax"), tax_item="Out of State"
        )
    )[0]

    assert values(invoice, "Subtotal", "SalesTaxTotal", "BalanceRemaining") == {
        "Subtotal": "10.84",
        "SalesTaxTotal": "0.00",
        "BalanceRemaining": "10.84",
    }


def test_with_sales_tax_off_percentage_and_tax_are_zero_and_lines_say_non(new_desktop: Desktop) -> None:
    new_desktop.office.add_customer("Hillside HOA")
    invoice = _first_invoice(new_desktop)

    assert values(
        invoice, "SalesTaxPercentage", "SalesTaxTotal", "InvoiceLineRet/SalesTaxCodeRef/FullName"
    ) == {
        "SalesTaxPercentage": "0.00",
        "SalesTaxTotal": "0.00",
        "InvoiceLineRet/SalesTaxCodeRef/FullName": "Non",
    }


def test_a_tax_item_is_refused_while_sales_tax_is_off(desktop: Desktop) -> None:
    desktop.office.use_sales_tax(False)

    assert code(desktop.ask(invoice_add("Hillside HOA", tax_item="County Tax"))) == "3250"


def test_a_tax_item_cannot_stand_on_a_line(desktop: Desktop) -> None:
    assert code(desktop.ask(invoice_add("Hillside HOA", line(item="County Tax")))) == "3180"


def _item(desktop: Desktop, name: str) -> str:
    return next(each["ListID"] for each in desktop.books.dump()["items"] if each["Name"] == name)


def _first_invoice(desktop: Desktop) -> Element:
    desktop.ask(
        "<ItemServiceAddRq><ItemServiceAdd><Name>Service</Name><SalesOrPurchase><Price>10</Price>"
        "<AccountRef><FullName>Construction Income</FullName></AccountRef></SalesOrPurchase>"
        "</ItemServiceAdd></ItemServiceAddRq>"
    )
    return desktop.ask(invoice_add("Hillside HOA"))[0]
