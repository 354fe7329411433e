"""PURE: what two records of one business have in common, however differently they were typed."""

import re
from dataclasses import dataclass
from functools import cached_property

import phonenumbers
from anyascii import anyascii

# What stands behind a name without telling one business from another; two different ones do tell.
LEGAL_FORMS = frozenset(
    [
        "inc",
        "incorporated",
        "llc",
        "llp",
        "lp",
        "ltd",
        "limited",
        "co",
        "company",
        "corp",
        "corporation",
        "pllc",
        "pc",
        "pa",
        "plc",
    ]
)
FILLERS = frozenset({"the", "a", "an", "and", "of", "dba"})
ONE_SPELLING = {
    "apt": "apartment",
    "apts": "apartment",
    "apartments": "apartment",
    "assoc": "association",
    "assn": "association",
    "associates": "associate",
    "bldg": "building",
    "bros": "brothers",
    "centre": "center",
    "ctr": "center",
    "const": "construction",
    "dept": "department",
    "fort": "ft",
    "hosp": "hospital",
    "incorporated": "inc",
    "corporation": "corp",
    "limited": "ltd",
    "company": "co",
    "intl": "international",
    "mgmt": "management",
    "mgt": "management",
    "mount": "mt",
    "prop": "property",
    "properties": "property",
    "saint": "st",
    "sch": "school",
    "schools": "school",
    "services": "service",
    "svc": "service",
    "svcs": "service",
    "univ": "university",
}
# Anybody may have an address there: it says nothing about the business.
MAIL_PROVIDERS = frozenset(
    [
        "aol.com",
        "att.net",
        "bellsouth.net",
        "comcast.net",
        "gmail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "sbcglobal.net",
        "verizon.net",
        "yahoo.com",
        "ymail.com",
    ]
)
STREET_WORDS = {
    "avenue": "ave",
    "boulevard": "blvd",
    "court": "ct",
    "drive": "dr",
    "east": "e",
    "highway": "hwy",
    "lane": "ln",
    "north": "n",
    "parkway": "pkwy",
    "place": "pl",
    "road": "rd",
    "south": "s",
    "street": "st",
    "suite": "ste",
    "west": "w",
}
# QuickBooks cuts customer names at 41 characters; people cut them a little earlier, at a word.
CUT_NAMES_HAVE = 30

_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")
_INSIDE_A_WORD = re.compile(r"(?<=\w)['.](?=\w)|['.]")
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension)\s*\d+\s*$", re.IGNORECASE)
_NUMBERING = re.compile(r"\d+[a-z]{0,2}|[ivx]{1,4}|[a-z]")
_STREET = re.compile(r"(?m)^\s*(?:p\W?o\W?\s*)?(box\s+)?(\d+[a-z]?)\b\W*(\w+)?\W*(\w+)?")
_SEPARATOR = re.compile(r"[,;\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A company or a QuickBooks customer, as far as it can be recognised. `key` is its id on its own side."""

    key: int
    name: str
    company_name: str = ""  # the other name a QuickBooks customer may bear
    street: str = ""  # lines joined by a line feed
    city: str = ""
    postal_code: str = ""
    phone: str = ""
    email: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Name:
    """A name without spelling: `words` in their order, `joined` sorted, neither with legal forms nor fillers."""

    text: str
    words: tuple[str, ...]
    joined: str
    legal_forms: frozenset[str]
    numbering: frozenset[str]

    @property
    def may_be_cut(self) -> bool:
        return len(self.text) >= CUT_NAMES_HAVE


class Traits:
    """A party's traits, each worked out when it is first asked for."""

    def __init__(self, party: Party) -> None:
        self.party = party

    @cached_property
    def name(self) -> Name:
        return name_of(self.party.name)

    @cached_property
    def company_name(self) -> Name | None:
        other = self.party.company_name
        return name_of(other) if other and other != self.party.name else None

    @cached_property
    def phone(self) -> str:
        return phone_of(self.party.phone)

    @cached_property
    def emails(self) -> frozenset[str]:
        return frozenset(part for part in _SEPARATOR.split(self.party.email.lower()) if "@" in part)

    @cached_property
    def domains(self) -> frozenset[str]:
        return frozenset(email.rpartition("@")[2] for email in self.emails) - MAIL_PROVIDERS

    @cached_property
    def street(self) -> str:
        return street_of(self.party.street)

    @cached_property
    def postal_code(self) -> str:
        return self.party.postal_code.strip()[:5].lower()

    @cached_property
    def city(self) -> str:
        return " ".join(_words(self.party.city))


def plain(text: str) -> str:
    """In lower case and plain ASCII."""
    return (text if text.isascii() else anyascii(text)).lower()


def _words(text: str) -> list[str]:
    return _NOT_A_LETTER.sub(" ", _INSIDE_A_WORD.sub("", plain(text).replace("&", " and "))).split()


def name_of(text: str) -> Name:
    spelled = [ONE_SPELLING.get(word, word) for word in _words(text)]
    words = [word for word in spelled if word not in FILLERS]
    legal_forms = frozenset(word for word in words[1:] if word in LEGAL_FORMS)
    telling = [word for word in words if word not in legal_forms] or spelled
    return Name(
        text=" ".join(text.lower().split()),
        words=tuple(telling),
        joined=" ".join(sorted(telling)),
        legal_forms=legal_forms,
        numbering=frozenset(word for word in telling if _NUMBERING.fullmatch(word)),
    )


def phone_of(text: str) -> str:
    """The number in international form without its extension; empty for what is no whole number."""
    if not text:
        return ""
    number = _EXTENSION.sub("", text)
    digits = "".join(character for character in number if character.isdigit())
    if len(digits) == 10 or (len(digits) == 11 and digits[0] == "1"):
        return f"+1{digits[-10:]}"
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return ""
    # Without its area code a number is many people's.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def street_of(text: str) -> str:
    """House number and the next two words of the first line that has one, or the post box; QuickBooks often has the
    name in the first line."""
    found = _STREET.search(plain(text))
    if found is None:
        return ""
    box, number, *words = found.groups()
    if box:
        return f"box {number}"
    return " ".join([number, *(STREET_WORDS.get(word, word) for word in words if word)])
