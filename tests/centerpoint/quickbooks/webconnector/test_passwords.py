"""Passwords are strong, told apart only by their digest, and read back only with the key."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centerpoint.quickbooks.webconnector import passwords

KEY, OTHER_KEY = "k" * 40, "o" * 40


def test_a_password_has_140_random_bits_in_letters_nobody_mistakes():
    made = {passwords.new() for _ in range(500)}

    assert len(made) == 500
    assert all(re.fullmatch(r"([a-hjkmnp-tv-z0-9]{7}-){3}[a-hjkmnp-tv-z0-9]{7}", one) for one in made)


def test_a_password_is_read_back_under_the_key_or_a_key_it_replaced():
    ciphertext = passwords.encrypt("k7mw9x2", [KEY])

    assert passwords.decrypt(ciphertext, [KEY]) == "k7mw9x2"
    assert passwords.decrypt(ciphertext, [OTHER_KEY, KEY]) == "k7mw9x2"
    assert b"k7mw9x2" not in ciphertext


def test_without_its_key_a_password_is_refused_with_what_to_do():
    ciphertext = passwords.encrypt("k7mw9x2", [KEY])

    with pytest.raises(passwords.PasswordCannotBeRead, match="SECRET_KEY_FALLBACKS"):
        passwords.decrypt(ciphertext, [OTHER_KEY])


def test_a_digest_needs_the_key_and_is_not_the_key_of_the_encryption():
    assert passwords.digest("k7mw9x2", KEY) == passwords.digest("K7MW-9X2 ", KEY)
    assert passwords.digest("k7mw9x2", KEY) != passwords.digest("k7mw9x2", OTHER_KEY)
    assert len(passwords.digest("k7mw9x2", KEY)) == 32


@given(st.text())
def test_any_typed_text_has_a_digest(text):
    assert len(passwords.digest(text, KEY)) == 32
