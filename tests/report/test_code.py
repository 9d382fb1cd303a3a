"""The student's module on a page: the lines that matter, bounded, whatever is in it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from grader.report.code import MOST_LINES, Gap, Line, Listing, Plain, listing
from grader.report.colours import coloured
from grader.results import CheckResult, Row

from .pages import read

MODULE = '''"""A text
over lines with def huber( in it."""

import tensorflow as tf


def huber(x):  # <the> loss
    return "a" if x > 1.5 else tf.abs(x)


class Loss:
    """One line."""
'''


def listed(source: str, *evidence: dict[str, Any], **row: Any) -> Listing | None:
    checks = tuple(
        CheckResult(f"c{n}", "failed", 0.0, 1.0, evidence=one) for n, one in enumerate(evidence)
    )
    return listing(Row("ada", "huber", "graded", 0.0, 1.0, checks=checks, source=source, **row))


def marked(found: Listing | None) -> list[tuple[int, str, tuple[int, ...]]]:
    assert found is not None
    return [(p.number, p.mark, p.checks) for p in found.parts if isinstance(p, Line)]


def text_of(found: Listing | None) -> str:
    """Everything that is shown, without markup; AssertionError if that is unbalanced."""
    assert found is not None
    lines: list[str] = []
    for part in found.parts:
        if isinstance(part, Plain):
            lines += [html for _, html in part.lines]
        elif isinstance(part, Line):
            lines.append(str(part.html))
    page = read("\n".join(lines))
    assert {node.tag for node in page.walk()} <= {"", "span"}
    return page.text


def test_lines_on_the_way_to_an_exception() -> None:
    """The innermost is the strongest; what two checks share has both; the links lead there."""
    found = listed(MODULE, {"lines": [4, 8]}, {"lines": [8]}, {"lines": [8, 4]})
    assert marked(found) == [(4, "here", (1, 3)), (8, "here", (1, 2, 3))]
    assert found is not None
    assert [line.number for line in found.links[2]] == [8]
    assert text_of(found) == MODULE.rstrip("\n")


def test_definitions_of_the_names_that_a_check_used() -> None:
    """Only where no line is known; never inside of a text."""
    assert marked(listed(MODULE, {"symbols": ["huber", "Loss"]})) == [
        (7, "defined", (1,)),
        (11, "defined", (1,)),
    ]
    assert marked(listed(MODULE, {"symbols": ["huber"], "lines": [8]})) == [(8, "here", (1,))]


@pytest.mark.parametrize(
    "evidence",
    [{"lines": [0, -1, 10**30, True, "3", None, 99]}, {"lines": "x"}, {"symbols": 3},
     {"symbols": ["a|b", "(", "", 5]}, {"lines": {}, "symbols": {}}],
)  # fmt: skip
def test_forged_lines_and_names_mark_nothing(evidence: dict[str, Any]) -> None:
    """They are left alone, and the module is shown."""
    assert marked(listed(MODULE, evidence)) == []


def test_a_long_module_is_cut_around_what_matters() -> None:
    """And says how much isn't shown."""
    found = listed("x = 1\n" * 500, {"lines": [250]})
    assert found is not None
    gaps = [part.count for part in found.parts if isinstance(part, Gap)]
    shown = sum(
        len(p.lines) if isinstance(p, Plain) else 1 for p in found.parts if not isinstance(p, Gap)
    )
    assert len(gaps) == 2
    assert shown + sum(gaps) == 500
    everywhere = listed("x = 1\n" * 5000, *({"lines": [n * 60 + 1]} for n in range(80)))
    assert everywhere is not None
    assert len(text_of(everywhere).split("\n")) == MOST_LINES


def test_a_notebook_s_lines_have_their_cell() -> None:
    """Labels are what the student sees; a list that is too short is no error."""
    found = listed("a = 1\nb = 2\nc = 3\n", {"lines": [2]}, cells=((1, 1), (3, 1)))
    assert found is not None
    assert found.cells
    assert [p.label for p in found.parts if isinstance(p, Line)] == ["3:1"]


def test_nothing_is_shown_without_a_miss_or_a_module() -> None:
    """A check that passed needs no code."""
    assert listed("x = 1\n") is None
    assert listed(" \n", {"lines": [1]}) is None


@pytest.mark.parametrize(
    "source",
    ["x" * 100_000, "\"'" * 30_000, "'''" * 20_000, "\\" * 60_000, "f'{" * 20_000, "'''\n" * 15_000,
     "\x1b[31m\x00\u202e" * 5000, "a." * 30_000, "b'\\N{\n" * 9000, "<b>\n</span>&amp;\n" * 3000,
     "a\r\nb\rc\x0cd\u2028e", "变" * 299 + "\n", "@" * 9000, "\t\tx\n" * 100],
)  # fmt: skip
def test_hostile_modules_are_shown_and_safe(source: str) -> None:
    """No markup of theirs, no control character, bounded."""
    found = listed(source, {"lines": [1]})
    shown = text_of(found)
    assert len(shown) < 40_000
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u2028]", shown)


def test_colours() -> None:
    """The few kinds of words, and the text as it was."""
    html = coloured("    def f(x): return 'a<b' + 1.5  # no")
    spans = [(n.attrs["class"], n.text) for n in read(html).all("span")]
    assert spans == [
        ("kw", "def"),
        ("de", "f"),
        ("kw", "return"),
        ("st", "'a<b'"),
        ("nu", "1.5"),
        ("co", "# no"),
    ]
    assert read(html).text == "    def f(x): return 'a<b' + 1.5  # no"
