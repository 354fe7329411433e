"""A .qwc file, read and checked as the Web Connector does when somebody opens it (protocol.md B)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

REQUIRED = (
    "AppName",
    "AppID",
    "AppURL",
    "AppDescription",
    "AppSupport",
    "UserName",
    "OwnerID",
    "FileID",
    "QBType",
)
OPTIONAL = (
    "Style",
    "AuthFlags",
    "Scheduler",
    "AppDisplayName",
    "AppUniqueName",
    "IsReadOnly",
    "Notify",
    "PersonalDataPref",
    "UnattendedModePref",
    "CertURL",
)
MAY_BE_EMPTY = ("AppID",)
CHOICES = {
    "QBType": ("QBFS", "QBPOS"),
    "Style": ("Document", "DocWrapped", "RPC"),
    "PersonalDataPref": ("pdpNotNeeded", "pdpOptional", "pdpRequired"),
    "UnattendedModePref": ("umpRequired", "umpOptional"),
    "IsReadOnly": ("true", "false"),
    "Notify": ("true", "false"),
}
# Bits of AuthFlags; none of them set allows every edition.
EDITIONS = {"Simple Start": 0x1, "Pro": 0x2, "Premier": 0x4, "Enterprise": 0x8}
_GUID = re.compile(r"\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")


class Refused(Exception):
    """The Web Connector does not take the file. `code` is its QBWC number."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Qwc:
    """What a .qwc file says."""

    app_name: str
    app_id: str
    app_url: str
    app_support: str
    user_name: str
    owner_id: str
    file_id: str
    cert_url: str = ""
    style: str = "Document"
    auth_flags: int = 0
    is_read_only: bool = False
    run_every_seconds: int = 0

    def allows(self, product_name: str) -> bool:
        """Whether AuthFlags admit the QuickBooks of this name; excluding it gives a connection error."""
        if not self.auth_flags:
            return True
        return any(
            self.auth_flags & bit and re.search(rf"\b{edition}\b", product_name)
            for edition, bit in EDITIONS.items()
        )


def read(source: Path | str | bytes) -> Qwc:
    """Read and check a file (a path) or its content (bytes). Raises Refused with the Web Connector's number."""
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    values = _values(content)
    _check_urls(values)
    for name in ("OwnerID", "FileID"):
        if not _GUID.fullmatch(values[name]):
            raise Refused("QBWC1039", f"{name} {values[name]!r} is no GUID in braces.")
    auth_flags = _auth_flags(values.get("AuthFlags", "0x0"))
    return Qwc(
        app_name=values["AppName"],
        app_id=values["AppID"],
        app_url=values["AppURL"],
        app_support=values["AppSupport"],
        user_name=values["UserName"],
        owner_id=values["OwnerID"],
        file_id=values["FileID"],
        cert_url=values.get("CertURL", ""),
        style=values.get("Style", "Document"),
        auth_flags=auth_flags,
        is_read_only=values.get("IsReadOnly") == "true",
        run_every_seconds=int(values.get("RunEverySeconds", "0")),
    )


def _values(content: bytes) -> dict[str, str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise Refused("QBWC1039", f"The file is no well-formed XML: {problem}") from problem
    if root.tag != "QBWCXML":
        raise Refused("QBWC1039", f"The root element is {root.tag}, not QBWCXML.")
    values: dict[str, str] = {}
    for element in root:
        name = str(element.tag)
        if name not in REQUIRED + OPTIONAL:
            raise Refused("QBWC1039", f"{name} is no element of a .qwc file.")
        if name in values:
            raise Refused("QBWC1039", f"{name} is given twice.")
        values[name] = (element.text or "").strip()
        if name == "Scheduler":
            values["RunEverySeconds"] = _schedule(element)
        allowed = CHOICES.get(name)
        if allowed and values[name] not in allowed:
            raise Refused("QBWC1039", f"{name} is {values[name]!r}; it must be one of {', '.join(allowed)}.")
    for name in REQUIRED:
        if not values.get(name) and not (name in MAY_BE_EMPTY and name in values):
            raise Refused("QBWC1039", f"{name} is missing.")
    return values


def _schedule(scheduler: etree._Element) -> str:
    """Seconds between two runs; of two settings the first counts."""
    for element in scheduler:
        text = (element.text or "").strip()
        if not text.isdigit():
            raise Refused("QBWC1039", f"{element.tag} is {text!r}, not a whole number.")
        if element.tag == "RunEveryNMinutes":
            return str(int(text) * 60)
        if element.tag == "RunEveryNSeconds":
            return text
    raise Refused("QBWC1039", "Scheduler holds neither RunEveryNMinutes nor RunEveryNSeconds.")


def _auth_flags(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError as problem:
        raise Refused("QBWC1034", f"AuthFlags {text!r} is no hexadecimal number.") from problem


def _check_urls(values: dict[str, str]) -> None:
    try:
        url, support = urlsplit(values["AppURL"]), urlsplit(values["AppSupport"])
    except ValueError as problem:
        raise Refused("QBWC1039", f"AppURL or AppSupport is no address: {problem}") from problem
    if _is_ip_address(url.hostname):
        raise Refused("QBWC1001", "AppURL names an IP address; it must name a host.")
    if _is_ip_address(support.hostname):
        raise Refused("QBWC1002", "AppSupport names an IP address; it must name a host.")
    if url.hostname is None or url.hostname != support.hostname:
        raise Refused("QBWC1000", "AppURL and AppSupport are not of the same domain.")
    if url.scheme != "https" and url.hostname != "localhost":
        raise Refused("QBWC1010", "AppURL must be https; http is for localhost only.")


def _is_ip_address(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True
