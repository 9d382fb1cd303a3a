"""Checks on which the two devices of a run disagree, for the class page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.both import disagreement
from grader.report.views import ExerciseTally, Overview, Standing
from grader.results import CheckResult, CheckSpec


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A check that passes on the device `right` and not on `wrong` (`cpu`, `gpu`)."""

    student: Standing
    exercise: ExerciseTally
    spec: CheckSpec
    check: CheckResult
    right: str
    wrong: str


def disagreements(view: Overview) -> Iterator[Disagreement]:
    """All of the class, by student."""
    for student in view.students:
        for exercise, row in zip(view.exercises, student.brief, strict=True):
            specs = {spec.id: spec for spec in exercise.spec.checks}
            for check in row.checks if row is not None else ():
                found = disagreement(check.evidence)
                if found is not None and check.id in specs:
                    yield Disagreement(student, exercise, specs[check.id], check, *found)
