"""What QuickBooks can hold, and how Intuit writes values."""

import datetime as dt
import unicodedata
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qbxml import text


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Leak at chimney", "Leak at chimney"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("“Flat” roof – 2nd floor… it’s done", '"Flat" roof - 2nd floor... it\'s done'),
        ("450 € per square™", "450 EUR per square(TM)"),
        ("Łódź\u00a0Roofing", "Lódz Roofing"),
        ("Cafe\u0301", "Café"),
        ("Ōmura 大阪", "Omura DaBan"),
        ("  \t blanks around\u200b \n", "blanks around"),
        ("line one\r\nline two\rline three\u2028four", "line one\nline two\nline three\nfour"),
        ("tab\there", "tab here"),
        ("bell\x07 and escape\x1b and C1\x85", "bell and escape and C1"),
        ("half of a pair \ud83d", "half of a pair"),
        ("", ""),
    ],
)
def test_characters_become_what_quickbooks_can_hold(ours: str, theirs: str) -> None:
    assert text.to_quickbooks(ours) == theirs


@given(st.text())
@example("e\u0301\u0301")
@example("\u2026 ")
def test_mapped_text_has_only_allowed_characters_and_stays_as_it_is(ours: str) -> None:
    mapped = text.to_quickbooks(ours)
    assert all(character == "\n" or unicodedata.category(character) != "Cc" for character in mapped)
    assert all(ord(character) <= 0xFF for character in mapped)
    assert mapped == mapped.strip()
    assert text.to_quickbooks(mapped) == mapped


def test_accents_are_written_as_numbers_and_marks_as_names() -> None:
    assert text.escape('Müller & <Söhne> "x"') == "M&#252;ller &amp; &lt;S&#246;hne&gt; &quot;x&quot;"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2.8", "2.80"),
        ("-0.00", "0.00"),
        ("-0", "0.00"),
        ("1E+2", "100.00"),
        ("1.500", "1.50"),
        ("-1234567890123.45", "-1234567890123.45"),
        ("-0.50", "-0.50"),
    ],
)
def test_an_amount_has_two_decimals(value: str, written: str) -> None:
    assert text.amount(Decimal(value)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2.80", "2.80"),
        ("1E+3", "1000"),
        ("1E-5", "0.00001"),
        ("3.1400000", "3.14000"),
        ("-0.0", "0.0"),
        ("-5", "-5"),
    ],
)
def test_a_price_has_up_to_five_decimals_and_no_exponent(value: str, written: str) -> None:
    assert text.price(Decimal(value)) == written


@pytest.mark.parametrize(
    ("form", "value", "limit"),
    [
        (text.amount, "1.005", "at most 2 decimals are allowed"),
        (text.amount, "12345678901234.00", "at most 13 digits are allowed before the point"),
        (text.amount, "NaN", "a finite number is required"),
        (text.price, "0.333333", "at most 5 decimals are allowed"),
        (text.price, "12345678901", "at most 10 digits are allowed before the point"),
        (text.price, "Infinity", "a finite number is required"),
        (text.decimal, "sNaN", "a finite number is required"),
    ],
)
def test_a_number_that_does_not_fit_is_refused(
    form: Callable[[Decimal], str], value: str, limit: str
) -> None:
    with pytest.raises(ValueError, match=limit):
        form(Decimal(value))


@given(st.decimals(-(10**9), 10**9, places=5))
def test_a_price_keeps_its_value(value: Decimal) -> None:
    assert text.read_decimal(text.price(value)) == value


@given(st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_keeps_its_value(value: Decimal) -> None:
    assert text.read_decimal(text.amount(value)) == value


@pytest.mark.parametrize("value", ["2026-01-05T10:00:00-08:00", "2026-01-05T10:00:00", "2026-1-5"])
def test_a_time_goes_back_as_quickbooks_printed_it(value: str) -> None:
    assert text.datetime(value) == value


@pytest.mark.parametrize("value", ["2026-01-05 10:00:00", "2026-01-05T10:00:00Z", "yesterday", ""])
def test_what_is_no_time_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="a time as QuickBooks prints it is required"):
        text.datetime(value)


@pytest.mark.parametrize("value", ["0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0", "{0F1E}", "1"])
def test_a_guid_stands_in_braces(value: str) -> None:
    with pytest.raises(ValueError, match='"0" or a GUID in braces is required'):
        text.guid(value)


def test_values_are_read_as_quickbooks_prints_them() -> None:
    assert text.read_decimal("18.0%") == Decimal("18.0")
    assert text.read_decimal(" .5 ") == Decimal("0.5")
    assert text.read_int(" 09 ") == 9
    assert [text.read_bool(said) for said in ("true", "False", "1", " 0 ")] == [True, False, True, False]
    assert text.read_date("2026-01-05") == dt.date(2026, 1, 5)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (text.read_decimal, "1,234.50"),
        (text.read_decimal, "1_000"),
        (text.read_decimal, "1e5"),
        (text.read_decimal, "NaN"),
        (text.read_decimal, "٣"),
        (text.read_int, "1_0"),
        (text.read_int, "1.0"),
        (text.read_bool, "yes"),
        (text.read_date, "20260105"),
        (text.read_date, "2026-W01-1"),
        (text.read_date, "2026-02-30"),
    ],
)
def test_what_is_no_value_is_not_taken_for_one(read: Callable[[str], object], said: str) -> None:
    with pytest.raises(ValueError):
        read(said)
