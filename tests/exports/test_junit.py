"""JUnit XML of a class: the common form, outcomes, numbers that agree, text that XML can't hold."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import pytest
from msgspec import structs

from grader.exports.junit import junit_xml
from grader.results import Outcome, Results

from ..report.sample import HINT, HOSTILE, HUBER, MESSAGES, check, graded, hostile_row, sample
from .classes import with_rows

ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {
        *("name", "file", "tests", "failures", "errors", "skipped", "time", "timestamp"),
    },
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"failure", "error", "skipped"},
}


def tree(results: Results, lang: str = "en") -> ET.Element:
    """The file as a reader sees it."""
    return ET.fromstring(junit_xml(results, lang).encode())


def case(root: ET.Element, student: str, name: str, exercise: str = "huber") -> ET.Element:
    """The case of a check."""
    (found,) = [
        one
        for one in root.iter("testcase")
        if one.get("classname") == f"{student}.{exercise}" and one.get("name") == name
    ]
    return found


def kind(one: ET.Element) -> tuple[str, str | None] | None:
    """What stands in a case."""
    (child,) = [*one] or [None]
    return None if child is None else (child.tag, child.get("type"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_common_form(lang: str) -> None:
    """Elements, their order and attributes, numbers and times as the readers' schemas have them."""
    root = tree(sample(), lang)
    for element in root.iter():
        assert set(element.keys()) <= ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        for name in ("tests", "failures", "errors", "skipped"):
            assert re.fullmatch(r"\d+", element.get(name, "0"))
        assert re.fullmatch(r"\d+\.\d{3}", element.get("time", "0.000"))
    assert len(root) == len(sample().results)
    for suite in root:
        assert suite[0].tag == "properties"
        assert suite.get("timestamp") == "2026-03-01T12:30:05"
        assert all(len(one) <= 1 for one in suite.findall("testcase"))


def test_numbers_agree_with_the_cases() -> None:
    """Of each suite and of all."""
    root = tree(sample())
    for element in [root, *root]:
        cases = [*element.iter("testcase")]
        assert element.get("tests") == str(len(cases))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert element.get(name) == str(sum(one.find(tag) is not None for one in cases))
    assert int(root.get("failures", "0")) > 0
    assert int(root.get("errors", "0")) > 0
    assert int(root.get("skipped", "0")) > 0


def test_cases_have_names_of_their_own() -> None:
    """Class and name together, also where a check ran on two devices."""
    twice = graded(
        "eva",
        HUBER,
        checks=(
            check(HUBER.checks[0], "passed"),
            check(HUBER.checks[0], "failed", device="gpu"),
            check(HUBER.checks[1], "passed"),
        ),
        points=2.0,
    )
    root = tree(with_rows(*sample().results, twice))
    names = [(one.get("classname"), one.get("name")) for one in root.iter("testcase")]
    assert len(set(names)) == len(names)
    assert kind(case(root, "eva", "test_values (gpu)")) == ("failure", "failed")
    assert kind(case(root, "eva", "test_values (cpu)")) is None
    assert kind(case(root, "eva", "test_threshold")) is None


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        ("passed", None),
        ("failed", ("failure", "failed")),
        ("forbidden", ("failure", "forbidden")),
        ("timeout", ("error", "timeout")),
        ("out_of_memory", ("error", "out_of_memory")),
        ("crashed", ("error", "crashed")),
        ("not_run", ("skipped", None)),
        ("grader_error", ("skipped", None)),
    ],
)
def test_outcomes(outcome: Outcome, found: tuple[str, str | None] | None) -> None:
    """The student's answer was wrong, the student's program didn't answer, nothing is known."""
    one = case(tree(with_rows(graded("ada", HUBER, outcome))), "ada", "test_values")
    assert kind(one) == found
    if found:
        assert one[0].get("message") == MESSAGES[outcome].en


@pytest.mark.parametrize(
    ("student", "exercise", "found", "said"),
    [
        ("missing-mo", "precision", ("skipped", None), "not handed in"),
        ("luc-émile", "pipeline", ("skipped", None), "the grader failed, not the student: The wo"),
        ("syntax-sam", "precision", ("error", "unreadable"), "could not be read: Line 12 is not"),
    ],
)
def test_what_was_not_graded(
    student: str, exercise: str, found: tuple[str, str | None], said: str
) -> None:
    """Every check of the exercise is a case that says why."""
    root = tree(sample())
    cases = [o for o in root.iter("testcase") if o.get("classname") == f"{student}.{exercise}"]
    assert len(cases) == (2 if exercise == "pipeline" else 3)
    for one in cases:
        assert kind(one) == found
        assert one[0].get("message", "").startswith(said)


def test_an_exercise_without_checks() -> None:
    """Has one case, named by its id, where nothing was graded."""
    bare = dataclasses.replace(HUBER, checks=())
    row = next(row for row in sample().results if row.status == "missing")
    results = dataclasses.replace(
        sample(), exercises=(bare,), results=(structs.replace(row, exercise="huber"),)
    )
    assert [one.get("name") for one in tree(results).iter("testcase")] == ["huber"]


def test_evidence_and_properties() -> None:
    """What was asked, expected and got, the hint; seed, versions, points."""
    root = tree(with_rows(graded("ada", HUBER, "failed")))
    text = case(root, "ada", "test_values")[0].text or ""
    assert text.startswith("Values on both sides of the threshold: 0 / 3\nThat is the loss")
    assert f"Hint: {HINT.en}" in text
    assert "Expected:\n[[ 0.125     2." in text
    assert "First difference: [0, 1]: expected 2.0" in text
    properties = {p.get("name"): p.get("value") for p in root.iter("property")}
    assert properties["seed"] == "7"
    assert properties["version of tensorflow"] == "2.21.0"
    assert (properties["student"], properties["points"]) == ("ada", "7")


@pytest.mark.parametrize(
    "text", [HOSTILE, "]]>\x00\x08\ufffe\ud800", "</failure>\x1b[2J", "x" * 99999]
)
def test_any_text_makes_the_same_tree(text: str) -> None:
    """What XML can't hold is gone; what it could mean is text; nothing is endless."""
    plain, hostile = hostile_row("ada"), hostile_row(text)
    swapped = structs.replace(
        hostile,
        checks=tuple(
            structs.replace(one, evidence=dict.fromkeys(one.evidence, text))
            for one in hostile.checks
        ),
    )
    was, now = tree(with_rows(plain)), tree(with_rows(swapped))
    assert [e.tag for e in was.iter()] == [e.tag for e in now.iter()]
    told = "".join(now.itertext()) + "".join(v for e in now.iter() for v in e.attrib.values())
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\u202e]", told)
    assert len(told) < 40_000
