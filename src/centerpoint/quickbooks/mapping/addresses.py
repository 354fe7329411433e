"""PURE: an address of ours in the lines that QuickBooks prints: the name first, then the street, then the town."""

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
    if fits == AddressFacts():
        return {}
    printed = [line for line in (cut(name, PRINTED_LINE), fits.street, fits.street2) if line]
    values = dict(zip(PRINTED_LINES, printed, strict=False)) | {
        "City": fits.city,
        "State": fits.state,
        "PostalCode": fits.postal_code,
        "Country": fits.country,
    }
    return {f"{element}.{tag}": values.get(tag, "") for tag in _FIELDS}


def emptied(element: str) -> Content:
    """The content that clears an address."""
    return {f"{element}.{tag}": "" for tag in _FIELDS}


def to_add(element: str, sent: Content) -> messages.Address | None:
    values = {name: value for tag, name in _FIELDS.items() if (value := sent.get(f"{element}.{tag}"))}
    return messages.Address(**values) if values else None


def to_change(element: str, sent: Content) -> messages.Address:
    """Every line, empty ones cleared: a line that is not written stays as it is in QuickBooks (protocol.md E.4)."""
    return messages.Address(**{name: sent[f"{element}.{tag}"] or CLEAR for tag, name in _FIELDS.items()})


def there(element: str, address: messages.Address | None) -> Content:
    """What an answer says, by element path, absent lines as empty text."""
    return {
        f"{element}.{tag}": (getattr(address, name) if address else None) or ""
        for tag, name in _FIELDS.items()
    }
