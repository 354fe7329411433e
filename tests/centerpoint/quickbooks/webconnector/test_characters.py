"""Characters XML forbids: recovered when they arrive, never sent."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from centerpoint.quickbooks.webconnector.characters import Recovery, without_forbidden


def recovered(document: bytes, sizes: list[int]) -> bytes:
    recovery = Recovery()
    done = b""
    for size in sizes:
        piece, document = document[:size], document[size:]
        done += recovery.feed(piece)
    return done + recovery.feed(document) + recovery.finish()


@given(st.text())
def test_whatever_leaves_is_well_formed(text):
    document = (
        "<a>"
        + without_forbidden(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        + "</a>"
    )

    assert (ElementTree.fromstring(document).text or "") == without_forbidden(text)
    assert "\r" not in document


_FRAGMENT = st.sampled_from(
    [
        "a",
        "&#x7;",
        "&#7;",
        "&#233;",
        "&#xE9;",
        "&amp;",
        "&#xFFFF;",
        "\x01",
        "\x00",
        "&lt;",
        "\n",
        "é",
        "&#xD834;",
    ]
)


@given(st.lists(_FRAGMENT, max_size=12), st.lists(st.integers(0, 9), max_size=30))
def test_whatever_arrives_can_be_parsed_however_it_is_cut(fragments, sizes):
    document = ("<a>" + "".join(fragments) + "</a>").encode()

    text = ElementTree.fromstring(recovered(document, sizes)).text or ""

    assert text == (ElementTree.fromstring(recovered(document, [])).text or "")
    assert not {"\x00", "\x01", "\x07"} & set(text)


def test_a_lone_ampersand_at_the_end_is_kept_for_the_parser_to_refuse():
    assert recovered(b"<a>&#", [2, 1]) == b"<a>&#"
