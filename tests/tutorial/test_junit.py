"""JUnit XML: suites, cases, what fails and what is skipped, lines, and text that XML can't hold."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from grader.text import Text
from grader.tutorial.junit import to_junit
from grader.tutorial.results import Checked, Report
from grader.tutorial.values import Block, Document, Piece, Raised, Verdict

from .samples import report


@pytest.fixture(scope="module")
def suites() -> list[ET.Element]:
    """The suites of the sample."""
    return list(ET.fromstring(to_junit(report()).encode()))


def case(suite: ET.Element, line: int) -> ET.Element:
    """The test case of the block at `line`."""
    (found,) = [c for c in suite.iter("testcase") if c.get("line") == str(line)]
    return found


def test_a_suite_per_document(suites: list[ET.Element]) -> None:
    """With its numbers, which are those of its cases."""
    assert [suite.get("name") for suite in suites] == ["docs/metrics.md", "清单/short.md"]
    for suite in suites:
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases)
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
        assert suite.get("timestamp") == "2026-03-01T12:30:00"
        assert len({(c.get("classname"), c.get("name")) for c in cases}) == len(cases)
    root = ET.fromstring(to_junit(report()).encode())
    assert [root.get(n) for n in ("tests", "failures", "errors", "skipped")] == [
        "14",
        "5",
        "0",
        "3",
    ]


def test_only_code_is_a_case(suites: list[ET.Element]) -> None:
    """Neither the output at 50 nor the shell command at 82."""
    lines = [int(c.get("line", "")) for c in suites[0].iter("testcase")]
    assert lines == [7, 12, 19, 31, 36, 40, 45, 60, 64, 68, 72, 78, 86]


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        (7, None),  # passed
        (19, "failure"),  # failed
        (31, "failure"),  # cascaded from a failure
        (45, "failure"),  # drifted
        (60, "skipped"),  # blocked
        (64, "skipped"),  # cascaded from what is blocked
        (68, None),  # expected
        (78, "skipped"),  # skipped
    ],
)
def test_outcome(line: int, outcome: str | None, suites: list[ET.Element]) -> None:
    """Of each status."""
    assert [child.tag for child in case(suites[0], line)] == ([outcome] if outcome else [])


def test_a_failure_says_where_and_how_to_mend(suites: list[ET.Element]) -> None:
    """The document's line, the rule, the patch."""
    failure = case(suites[0], 19)[0]
    assert failure.get("type") == "ValueError"
    assert failure.get("message") == "ValueError: Cannot convert 'total' to a shape."
    text = failure.text or ""
    assert text.startswith("docs/metrics.md:22: failed: ValueError")
    assert "docs/metrics.md:22: K304: " in text
    assert '\n  +         self.total = self.add_weight(name="total"' in text


def test_a_cascade_names_its_root(suites: list[ET.Element]) -> None:
    """Also one that names another cascade."""
    for line in (31, 36):
        failure = case(suites[0], line)[0]
        assert failure.get("type") == "cascaded"
        assert (failure.get("message") or "").startswith("because of the block at line 19 (")
        assert "Mend first: docs/metrics.md:22" in (failure.text or "")
    assert "line 60" in (case(suites[0], 64)[0].get("message") or "")


def test_a_drift_shows_both(suites: list[ET.Element]) -> None:
    """As a diff from what the document shows to what came; a false claim with its own line."""
    text = case(suites[0], 45)[0].text or ""
    assert text.startswith("docs/metrics.md:50: drifted: ")
    assert "\n-<tf.Tensor: shape=(), dtype=float32, numpy=0.3>\n" in text
    assert "\n+<tf.Tensor: shape=(), dtype=float32, numpy=0.30000001>\n" in text
    assert "docs/metrics.md:28: says “prints once”: It printed 3 times." in text


def test_what_is_blocked_says_by_what(suites: list[ET.Element]) -> None:
    """The package, though the exception's message doesn't name it."""
    message = case(suites[0], 60)[0].get("message")
    assert message == "ModuleNotFoundError: No module (not there: tensorflow_hub)"


@pytest.mark.parametrize(
    "text",
    [
        "<a>&amp;]]></failure>",
        "\x00\x0b\x1b[31m\ufffe\uffff",
        "\udc80\ud800",
        '"\' onx="',
        "x" * 100_000,
        "\n\n",
    ],
)
def test_any_text_makes_the_same_tree(text: str) -> None:
    """Well-formed, with no element more, whatever a document or its output holds."""
    block = Block(0, 1, text, "code", text, (Piece(text, (1,), text, 3),))
    verdict = Verdict(
        block,
        "drifted",
        Text(text, text),
        error=Raised(text, text, 1, (), text, "name"),
        claimed=text,
        got=f"{text}!",
        closeness="wrong",
    )
    document = Document(Path("a"), text, text, (block,), ())
    checked = Checked(text, text, document, (verdict,), stand_ins=(text,))
    root = ET.fromstring(to_junit(Report((checked,), text, 0.0, {text: text})).encode())
    assert [e.tag for e in root.iter()] == [
        "testsuites",
        "testsuite",
        "properties",
        "property",
        "property",
        "testcase",
        "failure",
    ]


def test_nothing_checked() -> None:
    """An empty run is an empty file of the same form."""
    empty = dataclasses.replace(report(), checked=())
    assert ET.fromstring(to_junit(empty).encode()).get("tests") == "0"
