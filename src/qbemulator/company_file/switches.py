"""What no document settles, as switches kept in the company file (protocol.md section I and chapter E).

A program that talks to QuickBooks must be right under every setting of every switch.
"""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar, overload

from qbemulator.company_file.storage import Storage

T = TypeVar("T", bool, int, str)


class Kept(Protocol):
    storage: Storage


class Setting(Generic[T]):
    """One value kept in the file under the attribute's name; `allowed` empty means any value of the default's type."""

    def __init__(self, default: T, *allowed: T) -> None:
        self.default: T = default
        self.allowed: tuple[T, ...] = allowed

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"{owner.__name__}.{name}"

    @overload
    def __get__(self, instance: None, owner: type) -> Setting[T]: ...
    @overload
    def __get__(self, instance: Kept, owner: type) -> T: ...
    def __get__(self, instance: Kept | None, owner: type) -> Setting[T] | T:
        if instance is None:
            return self
        value: T = instance.storage.setting(self.name, self.default)
        return value

    def __set__(self, instance: Kept, value: T) -> None:
        if type(value) is not type(self.default) or (self.allowed and value not in self.allowed):
            raise ValueError(
                f"{self.name} may be one of {self.allowed or type(self.default).__name__}, not {value!r}"
            )
        instance.storage.set_setting(self.name, value)


class Switches:
    """`books.switches`: each attribute says what the emulated QuickBooks does where two readings exist."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    # C.4 and I.1: what the answer to a repeated message set holds.
    stored_answer = Setting("full", "full", "recovery_only", "status_only")
    # C.4: whether the answer could be stored at all; "no" gives messageSetStatusCode 9005.
    answers_can_be_stored = Setting(True)
    # I.1: the longest message set id before 9004.
    longest_message_set_id = Setting(23, 23, 24)
    # I.4: whether a second object with the same ExternalGUID is refused.
    external_guid_is_unique = Setting(False)
    # E.5 and I.5: what a sale without RefNumber gets.
    absent_ref_number = Setting("next", "next", "empty")
    # E.5: the screen warns about a used number; the SDK is said not to.
    used_ref_number = Setting("accept", "accept", "refuse")
    # C.6 and I.6: how many iterators one session may have open before 3390.
    most_open_iterators = Setting(10)
    # C.7 and I.7: whether a payment moves the TimeModified of the invoices it pays.
    payment_touches_invoice = Setting(True)
    # E.2 and I.8: a new transaction that names an inactive customer or item.
    inactive_reference = Setting("3140", "3140", "3180", "accept")
    # E.4 and I.8: deleting an invoice that has payments.
    delete_paid_invoice = Setting("refuse", "refuse", "unlink")
    # E.4: multi-user QuickBooks was seen to answer ListDel with 0 and only make the record inactive.
    list_delete = Setting("delete", "delete", "inactivate")
    # C.2 and I.9: a missing required element.
    missing_required = Setting("parse_error", "parse_error", "3150")
    # C.5, samples 38 and 39: a query for an id that does not exist.
    unknown_id_in_query = Setting("500", "500", "3120")
    # E.1, samples 26 and 40: the offset printed behind a local time.
    printed_offset = Setting("standard", "standard", "zero")
    # C.7: how a time with an offset is read in a filter: as QuickBooks printed it, or as a true instant.
    filter_offset = Setting("as_printed", "as_printed", "face_value")

    def values(self) -> dict[str, bool | int | str]:
        """Every switch and its present value."""
        return {name: getattr(self, name) for name in self.names()}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(name for name, value in vars(cls).items() if isinstance(value, Setting))

    def set(self, **values: Any) -> None:
        """Set several at once; an unknown name raises AttributeError."""
        for name, value in values.items():
            if name not in self.names():
                raise AttributeError(f"no switch is called {name}")
            setattr(self, name, value)
