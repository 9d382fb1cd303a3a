"""Gradescope's results.json: its fields and no others, points that add up, text that stays text."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from msgspec import structs

from grader.exports.gradescope import gradescope_json
from grader.report.views import overview
from grader.results import Results

from ..report.sample import HINT, HOSTILE, HUBER, check, graded, hostile_row, sample
from .classes import with_rows

TOP = {
    *("score", "execution_time", "output", "output_format", "visibility", "stdout_visibility"),
    *("extra_data", "tests", "leaderboard"),
}
TEST = {
    *("score", "max_score", "status", "name", "name_format", "number", "output", "output_format"),
    *("tags", "visibility", "extra_data"),
}


def document(results: Results, student: str, lang: str = "en") -> dict[str, Any]:
    """The file of a student as Gradescope reads it."""
    (standing,) = [one for one in overview(results).students if one.name == student]
    text = gradescope_json(results, standing, lang)
    assert text.endswith("}\n")
    read: dict[str, Any] = json.loads(text)
    return read


@pytest.mark.parametrize("student", list(dict.fromkeys(r.student for r in sample().results)))
def test_the_form(student: str) -> None:
    """Names of fields, types, values that are allowed; every student of the sample."""
    found = document(sample(), student)
    assert set(found) == TOP
    assert found["output_format"] == "text"
    assert found["stdout_visibility"] == "hidden"
    numbers = [test["number"] for test in found["tests"]]
    assert len(set(numbers)) == len(numbers)
    for test in found["tests"]:
        assert set(test) <= TEST
        assert test.get("status") in ("passed", "failed", None)
        assert test["visibility"] == "visible"
        assert test["output_format"] == test["name_format"] == "text"
        assert 0 <= test["score"] <= test["max_score"]
        assert all(isinstance(tag, str) for tag in test["tags"])
    score = next(one.score for one in overview(sample()).students if one.name == student)
    assert found["score"] == score.points == sum(test["score"] for test in found["tests"])
    assert score.max_points == sum(test["max_score"] for test in found["tests"])


def test_a_check_as_a_test() -> None:
    """Its place, both titles, what was missed and how to go on, where it belongs."""
    found = document(with_rows(graded("ada", HUBER, "passed", "failed")), "ada")
    passed, failed = found["tests"][:2]
    assert (passed["number"], passed["status"], passed["output"]) == ("1.1", "passed", "")
    assert failed["number"] == "1.2"
    assert failed["name"] == "Huber loss: A threshold other than `1.0`"
    assert failed["output"].startswith("failed\nThat is the loss with threshold 1")
    assert f"Hint: {HINT.en}" in failed["output"]
    assert failed["tags"] == ["huber", "values"]
    assert failed["extra_data"]["outcome"] == "failed"
    assert found["execution_time"] == 0.412
    assert found["extra_data"]["versions"]["keras"] == "3.15.1"
    chinese = document(with_rows(graded("ada", HUBER, "passed", "failed")), "ada", "zh")
    assert chinese["tests"][1]["name"] == "Huber 损失: 阈值不为 `1.0` 的情形"
    assert chinese["tests"][1]["output"].startswith("未通过\n")


def test_faults_of_the_grader_cost_nothing() -> None:
    """A check, or a whole exercise: no points to be had, no status."""
    one = document(sample(), "almost-al")["tests"][3]
    assert (one["score"], one["max_score"]) == (0.0, 0.0)
    assert "status" not in one
    assert one["output"].startswith("The grader failed here, not you.")
    whole = document(sample(), "luc-émile")["tests"][-2:]
    assert [test["max_score"] for test in whole] == [0.0, 0.0]
    assert [test.get("status") for test in whole] == [None, None]


def test_what_was_not_graded() -> None:
    """Missing and unreadable exercises are failed tests that say why."""
    missing = document(sample(), "missing-mo")["tests"]
    assert [test["output"] for test in missing[4:]] == ["not handed in"] * 5
    unreadable = document(sample(), "syntax-sam")
    assert "unreadable\nLine 12 is not Python" in unreadable["tests"][4]["output"]
    assert "Streaming precision: unreadable" in unreadable["output"]


def test_two_devices_have_the_points_once() -> None:
    """The second result of a check is shown, and counts nothing."""
    both = (check(HUBER.checks[0], "passed"), check(HUBER.checks[0], "passed", device="gpu"))
    row = graded("ada", HUBER, checks=both, points=3.0)
    tests = document(with_rows(row), "ada")["tests"]
    assert [test["max_score"] for test in tests] == [3.0, 0.0]
    assert [test["extra_data"]["device"] for test in tests] == ["cpu", "gpu"]


def test_texts_of_students_stay_texts() -> None:
    """As text, without what acts on a terminal or hides; nothing is endless."""
    found = document(with_rows(hostile_row("ada")), "ada")
    whole = json.dumps(found, ensure_ascii=False)
    assert "\x1b" not in whole
    assert "\\u001b" not in whole
    assert "\u202e" not in whole
    assert "<script>alert('x')</script>red evil" in found["tests"][0]["output"]
    row = graded(
        "ada", HUBER, checks=(check(HUBER.checks[0], "failed", evidence={"got": "x" * 10**6}),)
    )
    assert len(json.dumps(document(with_rows(row), "ada"))) < 15_000
    assert HOSTILE not in whole
    run = dataclasses.replace(sample().run, versions={HOSTILE: HOSTILE}, sandbox=HOSTILE)
    spec = dataclasses.replace(HUBER, id=HOSTILE)
    row = structs.replace(graded("ada", HUBER), exercise=HOSTILE)
    edited = dataclasses.replace(sample(), run=run, exercises=(spec,), results=(row,))
    whole = json.dumps(document(edited, "ada"), ensure_ascii=False)
    assert not {"\x1b", "\u202e"} & set(json.dumps(whole, ensure_ascii=False))
    assert "u001b" not in whole
