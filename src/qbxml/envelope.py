"""A message set: the prolog, the envelope's attributes, and the requests in their order.

The same input gives the same bytes, always: QuickBooks keeps a checksum of the text of a message set, and recognises
a repeated one by it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qbxml import writing
from qbxml.errors import NotWritable

# Sources differ between 23 and 24; 23 is safe under both.
MESSAGE_SET_ID_LENGTH = 23
CLEAR_ALL = "ClearAllMessageSets"
# The schema knows rollbackOnError, too; QuickBooks does not support it.
ON_ERROR = ("continueOnError", "stopOnError")
RESPONSE_DATA = ("includeAll", "includeNone")

_VERSION = re.compile(r"\d{1,2}\.\d", re.ASCII)
_MESSAGE_SET_ID = re.compile(r"[A-Za-z0-9-]+")
_SET = "QBXMLMsgsRq"


@dataclass(frozen=True, slots=True)
class Request:
    """A request body, such as an InvoiceAddRq, and the id that its answer will repeat (at most 50 characters)."""

    request_id: str
    body: object


def write_message_set(
    requests: Sequence[Request],
    *,
    version: str = "13.0",
    on_error: str = "continueOnError",
    new_message_set_id: str | None = None,
    old_message_set_id: str | None = None,
    response_data: str | None = None,
) -> str:
    """The text to hand to QuickBooks, pure ASCII. Raises NotWritable.

    Without requests it asks what became of a set (both ids the same) or clears one (old id alone).
    """
    if not _VERSION.fullmatch(version):
        raise NotWritable(_SET, "", "a version such as 13.0 is required", version)
    if not requests and old_message_set_id is None:
        raise NotWritable(_SET, "", "without requests an oldMessageSetID is required")
    _refuse_doubled_ids(requests)
    attributes = {
        "onError": _one_of("@onError", ON_ERROR, on_error),
        "newMessageSetID": _message_set_id("@newMessageSetID", new_message_set_id),
        "oldMessageSetID": _message_set_id("@oldMessageSetID", old_message_set_id),
        "responseData": response_data and _one_of("@responseData", RESPONSE_DATA, response_data),
    }
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items() if value is not None)
    lines = [writing.write(one.body, version=version, request_id=one.request_id) for one in requests]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<?qbxml version="{version}"?>',
            "<QBXML>",
            f"<{_SET} {written}>",
            *lines,
            f"</{_SET}>",
            "</QBXML>",
            "",
        ]
    )


def _refuse_doubled_ids(requests: Sequence[Request]) -> None:
    seen: set[str] = set()
    for request in requests:
        if request.request_id in seen:
            raise NotWritable(_SET, "@requestID", "given twice in one message set", request.request_id)
        seen.add(request.request_id)


def _one_of(attribute: str, values: tuple[str, ...], value: str) -> str:
    if value not in values:
        raise NotWritable(_SET, attribute, f"one of {', '.join(values)} is required", value)
    return value


def _message_set_id(attribute: str, value: str | None) -> str | None:
    if value is None:
        return None
    if len(value) > MESSAGE_SET_ID_LENGTH:
        limit = f"{len(value)} characters, at most {MESSAGE_SET_ID_LENGTH} are allowed"
        raise NotWritable(_SET, attribute, limit, value)
    if not _MESSAGE_SET_ID.fullmatch(value):
        raise NotWritable(_SET, attribute, "only letters, digits and hyphens are allowed", value)
    return value
