"""The .qwc file a bookkeeper opens on the QuickBooks PC: text and rules, after protocol.md B.1."""

import ipaddress
from dataclasses import dataclass
from html import escape
from urllib.parse import SplitResult, urlsplit

from centerpoint.contractors.refusals import Refusal
from centerpoint.quickbooks.webconnector.characters import without_forbidden

SERVICE_PATH = "/quickbooks/webconnector"
SUPPORT_PATH = "/support"
CONTENT_TYPE = "application/x-qwc"

# QuickBooks' permissions and its memory of message sets may hang on this name: it never changes (protocol.md C.4).
APP_NAME = "Centerpoint"
# One for the application: the owner of the private fields in every company file. It never changes either.
OWNER_ID = "{4F768C9F-1661-42D1-BBF1-160F15E24663}"
DESCRIPTION_LIMIT = 80
_EVERY_EDITION = "0xF"  # Simple Start, Pro, Premier, Enterprise


class ServiceUrlRefused(Refusal):
    """The Web Connector would not accept this address."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"The address {url!r} cannot be used for the Web Connector: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What a .qwc file says of one connection."""

    contractor_name: str
    service_url: str
    user_name: str
    owner_id: str
    file_id: str
    run_every_minutes: int


def service_url(url: str) -> str:
    """The address of the service, from it or from the address of the site. Raises ServiceUrlRefused."""
    parts = _checked(url.strip())
    path = parts.path.rstrip("/")
    if not path.endswith(SERVICE_PATH):
        path += SERVICE_PATH
    return f"{parts.scheme}://{parts.netloc}{path}"


def support_url(service: str) -> str:
    """On the same host, because the Web Connector compares the two (QBWC1000)."""
    return f"{service.removesuffix(SERVICE_PATH)}{SUPPORT_PATH}"


def write(connection: Connection) -> bytes:
    """The file: elements in the order of Intuit's samples, everything above ASCII as a reference."""
    url = service_url(connection.service_url)
    name = f"{APP_NAME} - {connection.contractor_name}"
    description = (
        f"Sends jobs and invoices of {connection.contractor_name} to QuickBooks, brings payments back"
    )
    elements = (
        ("AppName", APP_NAME),
        ("AppID", ""),
        ("AppURL", url),
        ("AppDescription", description[:DESCRIPTION_LIMIT].rstrip()),
        ("AppSupport", support_url(url)),
        ("UserName", connection.user_name),
        ("OwnerID", connection.owner_id),
        ("FileID", connection.file_id),
        ("QBType", "QBFS"),
        ("Style", "Document"),
        ("AuthFlags", _EVERY_EDITION),
        ("AppDisplayName", name),
        # The user name, unlike the contractor's, never changes: a second download replaces the first.
        ("AppUniqueName", f"{APP_NAME} - {connection.user_name}"),
        ("Notify", "false"),
        ("PersonalDataPref", "pdpNotNeeded"),
        ("UnattendedModePref", "umpOptional"),
    )
    lines = [f"   <{tag}>{_escaped(text)}</{tag}>" for tag, text in elements]
    text = "\n".join(
        (
            '<?xml version="1.0"?>',
            "<QBWCXML>",
            *lines,
            "   <Scheduler>",
            f"      <RunEveryNMinutes>{connection.run_every_minutes}</RunEveryNMinutes>",
            "   </Scheduler>",
            "</QBWCXML>",
            "",
        )
    )
    return text.encode("ascii", "xmlcharrefreplace")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018 - raises ValueError for a port that is none
    except ValueError as problem:
        raise ServiceUrlRefused(url, f"it is no address ({problem}).") from problem
    if parts.scheme not in ("http", "https") or not host or any(sign.isspace() for sign in url):
        raise ServiceUrlRefused(url, "write it like https://centerpoint.example.com.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ServiceUrlRefused(url, "leave out what stands before an @ and after a ? or #.")
    if not url.isascii():
        raise ServiceUrlRefused(url, "write an international host name in its xn-- form.")
    if _is_ip_address(host):
        raise ServiceUrlRefused(
            url, "it must name a host, not an IP address (QBWC1001); for this PC write localhost."
        )
    if parts.scheme == "http" and host != "localhost":
        raise ServiceUrlRefused(url, "only localhost may do without https (QBWC1010).")
    return parts


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # Windows reads 127.1 and 2130706433 as addresses, too.
        return host.replace(".", "").isdigit()
    return True


def _escaped(text: str) -> str:
    return escape(without_forbidden(text), quote=False)
