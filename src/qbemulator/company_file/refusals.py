"""What QuickBooks refuses, with its status code and its words.

Texts marked R are recorded (protocol.md C.5 names the samples); the others keep to the recorded pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

NOT_IN_LIST = "QuickBooks error message: Invalid argument.  The specified record does not exist in the list."


@dataclass
class Refused(Exception):
    """One request is refused: nothing of it is done. `current` names the record that is returned with a 3200."""

    code: int
    message: str
    current: str | None = None
    severity: str = "Error"

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def name_in_use(name: str) -> Refused:  # R 43
    return Refused(3100, f'The name "{name}" of the list element is already in use.')


def colon_in_name(name: str, field: str) -> Refused:  # R, beginning
    return Refused(
        3090,
        f'There was an error when storing "{name}" in the "{field}" field.  '
        "QuickBooks error message: Names in this list cannot contain a colon.",
    )


def not_found(object_id: str) -> Refused:  # R 39
    return Refused(3120, f'Object "{object_id}" specified in the request cannot be found.  {NOT_IN_LIST}')


def no_such_parent(name: str, list_name: str) -> Refused:  # R
    return Refused(
        3130, f'There is an invalid reference to a parent "{name}" in the {list_name} list.  {NOT_IN_LIST}'
    )


def no_such_reference(what: str, name: str, where: str) -> Refused:  # R 11
    return Refused(
        3140, f'There is an invalid reference to QuickBooks {what} "{name}" in the {where}.  {NOT_IN_LIST}'
    )


def inactive_reference(what: str, name: str, where: str, *, code: str) -> Refused:
    reason = "QuickBooks error message: You cannot use an inactive list element."
    if code == "3140":
        return Refused(
            3140, f'There is an invalid reference to QuickBooks {what} "{name}" in the {where}.  {reason}'
        )
    return Refused(3180, f"There was an error when saving a {where}.  {reason}")


def edit_sequence_out_of_date(
    edit_sequence: str, *, current: str
) -> Refused:  # R 27, the blank at the end included
    return Refused(3200, f'The provided edit sequence "{edit_sequence}" is out-of-date. ', current=current)


def in_use(object_id: str) -> Refused:
    return Refused(
        3160,
        f'Cannot delete the object specified by the id = "{object_id}".  '
        "QuickBooks error message: The object is used by a transaction or another list element.",
    )


def closed_period(action: str, closing_date: str, *, code: int) -> Refused:
    return Refused(
        code,
        f"Cannot {action} a transaction of a closed period.  "
        f"QuickBooks error message: The books are closed through {closing_date}.",
    )


def list_element_locked(object_id: str) -> Refused:
    return Refused(
        3175,
        f'The object specified by the id = "{object_id}" is in use.  '
        "QuickBooks error message: The list element is in use by another user.",
    )


def transaction_locked(action: str, txn_id: str) -> Refused:  # R for "void"
    return Refused(
        3176,
        f'Cannot {action} the object specified by the id = "{txn_id}".  '
        "QuickBooks error message: The transaction could not be locked.  It is in use by another user.",
    )


def cannot_save(what: str, reason: str) -> Refused:  # R, pattern
    return Refused(3180, f"There was an error when saving a {what}.  QuickBooks error message: {reason}")


def cannot_modify(object_id: str, reason: str) -> Refused:
    return Refused(
        3170,
        f'Cannot modify the object specified by the id = "{object_id}".  QuickBooks error message: {reason}',
    )


def cannot_clear(field: str) -> Refused:
    return Refused(3190, f'The element "{field}" cannot be cleared.')


def invalid_value(field: str, value: str, reason: str) -> Refused:  # R for the payment amount
    return Refused(
        3210, f'The "{field}" field has an invalid value "{value}".  QuickBooks error message: {reason}'
    )


def feature_off() -> Refused:  # R
    return Refused(3250, "This feature is not enabled or not available in this version of QuickBooks.")


def required_element(field: str) -> Refused:
    return Refused(3150, f'The required element "{field}" is missing.')


def conflicting_element(field: str, reason: str) -> Refused:
    return Refused(3290, f'The element "{field}" conflicts with another element or line: {reason}')
