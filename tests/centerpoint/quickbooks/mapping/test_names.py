"""Names as QuickBooks takes them: 41 characters, no colon, nobody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centerpoint.quickbooks.mapping.names import cut, free_name, shorten, stems_from

# All of Unicode, and what people type into forms.
TYPED = st.text(max_size=80) | st.text(alphabet="abcXYZ 019-:&.,'()é—“会", max_size=80)


def nobody(name):
    return False


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Harbor View Condominiums", "Harbor View Condominiums"),
        ("  Harbor\tView\n Condominiums ", "Harbor View Condominiums"),
        ("Oak Hills: Phase 2", "Oak Hills - Phase 2"),
        ("Café “Zur Post” — Süd", 'Café "Zur Post" - Süd'),
        ("会社 Roofing", "HuiShe Roofing"),
        ("Lakeside Property Owners Association of Travis County", "Lakeside Property Owners Association of"),
        ("The Greater Austin Metropolitan Area Homes & Gardens", "The Greater Austin Metropolitan Area"),
        ("x" * 50, "x" * 41),
    ],
)
def test_a_name_is_written_so_that_it_is_recognised(ours, theirs):
    assert shorten(ours) == theirs


@pytest.mark.parametrize("name", ["", "   ", ":::", "-- --", "\u200b", "***"])
def test_a_name_without_a_letter_or_digit_is_none(name):
    assert (shorten(name), free_name(name, nobody)) == ("", "")


def test_a_name_that_is_taken_gets_a_number():
    taken = {"oak hills", "oak hills (2)"}

    assert free_name("Oak Hills", lambda name: name.lower() in taken) == "Oak Hills (3)"


def test_a_long_name_makes_room_for_its_number():
    long_name = "Lakeside Property Owners Association of Travis County"
    first = free_name(long_name, nobody)

    second = free_name(long_name, lambda name: name == first)

    assert (second, len(second)) == ("Lakeside Property Owners Association (2)", 40)


def test_when_all_numbers_are_taken_somebody_must_look():
    with pytest.raises(ValueError, match="1000 names like 'Oak Hills' are taken"):
        free_name("Oak Hills", lambda name: True)


@given(st.lists(TYPED, max_size=12))
def test_names_fit_and_are_nobody_elses(wanted):
    taken: set[str] = set()

    for one in wanted:
        name = free_name(one, lambda name: name.lower() in taken)
        assert len(name) <= 41
        assert ":" not in name
        assert name == name.strip()
        assert name.lower() not in taken
        assert not name or stems_from(name, one)
        if name:
            taken.add(name.lower())


@given(TYPED)
def test_a_name_that_fits_is_left_alone(wanted):
    name = shorten(wanted)

    assert shorten(name) == name


@pytest.mark.parametrize(
    ("name", "wanted", "is_it"),
    [
        ("5431 Clubhouse", "5431 Clubhouse", True),
        ("5431 Clubhouse (2)", "5431 Clubhouse", True),
        ("5431 Clubhouse (annex)", "5431 Clubhouse", False),
        ("5431 Main office (2)", "5431 Clubhouse", False),
        ("Hall (2)", "Hall (2)", True),
        ("", "5431 Clubhouse", False),
    ],
)
def test_a_numbered_name_is_known_again(name, wanted, is_it):
    assert stems_from(name, wanted) is is_it


@given(TYPED, st.integers(0, 60))
def test_a_text_is_cut_within_its_limit_on_one_line(text, limit):
    result = cut(text, limit)

    assert len(result) <= limit
    assert "\n" not in result
    assert cut(result, limit) == result
