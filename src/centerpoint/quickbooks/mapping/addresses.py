"""PURE: an address of ours in the lines that QuickBooks prints: the name first, then the street, then the town."""

from functools import cache
from operator import attrgetter

from centerpoint.quickbooks.mapping.facts import AddressFacts, Content
from centerpoint.quickbooks.mapping.names import cut
from qbxml import CLEAR, messages

PRINTED_LINE = 41
PRINTED_LINES = ("Addr1", "Addr2", "Addr3", "Addr4", "Addr5")
CITY, STATE, POSTAL_CODE, COUNTRY = 31, 21, 13, 31
# Element -> its name in messages.Address.
_FIELDS = {
    **{line: line.lower() for line in PRINTED_LINES},
    "City": "city",
    "State": "state",
    "PostalCode": "postal_code",
    "Country": "country",
}
_VALUES = attrgetter(*_FIELDS.values())
_EMPTY = AddressFacts()


@cache
def _paths(element: str) -> tuple[str, ...]:
    """Where the values of _FIELDS stand in a content."""
    return tuple(f"{element}.{tag}" for tag in _FIELDS)


def fitted(address: AddressFacts) -> AddressFacts:
    """As much of the address as QuickBooks holds; a second line without a first one moves up."""
    street = [line for text in (address.street, address.street2) if (line := cut(text, PRINTED_LINE))]
    return AddressFacts(
        street="".join(street[:1]),
        street2="".join(street[1:]),
        city=cut(address.city, CITY),
        state=cut(address.state, STATE),
        postal_code=cut(address.postal_code, POSTAL_CODE),
        country=cut(address.country, COUNTRY),
    )


def content(element: str, name: str, address: AddressFacts) -> Content:
    """By element path, unused lines as empty text: an address is written as a whole. Nothing for an empty address."""
    fits = fitted(address)
    if fits == _EMPTY:
        return {}
    printed = [line for line in (cut(name, PRINTED_LINE), fits.street, fits.street2) if line]
    unused = [""] * (len(PRINTED_LINES) - len(printed))
    values = (*printed, *unused, fits.city, fits.state, fits.postal_code, fits.country)
    return dict(zip(_paths(element), values, strict=True))


def emptied(element: str) -> Content:
    """The content that clears an address."""
    return dict.fromkeys(_paths(element), "")


def to_add(element: str, sent: Content) -> messages.Address | None:
    fields = zip(_FIELDS.values(), _paths(element), strict=True)
    values = {name: value for name, path in fields if (value := sent.get(path))}
    return messages.Address(**values) if values else None


def to_change(element: str, sent: Content) -> messages.Address:
    """Every line, empty ones cleared: a line that is not written stays as it is in QuickBooks (protocol.md E.4)."""
    return messages.Address(**{name: sent[f"{element}.{tag}"] or CLEAR for tag, name in _FIELDS.items()})


def there(element: str, address: messages.Address | None) -> Content:
    """What an answer says, by element path, absent lines as empty text."""
    if address is None:
        return emptied(element)
    return {path: value or "" for path, value in zip(_paths(element), _VALUES(address), strict=True)}
