"""The grade of a student for some exercises, and how gradebooks write numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.report.scores import settled
from grader.results import Results, Row

_COMMA = re.compile(r"-?\d+,\d{1,4}")
_POINT = re.compile(r"-?\d+\.\d{1,4}")
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Grade:
    """Points that count of one student; or, in `why_not`, why no grade is to be entered."""

    points: float
    rows: tuple[Row, ...]
    why_not: str = ""


def grades(results: Results, exercises: Sequence[str]) -> dict[str, Grade]:
    """The grade of each student in the results for `exercises` together.

    Who handed in nothing gets no grade, unless staff gave points by hand: whether that is a zero is
    for the platform's own rules. Neither does who was hit by a fault of the grader, whose points
    would be too few, unless staff gave a total instead.
    """
    by_student: dict[str, list[Row]] = {}
    for row in results.results:
        mine = by_student.setdefault(row.student, [])
        if row.exercise in exercises:
            mine.append(row)
    return {student: _grade(rows) for student, rows in by_student.items()}


def _grade(rows: Sequence[Row]) -> Grade:
    points = sum(row.counts for row in rows)
    kept = tuple(rows)
    by_hand = any(row.mark is not None and row.mark.adjustment is not None for row in rows)
    if not by_hand and all(row.status == "missing" for row in rows):
        return Grade(0.0, kept, "handed in nothing")
    for row in rows:
        at_fault = any(check.outcome == "grader_error" for check in row.checks)
        if (at_fault or row.status == "grader_error") and not settled(row):
            return Grade(0.0, kept, f"not judged in full ({row.exercise}): the grader’s fault")
    return Grade(points, kept)


def possible(results: Results, exercises: Sequence[str]) -> float:
    """The most points that `exercises` give together."""
    return sum(spec.max_points for spec in results.exercises if spec.id in exercises)


def number(points: float, *, comma: bool = False) -> str:
    """Points with as many digits as they need, four at most, as the file's other numbers are."""
    text = f"{round(points, 4):.4f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def value(cell: str) -> float | None:
    """The number that a cell holds, in either notation; None for anything else."""
    text = cell.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def has_commas(cells: Iterable[str]) -> bool:
    """Whether numbers in these cells have decimal commas; where none has a fraction, no."""
    texts = [cell.strip() for cell in cells]
    commas = sum(_COMMA.fullmatch(text) is not None for text in texts)
    return commas > sum(_POINT.fullmatch(text) is not None for text in texts)
