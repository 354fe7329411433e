"""The bookkeeper's guide says what stands on the pages, and shows pictures that exist."""

import re

from project.checkout import ROOT

GUIDE = ROOT / "docs" / "bookkeeper"
# What QuickBooks and the Web Connector say, and words that are only stressed.
NOT_OURS = {
    "Admin",
    "OK",
    "Yes",
    "Continue",
    "Done",
    "Auto-Run",
    "Update Selected",
    "Password",
    "An invoice is in QuickBooks once",
    "Green means read back",
    "Nothing goes out unasked",
    "service ticket",
    "project",
    "Yes, always; allow access even if QuickBooks is not running",
}


def pages():
    return {file.name: file.read_text() for file in sorted(GUIDE.glob("*.md"))}


def on_the_pages():
    """All words of templates, forms and cures, without markup and line breaks."""
    files = [
        *(ROOT / "src/centerpoint/pages").rglob("*.html"),
        *(ROOT / "src/centerpoint/pages").rglob("*.py"),
        *(ROOT / "src/centerpoint/quickbooks").glob("*.py"),
        *(ROOT / "src/centerpoint/quickbooks/pairing").glob("*.py"),
    ]
    return " ".join(" ".join(file.read_text().split()) for file in files)


def test_every_button_and_page_that_the_guide_names_is_there():
    words = on_the_pages()
    named = {
        (page, " ".join(name.split()).rstrip("."))
        for page, text in pages().items()
        for name in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)
    }

    assert {(page, name) for page, name in named if name not in NOT_OURS and name not in words} == set()


def test_every_picture_is_there_and_used_and_small():
    shown = {name for text in pages().values() for name in re.findall(r"\]\(pictures/([\w.-]+)\)", text)}
    kept = {file.name: file.stat().st_size for file in (GUIDE / "pictures").iterdir()}

    assert shown == set(kept)
    assert max(kept.values()) < 120_000


def test_every_picture_is_told_to_who_cannot_see_it():
    assert [page for page, text in pages().items() if "![](" in text] == []
