from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centerpoint.billing import money
from centerpoint.contractors.refusals import dollars

amounts = st.decimals("-99999999.99", "99999999.99", places=2)
positive_amounts = st.decimals("0.00", "99999999.99", places=2)
percents = st.decimals("0", "100", places=4)
half_a_cent = Decimal("0.005")


@pytest.mark.parametrize(
    ("quantity", "unit_price", "amount"),
    [
        ("2.25", "98.00", "220.50"),
        ("3", "0.335", "1.01"),
        ("1", "0.005", "0.01"),
        ("-1", "0.005", "-0.01"),
        ("12.5", "1.1875", "14.84"),
        ("0", "85.00", "0.00"),
    ],
)
def test_a_line_is_rounded_to_the_cent_half_up(quantity, unit_price, amount):
    assert str(money.line_amount(Decimal(quantity), Decimal(unit_price))) == amount


@pytest.mark.parametrize(
    ("taxable", "percent", "tax"),
    [("2.80", "8.25", "0.23"), ("35.50", "8.25", "2.93"), ("2.00", "8.25", "0.17"), ("6.00", "8.25", "0.50")],
)
def test_a_tax_is_rounded_as_quickbooks_rounds_it(taxable, percent, tax):
    assert money.tax(Decimal(taxable), Decimal(percent)) == Decimal(tax)


def test_each_tax_code_is_rounded_by_itself_and_then_added():
    lines = [(Decimal("30.00"), True), (Decimal("5.50"), True), (Decimal("100.00"), False)]
    percents = [Decimal("1.00"), Decimal("0.50"), Decimal("0.50"), Decimal("6.25")]

    assert money.totals(lines, percents) == money.Totals(
        subtotal=Decimal("135.50"),
        taxable=Decimal("35.50"),
        taxes=(Decimal("0.36"), Decimal("0.18"), Decimal("0.18"), Decimal("2.22")),
        tax=Decimal("2.94"),
        total=Decimal("138.44"),
    )


def test_an_invoice_of_nothing_comes_to_nothing():
    assert money.totals([], [Decimal("8.25")]) == money.Totals(
        subtotal=Decimal(0), taxable=Decimal(0), taxes=(Decimal(0),), tax=Decimal(0), total=Decimal(0)
    )


@given(st.lists(st.tuples(amounts, st.booleans()), max_size=20), st.lists(percents, max_size=4))
def test_totals_always_add_up(lines, chosen):
    result = money.totals(lines, chosen)

    assert result.total == result.subtotal + result.tax
    assert result.tax == sum(result.taxes)
    assert result.subtotal == sum(amount for amount, _ in lines)
    for tax, percent in zip(result.taxes, chosen, strict=True):
        assert abs(tax - result.taxable * percent / 100) <= half_a_cent


@given(st.decimals("-99999", "99999", places=4), st.decimals("-9999", "9999", places=4))
def test_a_line_is_never_off_by_more_than_half_a_cent(quantity, unit_price):
    amount = money.line_amount(quantity, unit_price)

    assert amount == amount.quantize(money.CENT)
    assert abs(amount - quantity * unit_price) <= half_a_cent


@given(amounts, st.lists(st.decimals("0", "1000", places=2), min_size=1, max_size=12))
def test_a_split_amount_loses_no_cent_and_no_part_is_off_by_a_whole_one(amount, weights):
    if sum(weights) == 0:
        with pytest.raises(ValueError, match="weights"):
            money.split(amount, weights)
        return

    parts = money.split(amount, weights)

    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) < money.CENT + Decimal("1e-12")


def test_the_cent_left_over_goes_to_the_larger_rest():
    assert money.split(Decimal("100.00"), [Decimal(1), Decimal(1), Decimal(1)]) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
    assert money.split(Decimal("0.05"), [Decimal(1), Decimal(3)]) == [Decimal("0.01"), Decimal("0.04")]


def test_a_payment_fills_the_first_balance_first():
    balances = [Decimal("30.00"), Decimal("0.00"), Decimal("50.00"), Decimal("20.00")]

    assert money.fill(Decimal("60.00"), balances) == [
        Decimal("30.00"),
        Decimal("0.00"),
        Decimal("30.00"),
        Decimal("0.00"),
    ]


@given(positive_amounts, st.lists(positive_amounts, max_size=10))
def test_a_payment_never_pays_more_than_it_has_or_than_is_open(amount, balances):
    parts = money.fill(amount, balances)

    assert sum(parts, Decimal(0)) == min(amount, sum(balances, Decimal(0)))
    assert all(0 <= part <= balance for part, balance in zip(parts, balances, strict=True))


@given(positive_amounts, percents)
def test_a_percent_of_the_contract_is_at_most_the_contract(contract, percent):
    assert 0 <= money.percent_of_contract(contract, percent) <= contract


def test_a_sum_of_the_database_gets_its_last_cent_put_right():
    assert money.stored_sum(Decimal("1234.5600000001")) == Decimal("1234.56")
    assert money.stored_sum(None) == Decimal("0.00")


def test_amounts_are_shown_as_people_write_them():
    assert [dollars(Decimal(amount)) for amount in ("1234.5", "-3", "0")] == ["$1,234.50", "-$3.00", "$0.00"]
