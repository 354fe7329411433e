"""The HRESULTs with which QuickBooks refuses a call altogether (protocol.md A.8)."""

from __future__ import annotations


class HResult(Exception):
    """`code` as the Web Connector reports it ("0x80040400"), `message` in QuickBooks' words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


PARSE_ERROR = (
    "0x80040400",
    "QuickBooks found an error when parsing the provided XML text stream.",
)  # recorded, 48
SESSION_ENDED = ("0x8004040D", "The session ticket is not valid.")

# Attribute of the company file -> what stands in the way; the first that is set decides.
OBSTACLES = {
    "quickbooks_closed": ("0x80040408", "Could not start QuickBooks."),
    "other_file_open": ("0x8004040A", "A QuickBooks company data file is already open and it is different."),
    "dialog_open": ("0x80040414", "A modal dialog box is showing in the QuickBooks user interface."),
    "busy": ("0x80010105", "The server threw an exception."),
    "needs_admin": (
        "0x80040418",
        "This application has not accessed this QuickBooks company data file before.",
    ),
    "access_denied": ("0x80040420", "The QuickBooks user has denied access."),
    "no_permission": (
        "0x8004041A",
        "This application does not have permission to access this company data file.",
    ),
}
