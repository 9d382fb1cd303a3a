"""What only the students' pages have: the strip, code with links, statements, what comes next."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from msgspec import structs

from grader.report import write_report
from grader.report.slugs import slug
from grader.report.standing import state
from grader.report.words_student import STATES
from grader.results import Row
from grader.text import Text

from .pages import Node, read
from .sample import EXERCISES, HUBER, PIPELINE, check, graded, sample

ANCHOR = slug("huber")
MODULE = "import tensorflow as tf\n\n\ndef huber(x):\n    return tf.abs(x)\n"


def page(folder: Path, *rows: Row, statement: Text | None = None) -> Node:
    """Ada's page of a class of one."""
    results = dataclasses.replace(sample(), results=rows)
    if statement is not None:
        specs = tuple(dataclasses.replace(spec, statement=statement) for spec in EXERCISES)
        results = dataclasses.replace(results, exercises=specs)
    write_report(results, folder)
    return read((folder / "students" / f"{slug('ada')}.html").read_text(encoding="utf-8"))


def unwritten(spec_check: int) -> Text:
    text = "`f` isn't written yet: open `f.py`, replace `raise NotImplementedError` with your code"
    return Text(text, text)


def test_states() -> None:
    """The four words, and a stub that nobody has touched isn't begun."""
    stub = tuple(check(spec, "failed", message=unwritten(0)) for spec in HUBER.checks)
    assert state(graded("ada", HUBER)) == "done"
    assert state(graded("ada", HUBER, "failed")) == "partly"
    assert state(graded("ada", HUBER, checks=stub)) == "not_begun"
    assert state(graded("ada", HUBER, "passed", "grader_error")) == "waiting"
    assert state(Row("ada", "huber", "missing", 0.0, 10.0)) == "not_begun"
    assert state(Row("ada", "huber", "unreadable", 0.0, 10.0)) == "partly"
    assert state(Row("ada", "huber", "grader_error", 0.0, 10.0)) == "waiting"


def test_the_strip_says_in_words_where_each_exercise_is(tmp_path: Path) -> None:
    """In the course's order, each linked, with a count of each state below."""
    shown = page(
        tmp_path,
        graded("ada", HUBER, "failed"),
        Row("ada", "pipeline", "missing", 0.0, 5.0),
    )
    strip = shown.one("ol", "strip").all("a")
    assert [(a.words, a.attrs["href"]) for a in strip] == [
        ("Huber loss: in progress", f"#{ANCHOR}"),
        ("Shuffled input pipeline: not begun", f"#{slug('pipeline')}"),
    ]
    assert shown.one("p", "legend").words == f"1 {STATES['partly'].en} 1 {STATES['not_begun'].en}"
    onward = shown.one("section", "onward")
    assert [a.attrs["href"] for a in onward.all("a")] == [f"#{ANCHOR}.1", f"#{slug('pipeline')}"]


def test_checks_and_lines_lead_to_each_other(tmp_path: Path) -> None:
    """From the check to the line that matters and back; the first listing is open."""
    missed = check(HUBER.checks[0], "failed", evidence={"lines": [5]})
    rows = [
        graded("ada", spec, checks=(structs.replace(missed, id=spec.checks[0].id),), source=MODULE)
        for spec in (HUBER, PIPELINE)
    ]
    shown = page(tmp_path, *rows)
    (link,) = shown.id(f"{ANCHOR}.1").one("p", "to-code").all("a")
    assert (link.words, link.attrs["href"]) == ("line 5", f"#{ANCHOR}-l5")
    line = shown.id(f"{ANCHOR}-l5")
    assert "The error was raised here:" in line.words
    assert "return tf.abs(x)" in line.words
    assert line.one("a").attrs["href"] == f"#{ANCHOR}.1"
    assert ["open" in d.attrs for d in shown.all("details", "listing")] == [True, False]


@pytest.mark.parametrize(
    ("statement", "linked"),
    [
        ("https://example.org/course/huber/", True),
        ("http://localhost:8000/huber", True),
        ("exercises/huber/README.md", False),
        ("javascript:alert(1)", False),
        ("https://example.org/\"onmouseover='x'", False),
        ("https://example.org/ x", False),
        ("//example.org", False),
        ("https://" + "a" * 600 + "/", False),
    ],
)
def test_only_plain_addresses_are_links(tmp_path: Path, statement: str, linked: bool) -> None:
    """Everything else is a text."""
    shown = page(tmp_path, graded("ada", HUBER), statement=Text(statement, statement))
    head = shown.id(ANCHOR).one("p", "sub")
    assert [a.attrs["href"] for a in head.all("a")] == ([statement] if linked else [])
    assert statement[:30] in head.text


def test_shapes_that_differ_are_said(tmp_path: Path) -> None:
    """In words beside the marks."""
    evidence = {
        "expected": "[1. 2.]  shape (2,), float32",
        "got": "[1. 2. 3.]  shape (3,), float64",
    }
    shown = page(
        tmp_path,
        graded("ada", HUBER, checks=(check(HUBER.checks[0], "failed", evidence=evidence),)),
    )
    said = shown.one("dl", "compare").words
    assert "The shapes differ: (2,) is expected, (3,) came." in said
    assert "float32 is expected, float64 came." in said


def test_hostile_code_is_text(tmp_path: Path) -> None:
    """A module full of markup adds no element but spans and links of ours."""
    hostile = "</pre></details><script>x</script>\n'''<img src=x>\n" * 30
    evidence = {"lines": [1, 2], "pictures": [{"kind": "<b>"}], "symbols": ["<i>"]}
    shown = page(
        tmp_path,
        graded(
            "ada",
            HUBER,
            checks=(check(HUBER.checks[0], "failed", evidence=evidence),),
            source=hostile,
        ),
    )
    (source,) = shown.all("pre", "source")
    assert {node.tag for node in source.walk()} == {"pre", "span", "a"}
    assert not shown.all("script")
    assert "<script>x</script>" in source.text
    assert not re.search(r"<b>|<i>", source.text)
