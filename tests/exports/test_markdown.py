"""Markdown for a student: complete in two languages, and no text of a student is markup."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.exports.markdown import escape, fenced, sentence, span, summary
from grader.report.views import overview
from grader.results import Diagnosis, Results
from grader.text import Text

from ..report.sample import HOSTILE, HUBER, check, graded, hostile_row, sample
from .classes import with_rows

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ATTACKS = (
    HOSTILE,
    "![x](http://evil/p.png) [y](javascript:alert(1)) <http://evil> http://evil www.evil.com",
    "`` ` ``` \n```\n<img src=x onerror=alert(1)>\n```text\n# head",
    "~~~\n- list\n1. one\n> quote\n***\nsetext\n===\n| a | b |\n|---|---|",
    "&lt;b&gt; &#60;script&#62; \\<b> \\`x` *a* _b_ ~~c~~ $x$",
    "@everyone a@b.com [x]: http://evil\n\n[x]",
    "\x1b]8;;http://evil\x07click\x1b]8;;\x07",
)
MARKUP = {
    *("link_open", "image", "html_inline", "html_block", "em_open", "s_open", "blockquote_open"),
    *("hr", "ordered_list_open", "code_block"),
}


def tokens(text: str) -> list[Token]:
    """Everything that a reader of Markdown sees in it, inline parts included."""
    return [one for token in READER.parse(text) for one in (token, *(token.children or ()))]


def page(results: Results, student: str = "ada", lang: str = "en") -> str:
    """The summary of a student."""
    (standing,) = [one for one in overview(results).students if one.name == student]
    return summary(results, standing, lang)


def attacked(text: str) -> Results:
    """A class of one whose every text is an attack, its name and the course's texts too."""
    both = Text(text, text)
    evidence = dict.fromkeys(
        ("asked", "expected", "got", "first_difference", "traceback", "output"), text
    )
    first = check(
        HUBER.checks[0],
        "failed",
        message=both,
        hint=both,
        evidence=evidence,
        diagnosis=Diagnosis(text, both),
    )
    rest = tuple(check(spec, "passed") for spec in HUBER.checks[1:])
    row = graded("a" + text, HUBER, checks=(first, *rest), notes=(both,), file=text)
    spec = dataclasses.replace(
        HUBER,
        title=both,
        checks=tuple(dataclasses.replace(one, title=both) for one in HUBER.checks),
    )
    return dataclasses.replace(sample(), exercises=(spec,), results=(row,))


def test_the_whole_page() -> None:
    """Points, table, checks with message, hint, evidence and what was passed, in order."""
    text = page(with_rows(graded("ada", HUBER, "passed", "failed")))
    places = [
        text.index(part)
        for part in (
            "# ada\n",
            "**8 of 10 points**",
            "| Huber loss | 8 / 10 | graded |",
            "## Huber loss",
            "File: `huber.py`",
            "### A threshold other than `1.0` — failed (0 / 2)",
            "That is the loss with threshold 1: `threshold` isn’t used.",
            "**Hint**: Where `|error| > threshold` the loss is linear",
            "Expected:\n\n```text\n[[ 0.125     2. ",
            "First difference:\n\n```text\n[0, 1]: expected 2.0",
            "**Passed**\n\n- Values on both sides",
            "Graded 2026-03-01 12:30 UTC with grader 0.1.0.",
        )
    ]
    assert places == sorted(places)
    assert text.endswith(".\n")


def test_chinese() -> None:
    """Every sentence that isn't the student's is Chinese; only names and values are Latin."""
    text = page(with_rows(graded("ada", HUBER, "failed")), lang="zh")
    assert "**得分 7，满分 10**" in text
    assert "### 阈值两侧的取值 — 未通过 (0 / 3)" in text
    assert "**提示**" in text
    for word in ("Graded", "Expected", "Got", "Hint", "Passed", "points", "failed"):
        assert word not in text


@pytest.mark.parametrize("student", list(dict.fromkeys(r.student for r in sample().results)))
def test_every_status(student: str) -> None:
    """Each student of the sample: a heading of their name, what wasn't graded with its reason."""
    text = page(sample(), student)
    assert tokens(text)[0].tag == "h1"
    assert not {token.type for token in tokens(text)} & MARKUP
    if student == "syntax-sam":
        assert "**unreadable**: Line 12 is not Python" in text
    if student == "missing-mo":
        assert "| Streaming precision | 0 / 10 | not handed in |" in text
    if student == "luc-émile":
        assert "| Shuffled input pipeline | not counted | grader’s fault |" in text
    if student == "almost-al":
        assert "— grader’s fault (not counted)\n\nThe grader failed here, not you." in text


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_attacks_are_text(attack: str, lang: str) -> None:
    """Same headings, fences and paragraphs as with a harmless word; nothing else is markup."""
    harmless = attacked("word\nword") if "\n" in attack else attacked("word")
    good = tokens(page(harmless, harmless.results[0].student, lang))
    hostile = attacked(attack)
    text = page(hostile, hostile.results[0].student, lang)
    found = tokens(text)
    assert not {token.type for token in found} & MARKUP
    blocks = ("heading_open", "fence", "tr_open", "list_item_open", "bullet_list_open")
    kinds = [Counter(token.type for token in some) for some in (good, found)]
    assert [kinds[0][kind] for kind in blocks] == [kinds[1][kind] for kind in blocks]
    outside = "".join(token.content for token in found if token.type == "text")
    assert "@e" not in outside
    assert "@b" not in outside
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_no_bare_address_outside_of_code() -> None:
    """GitHub makes links of addresses that nobody marked; they are broken up in the source."""
    line = escape("see http://evil.com, HTTPS://evil.com and www.evil.com")
    assert "http\\://" in line
    assert "HTTPS\\://" in line
    assert "www\\.evil" in line


@example("://")
@given(st.text(alphabet="`ab \\\n*[](<>!|~#-=1.&;:/@", max_size=30))
def test_any_text(text: str) -> None:
    """In a sentence, in a heading, in a span, in a fence: the text comes out and nothing else."""
    words = " ".join(text.split())
    (inline,) = READER.parse(f"x {escape(text)}")[1:2]
    assert inline.content
    assert {token.type for token in inline.children or ()} <= {"text"}
    shown = "".join(token.content for token in inline.children or ())
    assert shown.replace("\u200b", "") == f"x {words}".strip()
    if words:
        assert [token.type for token in READER.parse(escape(text))][0::2] == [
            "paragraph_open",
            "paragraph_close",
        ]
        (inline,) = READER.parse(f"x {span(text)} y")[1:2]
        codes = [token.content for token in inline.children or () if token.type == "code_inline"]
        assert codes == [words]
    (block,) = READER.parse(fenced(text))
    assert block.type == "fence"
    assert block.content.rstrip("\n") == text.rstrip("\n")
    (inline,) = READER.parse(f"x {sentence(text)}")[1:2]
    assert {token.type for token in inline.children or ()} <= {"text", "code_inline"}


def test_nothing_is_endless() -> None:
    """Megabytes in every text."""
    results = attacked("`*" * 500_000)
    assert len(page(results, results.results[0].student)) < 60_000
    assert span("") == ""
    assert "\x1b" not in page(with_rows(hostile_row("ada")))
