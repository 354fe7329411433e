"""Values as Intuit writes them: characters, amounts, dates, booleans.

QuickBooks keeps Windows single-byte text, and takes characters above U+00FF for "?" at best. What goes out is
therefore mapped first, and lengths count what is left.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from anyascii import anyascii

_LATIN_1_END = 0xFF
_NO_BREAK_SPACE = 0xA0
_CHOSEN = {
    "\t": " ",
    "\N{NO-BREAK SPACE}": " ",
    "\N{SOFT HYPHEN}": "",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{HORIZONTAL BAR}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{SINGLE LOW-9 QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{DOUBLE LOW-9 QUOTATION MARK}": '"',
    "\N{PRIME}": "'",
    "\N{DOUBLE PRIME}": '"',
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{BULLET}": "*",
    "\N{EURO SIGN}": "EUR",
    "\N{TRADE MARK SIGN}": "(TM)",
    "\N{LINE SEPARATOR}": "\n",
    "\N{PARAGRAPH SEPARATOR}": "\n",
}


class _Characters(dict[int, str]):
    """For str.translate: what QuickBooks gets for each character, worked out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _CHOSEN:
            mapped = _CHOSEN[character]
        elif character == "\n" or (unicodedata.category(character) != "Cc" and code <= _LATIN_1_END):
            mapped = character
        elif unicodedata.category(character) in ("Cc", "Cs"):
            mapped = ""
        else:
            mapped = anyascii(character)
        self[code] = mapped
        return mapped


_CHARACTERS = _Characters()


def to_quickbooks(text: str) -> str:
    """The text as QuickBooks can hold it: no character above U+00FF, no control but LF, no blanks around it."""
    if text.isascii() and text.isprintable() and text[:1] != " " and text[-1:] != " ":
        return text
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_CHARACTERS).strip()


_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"} | {
    code: f"&#{code};" for code in range(_NO_BREAK_SPACE, _LATIN_1_END + 1)
}


def escape(text: str) -> str:
    """Mapped text as pure ASCII XML, for element and attribute alike."""
    if text.isascii() and "&" not in text and "<" not in text and ">" not in text and '"' not in text:
        return text
    return text.translate(_ESCAPES)


# --- Writing: each raises ValueError with the limit that is broken --------------------------------------------------

AMOUNT_DECIMALS = 2
AMOUNT_DIGITS = 13
PRICE_DECIMALS = 5
PRICE_DIGITS = 10


# Decimals whose own text is already right, which is nearly all; "-0" is not among them.
_AMOUNT = re.compile(r"(?!-0+\.0+\Z)-?\d{1,13}\.\d\d", re.ASCII)
_PRICE = re.compile(r"(?!-0+(?:\.0+)?\Z)-?\d{1,10}(?:\.\d{1,5})?", re.ASCII)


def amount(value: Decimal) -> str:
    """Two decimals, always: Intuit's AMTTYPE."""
    if _AMOUNT.fullmatch(written := str(value)):
        return written
    _fits(value, AMOUNT_DECIMALS, AMOUNT_DIGITS)
    return f"{value + 0:.{AMOUNT_DECIMALS}f}"


def price(value: Decimal) -> str:
    """Up to five decimals, never an exponent: prices, quantities, percents."""
    if _PRICE.fullmatch(written := str(value)):
        return written
    _fits(value, PRICE_DECIMALS, PRICE_DIGITS)
    written = f"{value + 0:f}"
    whole, _, decimals = written.partition(".")
    return f"{whole}.{decimals[:PRICE_DECIMALS]}" if decimals else whole


def decimal(value: Decimal) -> str:
    """Any finite number without exponent: exchange rates."""
    if not value.is_finite():
        raise ValueError("a finite number is required")
    return f"{value + 0:f}"


def _fits(value: Decimal, decimals: int, digits: int) -> None:
    if not value.is_finite():
        raise ValueError("a finite number is required")
    if value.adjusted() >= digits:
        raise ValueError(f"at most {digits} digits are allowed before the point")
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent < -decimals and value != round(value, decimals):
        raise ValueError(f"at most {decimals} decimals are allowed")


_DATETIME = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(T\d{1,2}(:\d{1,2}(:\d{1,2}([+-]\d{1,2}:\d{1,2})?)?)?)?", re.ASCII
)
_GUID = re.compile(r"0|\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}")


def date(value: dt.date) -> str:
    return value.isoformat()


def datetime(value: str) -> str:
    """A time as QuickBooks printed it; it stays text, because its offset ignores daylight saving."""
    if not _DATETIME.fullmatch(value):
        raise ValueError("a time as QuickBooks prints it is required (2026-01-05T10:00:00-08:00)")
    return value


def guid(value: str) -> str:
    if not _GUID.fullmatch(value):
        raise ValueError('"0" or a GUID in braces is required')
    return value


# --- Reading: each raises ValueError --------------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def read_decimal(text: str) -> Decimal:
    """A number; QuickBooks prints some percents with the sign ("18.0%")."""
    if not _NUMBER.fullmatch(text):
        text = text.strip().removesuffix("%").rstrip()
        if not _NUMBER.fullmatch(text):
            raise ValueError("a number")
    return Decimal(text)


def read_int(text: str) -> int:
    if not _INTEGER.fullmatch(text.strip()):
        raise ValueError("a whole number")
    return int(text)


def read_bool(text: str) -> bool:
    found = _BOOLEANS.get(text)
    if found is None:
        found = _BOOLEANS.get(text.strip().lower())
        if found is None:
            raise ValueError("true or false")
    return found


def read_date(text: str) -> dt.date:
    text = text.strip()
    if not _DATE.fullmatch(text):
        raise ValueError("a date")
    return dt.date.fromisoformat(text)
