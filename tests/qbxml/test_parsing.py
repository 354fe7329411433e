"""Hostile and broken texts are refused; what QuickBooks and .NET are known to do wrong is recovered."""

import time
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbxml.errors import Hostile, Malformed
from qbxml.parsing import Limits, Source, element_events, parse_small

BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{i} "{f"&lol{i - 1};" * 10}">' for i in range(1, 10))
    + "]><QBXML>&lol9;</QBXML>"
)


def leaves(source: Source, **options: Limits) -> list[tuple[str, str | None]]:
    """Tag and text of everything on the second level."""
    return [
        (str(element.tag), element.text)
        for kind, element in element_events(source, root="QBXML", whole=2, **options)
        if kind == "whole"
    ]


@pytest.mark.parametrize(
    ("hostile", "words"),
    [
        ('<!DOCTYPE QBXML SYSTEM "file:///etc/passwd"><QBXML/>', "a doctype"),
        ('<?xml version="1.0"?><!-- a --><?b?>\n<!DOCTYPE QBXML><QBXML/>', "a doctype"),
        (BILLION_LAUGHS, "a doctype"),
        ("<!ENTITY a 'b'><QBXML/>", "a doctype"),
        ("<QBXML/>".encode("utf-16"), "an encoding"),
        ("<QBXML/>".encode("utf-16-le"), "an encoding"),
        ("<QBXML/>".encode("utf-16-be"), "an encoding"),
        ("<QBXML/>".encode("utf-32"), "an encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?>+ADw-QBXML+AD4-', "encoding 'utf-7'"),
        (b"+/v8-<QBXML/>", "an encoding"),
        (b'<?xml version="1.0" encoding="utf-16"?><QBXML/>', "encoding 'utf-16'"),
        (b'<?xml version="1.0" encoding="EBCDIC-US"?><QBXML/>', "encoding 'ebcdic-us'"),
        ("<QBXML>" + "<a>" * 64 + "</a>" * 64 + "</QBXML>", "nested more than 64 deep"),
        ("<QBXML>" + "<a>" * 100_000, "nested too deeply"),
        ("<!-- " + "x" * 140_000 + " --><QBXML/>", "no element within"),
    ],
)
def test_a_hostile_text_is_refused(hostile: str | bytes, words: str) -> None:
    with pytest.raises(Hostile, match=words):
        leaves(hostile)
    with pytest.raises(Hostile, match=words):
        parse_small(hostile)


def test_a_hostile_text_is_refused_in_single_bytes_too() -> None:
    text = BILLION_LAUGHS.encode()
    with pytest.raises(Hostile, match="a doctype"):
        leaves(text[i : i + 1] for i in range(len(text)))


def test_sixty_four_levels_are_allowed() -> None:
    text = "<QBXML>" + "<a>" * 63 + "</a>" * 63 + "</QBXML>"
    assert leaves(text) == [("a", None)]
    assert parse_small(text).tag == "QBXML"


def test_a_text_longer_than_allowed_is_refused_on_the_way() -> None:
    def endless() -> Iterator[bytes]:
        yield b"<QBXML>"
        while True:
            yield b"<a>x</a>" * 100

    with pytest.raises(Hostile, match="longer than 10000 characters"):
        leaves(endless(), limits=Limits(length=10_000))
    with pytest.raises(Hostile, match="longer than"):
        parse_small("<QBXML>" + " " * 2_000_000 + "</QBXML>")


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("", "empty"),
        (b"  \n ", "empty"),
        ("<?xml version='1.0'?>", "no element in it"),
        ("just words", "line 1, column 1: text before the first element"),
        ("\n\nerror<QBXML/>", "line 3, column 1: text before the first element"),
        ("<QBXML><a></QBXML>", "line 1, column"),
        ("<QBXML>\n<a>&nbsp;</a></QBXML>", "line 2, column"),
        ("<QBXML>", "line 1"),
        ("<QBXML/><QBXML/>", "line 1"),
        ("<qbxml/>", "the first element is not QBXML"),
        ('<QBXML xmlns="urn:x"/>', "the first element is not QBXML"),
    ],
)
def test_a_broken_text_is_refused_with_its_place(broken: str | bytes, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        leaves(broken)


def test_blanks_cost_no_more_than_letters() -> None:
    """A pattern that starts anew at every blank would take seconds."""
    begun = time.process_time()
    assert leaves("<QBXML><a>" + " " * 500_000 + "</a></QBXML>") == [("a", " " * 500_000)]
    assert time.process_time() - begun < 1


def test_a_wrong_document_is_refused_before_it_is_read_to_the_end() -> None:
    def endless() -> Iterator[str]:
        yield "<html>"
        while True:
            yield "<p>sorry</p>" * 1000

    with pytest.raises(Malformed, match="the first element is not QBXML"):
        leaves(endless())


@pytest.mark.parametrize(
    "text",
    [
        "<QBXML><a>Café ®</a></QBXML>".encode(),
        b"\xef\xbb\xbf" + "<QBXML><a>Café ®</a></QBXML>".encode(),
        '<?xml version="1.0" encoding="UTF-8"?>\n<QBXML><a>Café ®</a></QBXML>'.encode(),
        '<?xml version="1.0" ?><QBXML><a>Café ®</a></QBXML>'.encode("cp1252"),
        '<?xml version="1.0" encoding="utf-8"?><QBXML><a>Café ®</a></QBXML>'.encode("cp1252"),
        "<?xml version='1.0' encoding='windows-1252'?><QBXML><a>Café ®</a></QBXML>".encode("cp1252"),
        b"<?xml version='1.0' encoding='us-ascii'?><QBXML><a>Caf&#233; &#174;</a></QBXML>",
        "\ufeff<?xml version='1.0' encoding='utf-16'?><QBXML><a>Café ®</a></QBXML>",
        "  \n<?xml version='1.0'?><QBXML><a>Café ®</a></QBXML>",
    ],
)
def test_the_encoding_is_found_out(text: str | bytes) -> None:
    assert leaves(text) == [("a", "Café ®")]
    single = [text[i : i + 1] for i in range(len(text))]
    assert leaves(single) == [("a", "Café ®")]


@pytest.mark.parametrize(
    "forbidden", ["&#7;", "&#x7;", "&#x0007;", "&#xFFFF;", "&#xD800;", "&#1114112;", "\x07"]
)
def test_what_xml_forbids_is_replaced_and_the_rest_survives(forbidden: str) -> None:
    text = f"<QBXML><a>ring{forbidden}ring</a><b>&#10;&#233;</b></QBXML>"
    assert leaves(text) == [("a", "ring\ufffdring"), ("b", "\né")]
    assert leaves(list(text)) == [("a", "ring\ufffdring"), ("b", "\né")]


def test_a_byte_windows_does_not_know_is_replaced() -> None:
    assert leaves(b"<QBXML><a>\xe9\x81</a></QBXML>") == [("a", "é\ufffd")]


def test_comments_and_instructions_are_passed_over() -> None:
    text = "<QBXML><!-- a --><?b c?><a>x<!-- y -->z</a><!-- d --></QBXML>"
    assert leaves(text) == [("a", "xz")]


@given(st.lists(st.text(alphabet="abé&<\n €"), max_size=20), st.integers(1, 40))
def test_it_does_not_matter_where_the_text_is_cut(texts: list[str], length: int) -> None:
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;") for text in texts]
    document = ("<QBXML>" + "".join(f"<a>{text}</a>" for text in escaped) + "</QBXML>").encode()
    pieces = [document[i : i + length] for i in range(0, len(document), length)]
    assert leaves(pieces) == [("a", text or None) for text in texts]


def test_elements_above_the_level_come_as_start_and_end() -> None:
    text = '<QBXML><Set id="1"><Rs><Ret/><Ret/></Rs><Rs/></Set><Set/></QBXML>'
    events = [(kind, element.tag) for kind, element in element_events(text, root="QBXML", whole=4)]
    assert events == [
        ("start", "QBXML"),
        ("start", "Set"),
        ("start", "Rs"),
        ("whole", "Ret"),
        ("whole", "Ret"),
        ("end", "Rs"),
        ("start", "Rs"),
        ("end", "Rs"),
        ("end", "Set"),
        ("start", "Set"),
        ("end", "Set"),
        ("end", "QBXML"),
    ]


def test_memory_does_not_grow_with_the_document() -> None:
    def document(records: int) -> Iterator[bytes]:
        yield b"<QBXML>"
        for _ in range(records):
            yield b"<a><b>" + b"x" * 1000 + b"</b></a>"
        yield b"</QBXML>"

    def peak(records: int) -> int:
        tracemalloc.reset_peak()
        for _ in element_events(document(records), root="QBXML", whole=2):
            pass
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        peak(100)
        assert peak(5_000) < peak(500) + 100_000
    finally:
        tracemalloc.stop()


def test_a_small_document_comes_as_its_root() -> None:
    root = parse_small('<?xml version="1.0"?>\n<QBWCXML><AppName>Centerpoint</AppName></QBWCXML>')
    assert (root.tag, root.findtext("AppName")) == ("QBWCXML", "Centerpoint")
