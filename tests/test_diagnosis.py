"""The misconception behind a submission: named when exactly one wrong variant behaves like it."""

from __future__ import annotations

from typing import Any

import pytest

from grader.diagnosis import behaviour, by_behaviour, named
from grader.results import CheckResult, Row
from grader.text import Text


def check(name: str, outcome: str = "passed", said: str = "", **evidence: Any) -> CheckResult:
    points = 1.0 if outcome == "passed" else 0.0
    message = Text(said, said)
    return CheckResult(name, outcome, points, 1.0, message=message, evidence=evidence)  # type: ignore[arg-type]


def row(*checks: CheckResult, student: str = "ada", status: Any = "graded") -> Row:
    return Row(student, "e", status, sum(c.points for c in checks), 2.0, checks=checks)


MEAN = row(check("a"), check("b", "failed", "the mean", got="[0.5000000]"))
SUM = row(check("a"), check("b", "failed", "the sum", got="[2.0]"))
TITLES = {"wrong_mean": Text("mean", "均值"), "wrong_sum": Text("sum", "求和")}
VARIANTS = {"wrong_mean": (TITLES["wrong_mean"], MEAN), "wrong_sum": (TITLES["wrong_sum"], SUM)}


def names(submission: Row, variants: Any = VARIANTS) -> set[str]:
    found = {c.id: c.diagnosis for c in named(submission, by_behaviour(variants)).checks}
    return {f"{name}: {d.variant} {d.title.en}" for name, d in found.items() if d}


def test_equal_behaviour_is_named() -> None:
    """Each failing check carries the name; one that passed doesn't."""
    assert names(MEAN) == {"b: wrong_mean mean"}


def test_last_digits_do_not_count() -> None:
    """Two ways to the same mistake differ by rounding, not by what they are."""
    near = row(check("a"), check("b", "failed", "the mean", got="[0.5000003]"))
    assert names(near) == {"b: wrong_mean mean"}
    far = row(check("a"), check("b", "failed", "the mean", got="[0.51]"))
    assert names(far) == set()


@pytest.mark.parametrize(
    "other",
    [
        row(check("a"), check("b", "failed", "the mean", got="[0.7]")),
        row(check("a", "failed", "no"), check("b", "failed", "the mean", got="[0.5]")),
        row(check("a"), check("b", "timeout", "the mean", got="[0.5]")),
        row(check("a"), check("b", "failed", "another sentence", got="[0.5]")),
    ],
)
def test_anything_else_is_not(other: Row) -> None:
    """Another answer, another check, another end, another sentence: no name."""
    assert names(other) == set()


def test_two_that_fit_equally() -> None:
    """Where two variants fit, a name would be a guess."""
    both = {**VARIANTS, "wrong_again": (Text("again", "又"), MEAN)}
    assert names(MEAN, both) == set()


def test_nothing_to_compare() -> None:
    """Full marks, no answer at all, or a fault of ours: there is no misconception to name."""
    for nothing in (
        row(check("a"), check("b")),
        row(check("a", "timeout", "slow"), check("b", "not_run", "not run")),
        row(check("a", "crashed", "gone"), check("b")),
        row(check("a", "failed", "x"), status="grader_error"),
        row(status="missing"),
    ):
        assert behaviour(nothing) is None
        twin = {"wrong_twin": (Text("twin", "孪生"), nothing)}
        assert names(nothing, twin) == set()


def test_an_exception_counts_without_its_place() -> None:
    """The same exception in another line of another file is the same behaviour."""
    here = row(
        check(
            "a",
            "failed",
            "in ada.py, line 3: ValueError",
            traceback="ada.py, line 3\nValueError: x",
        )
    )
    there = row(
        check(
            "a",
            "failed",
            "in wrong.py, line 9: ValueError",
            traceback="w.py, line 9\nValueError: x",
        )
    )
    other = row(check("a", "failed", "…", traceback="w.py, line 9\nTypeError: x"))
    assert names(here, {"wrong_raises": (Text("raises", "抛出"), there)}) == {
        "a: wrong_raises raises"
    }
    assert names(here, {"wrong_raises": (Text("raises", "抛出"), other)}) == set()
