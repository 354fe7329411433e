"""A message is filled quickly and is a frozen dataclass all the same."""

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest

from qbxml.messages import InvoiceLineRet, InvoiceQueryRq, Ref


def test_a_message_is_equal_to_another_with_the_same_fields():
    line = InvoiceLineRet(txn_line_id="1-2", item_ref=Ref(list_id="8-9"), desc="Ridge cap")

    assert line == replace(
        InvoiceLineRet(txn_line_id="3-4", desc="Ridge cap"), txn_line_id="1-2", item_ref=Ref(list_id="8-9")
    )
    assert line != replace(line, desc="Drip edge")
    assert hash(line) == hash(replace(line))
    assert type(line) is InvoiceLineRet


def test_what_was_not_given_is_its_default():
    line = InvoiceLineRet(txn_line_id="1-2")

    assert is_dataclass(line)
    given = {each.name: getattr(line, each.name) for each in fields(line)}
    assert given == {each.name: each.default for each in fields(line)} | {"txn_line_id": "1-2"}


def test_a_message_cannot_be_changed():
    for message in (Ref(full_name="Tax"), InvoiceQueryRq(txn_id=("1-2",))):
        for each in fields(message):
            with pytest.raises(FrozenInstanceError):
                setattr(message, each.name, "something else")


def test_a_field_it_does_not_have_or_lacks_is_refused():
    with pytest.raises(TypeError, match="weight"):
        Ref(weight=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="txn_line_id"):
        InvoiceLineRet()  # type: ignore[call-arg]
