"""Text from a submission can neither act on its reader's terminal nor hide what it says."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.defuse import defuse, defuse_cell, defuse_line

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nof two lines", "plain\ttext\nof two lines"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[1;1Hcleared", "cleared"),
        ("\x1b]0;new title\x07after", "after"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("ends in an escape\x1b", "ends in an escape"),
        ("an open one\x1b]0;never closed", "an open one"),
        ("10%\r100%\r\ndone", "10%\n100%\ndone"),
        ("secret\x08\x08\x08\x08\x08\x08public", "secretpublic"),
        (f"a{BIDI}b", "ab"),
        ("nul\x00 and \U000e0041tag", "nul and tag"),
        ("line\u2028para\u2029end", "line\npara\nend"),
        ("bad\udcff name", "bad\\udcff name"),
        ("e\u0301 stays, " + "x" + "\u0301" * 50, "e\u0301 stays, x" + "\u0301" * 3),
        ("un\u034fseen\u115f\u3164\uffa0\ufe01\xad\U000e0101", "unseen"),
        ("\x1b]8;;http://evil\x1b[31mafter", "after"),
        ("\x9dfirst\x9dsecond\x9cafter", "after"),
        ("❤\ufe0f stays", "❤\ufe0f stays"),
        ("王小明 and محمد and 👩\u200d🔬", "王小明 and محمد and 👩\u200d🔬"),
    ],
)
def test_what_acts_is_removed_and_what_reads_stays(text: str, shown: str) -> None:
    """Escapes, controls, overrides and fillers go; scripts, accents and joined emoji stay."""
    assert defuse(text) == shown


def test_long_text_is_cut_and_says_by_how_much() -> None:
    """The reader sees that something is missing, and how much."""
    assert defuse("x" * 30, max_chars=10) == "x" * 10 + "… (+20)"
    assert defuse("x" * 1_000_000, max_chars=10) == "x" * 10 + "… (+999990)"
    assert defuse("x" * 10, max_chars=10) == "x" * 10


@pytest.mark.parametrize(
    "piece", ["\x9d", "\x1b]", "\x1b[1;", "\x9b", "\u0301", "\r", "\u3164", "\x1b]a\x9d"]
)
def test_a_megabyte_of_anything(piece: str) -> None:
    """No text makes the search for escapes go over it again and again."""
    shown = defuse(piece * 300_000 + "\x1bX", max_chars=100_000)
    assert len(shown) < 100_100
    assert "\x1b" not in shown


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_no_cell_is_a_formula(text: str) -> None:
    """For any text: one line that no spreadsheet program runs, and that stays as it is."""
    cell = defuse_cell(text)
    assert not cell.startswith(tuple("=+-@＝＋－＠\t\r"))
    assert defuse_cell(cell) == cell
    assert cell.isprintable() or not defuse_line(text).isprintable()


def test_one_line_is_one_line() -> None:
    """A name with line ends can't add lines to a message or to a log."""
    assert defuse_line(" two\nlines\u2028and\tmore ") == "two lines and more"


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_nothing_unprintable_is_left(text: str) -> None:
    """For any text: only tab and newline remain of the controls, no override, valid UTF-8."""
    shown = defuse(text)
    shown.encode()
    assert not [c for c in shown if unicodedata.category(c) == "Cc" and c not in "\t\n"]
    assert not set(shown) & set(BIDI)
    assert defuse(shown) == shown
