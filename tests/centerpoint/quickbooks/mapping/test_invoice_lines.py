"""The lines of an invoice in each line mode."""

from dataclasses import replace
from decimal import Decimal

import pytest
from some_facts import SERVICE, TAX_LINE, books, invoice, line, untaxed

from centerpoint.quickbooks.mapping import invoice_lines
from centerpoint.quickbooks.mapping.facts import Blocked

WORK = "Service ticket 5431: Leak at the east wall"


def shown(invoice, *, taxed=True, **choices):
    """(description, amount, taxable) of each line."""
    lines = invoice_lines.lines(invoice, item=SERVICE, books=books(**choices), taxed=taxed)
    return [(each.description, str(each.amount), each.taxable) for each in lines]


MIXED = invoice(
    line("100.00", kind="labor", description="Repair"),
    line("30.00", kind="material", description="Flashing"),
    line("20.00", kind="labor", description="Helper", visible=False),
    line("5.00", kind="other", description="Permit", taxable=False),
    line("7.00", kind="travel", description="Fuel", taxable=False, visible=False),
)


def test_every_line_is_shown_and_hidden_ones_become_one_of_their_own_for_each_taxability():
    assert shown(MIXED, line_mode="every_line") == [
        ("Repair", "100.00", True),
        ("Flashing", "30.00", True),
        ("Permit", "5.00", False),
        ("Other work", "20.00", True),
        ("Other work", "7.00", False),
    ]


def test_by_kind_hidden_lines_are_in_the_sum_of_their_kind():
    assert shown(MIXED, line_mode="by_kind") == [
        ("Travel", "7.00", False),
        ("Labor", "120.00", True),
        ("Material", "30.00", True),
        ("Other", "5.00", False),
    ]


def test_a_kind_that_is_taxed_in_part_has_two_lines():
    both = invoice(line("100.00"), line("40.00", taxable=False))

    assert shown(both, line_mode="by_kind") == [("Labor", "100.00", True), ("Labor", "40.00", False)]


def test_one_line_is_two_where_a_part_is_taxed():
    assert shown(MIXED, line_mode="one_line") == [(WORK, "150.00", True), (WORK, "12.00", False)]


@pytest.mark.parametrize("mode", ["one_line", "by_kind", "every_line"])
def test_an_untaxed_invoice_has_no_taxable_line(mode):
    assert not any(taxable for _, _, taxable in shown(MIXED, taxed=False, line_mode=mode))


def test_an_invoice_that_hides_all_its_lines_shows_what_it_is_for():
    hidden = invoice(line("100.00", visible=False), line("20.00", visible=False))

    assert shown(hidden, line_mode="every_line") == [(WORK, "120.00", True)]


def test_hidden_lines_that_cancel_each_other_need_no_line():
    cancelled = invoice(line("50.00"), line("9.00", visible=False), line("-9.00", visible=False))

    assert shown(cancelled, line_mode="every_line") == [("Repair", "50.00", True)]


@pytest.mark.parametrize("mode", ["one_line", "by_kind", "every_line"])
def test_an_invoice_without_lines_has_one_for_quickbooks(mode):
    nothing = untaxed(lines=(), subtotal=Decimal(0), tax=Decimal(0), total=Decimal(0))

    assert shown(nothing, line_mode=mode) == [(WORK, "0.00", False)]


def test_a_line_without_a_description_is_named_by_its_kind():
    assert shown(invoice(line(kind="travel", description=" "))) == [("Travel", "100.00", True)]


def test_a_description_keeps_its_lines_and_loses_what_quickbooks_cannot_hold():
    assert shown(invoice(line(description="Repair —\nwest “wing” 🙂 "))) == [
        ('Repair -\nwest "wing" :slight_smile:', "100.00", True)
    ]


def multiplied(**fields):
    (only,) = invoice_lines.lines(invoice(line(**fields)), item=SERVICE, books=books(), taxed=True)
    return only.quantity, only.rate, str(only.amount)


def test_quantity_and_rate_are_shown_where_they_make_the_amount():
    assert multiplied(quantity="1.5", unit_price="85.00") == (Decimal("1.5"), Decimal("85.00"), "127.50")


def test_a_product_is_rounded_up_as_quickbooks_rounds_it():
    assert multiplied(quantity="0.5", unit_price="0.25") == (Decimal("0.5"), Decimal("0.25"), "0.13")


@pytest.mark.parametrize(
    ("fields", "amount"),
    [
        ({"quantity": "3", "unit_price": "33.33", "exactly": "100.00"}, "100.00"),
        ({"quantity": "0", "unit_price": "85.00"}, "0.00"),
        ({"quantity": "-0.5", "unit_price": "0.25"}, "-0.13"),
    ],
)
def test_an_amount_stands_alone_where_quickbooks_might_reckon_another(fields, amount):
    assert multiplied(**fields) == (None, None, amount)


def test_a_discount_in_whole_cents_keeps_its_quantity():
    assert multiplied(quantity="-2", unit_price="5.25") == (Decimal("-2"), Decimal("5.25"), "-10.50")


def test_our_exact_tax_is_a_line_for_each_tax():
    two_taxes = invoice(line("35.50"), taxes=(("City", Decimal("1")), ("State", Decimal("6.2500"))))
    chosen = books(tax_mode="exact_line")

    lines = invoice_lines.lines(two_taxes, item=SERVICE, books=chosen, taxed=False)

    assert [(each.item, each.description, str(each.amount), each.taxable) for each in lines] == [
        (SERVICE, "Repair", "35.50", False),
        (TAX_LINE, "City 1 %", "0.36", False),
        (TAX_LINE, "State 6.25 %", "2.22", False),
    ]


def test_a_tax_that_its_parts_do_not_explain_is_one_line():
    odd = invoice(tax=Decimal("8.30"), total=Decimal("108.30"))

    assert shown(odd, taxed=False, tax_mode="exact_line")[1:] == [("Sales tax", "8.30", False)]


def test_without_tax_there_is_no_line_for_it():
    assert shown(untaxed(), taxed=False, tax_mode="exact_line") == [("Repair", "100.00", False)]


@pytest.mark.parametrize("item", [None, replace(TAX_LINE, is_active=False)])
def test_the_item_of_the_tax_line_must_be_there(item):
    with pytest.raises(Blocked) as blocked:
        shown(invoice(), taxed=False, tax_mode="exact_line", tax_line_item=item)

    assert (blocked.value.code, blocked.value.facts) == ("tax-line-item-missing", {"name": "Exact sales tax"})
