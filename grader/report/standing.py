"""Where a student stands in one exercise, in four words, and what comes after the next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from grader.report.views import ExerciseTally, NextStep
from grader.results import Row

State = Literal["done", "partly", "not_begun", "waiting"]


def state(row: Row) -> State:
    """How far the exercise is: `waiting` where only the grader has something left to do.

    Not begun is what wasn't handed in, and a stub of which every check met nothing but the
    `raise NotImplementedError` that it came with.
    """
    if row.status == "missing":
        return "not_begun"
    if row.status == "grader_error":
        return "waiting"
    if row.status == "unreadable":
        return "partly"
    outcomes = {check.outcome for check in row.checks}
    if outcomes <= {"passed"}:
        return "done" if outcomes else "partly"
    if outcomes <= {"passed", "grader_error"}:
        return "waiting"
    if "passed" not in outcomes and _untouched(row):
        return "not_begun"
    return "partly"


def _untouched(row: Row) -> bool:
    """The grader's sentence about a stub stands in every message; see `grader.explain`."""
    tried = [check for check in row.checks if check.outcome == "failed"]
    return bool(tried) and all(
        "raise NotImplementedError" in check.message.en[:600] for check in tried
    )


def open_after(step: NextStep, rows: Sequence[tuple[ExerciseTally, Row]]) -> ExerciseTally | None:
    """The next exercise, in the course's order, that isn't done, after the one of `step`."""
    if step.exercise is None:
        return None
    at = next(n for n, (exercise, _) in enumerate(rows) if exercise is step.exercise)
    return next(
        (
            exercise
            for exercise, row in [*rows[at + 1 :], *rows[:at]]
            if state(row) in ("partly", "not_begun")
        ),
        None,
    )
