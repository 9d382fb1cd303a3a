"""What the pages about the class show beyond tallies: item analysis, wrong answers, look-alikes.

Worked out once for all languages. An item's score leaves out what nobody judged and what was not
handed in; the totals of the class table count the latter as nothing, as marks do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.report import similar
from grader.report.scores import judged
from grader.report.sides import Row as Line
from grader.report.sides import sides
from grader.report.statistics import (
    Distribution,
    Item,
    Reason,
    Scores,
    alpha,
    distribution,
    item,
    shares,
)
from grader.report.views import CheckTally, ExerciseTally, Overview, Standing
from grader.report.wrong_answers import Answers, WrongAnswers
from grader.results import CheckResult, CheckSpec, Outcome, Row, Spilled

MOST_PAIRS = 8
"""Pairs of one exercise that are shown side by side."""
_SLOWEST = 5
_INCIDENTS: tuple[Outcome, ...] = ("timeout", "crashed", "out_of_memory")


@dataclass(frozen=True, slots=True)
class CheckAnalysis:
    """One check: its tally, its figures, its common wrong answers."""

    tally: CheckTally
    item: Item
    answers: WrongAnswers


@dataclass(frozen=True, slots=True)
class Incident:
    """A check that ended without an answer."""

    student: Standing
    spec: CheckSpec
    check: CheckResult


@dataclass(frozen=True, slots=True)
class Twins:
    """A pair of look-alikes: who handed them in, and both texts side by side."""

    left: tuple[Standing, ...]
    right: tuple[Standing, ...]
    pair: similar.Pair
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ExerciseAnalysis:
    """One exercise; `checks` begins with the most missed, `compared` counts sources, `alike` pairs.

    `distribution` and `item` are of those who handed something in that was judged.
    """

    tally: ExerciseTally
    item: Item
    distribution: Distribution
    full: int
    missing: int
    checks: tuple[CheckAnalysis, ...]
    incidents: tuple[Incident, ...]
    slowest: tuple[tuple[Standing, Row], ...]
    compared: int
    alike: int
    twins: tuple[Twins, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole class; `reason` says why there is no `alpha`."""

    exercises: tuple[ExerciseAnalysis, ...]
    distribution: Distribution
    alpha: float | None
    reason: Reason | None


def analyse(view: Overview) -> Analysis:
    """Everything that `view`'s pages show beyond it."""
    size = (len(view.students), len(view.exercises))
    points, room = np.zeros(size), np.zeros(size)
    for at, student in enumerate(view.students):
        for place, row in enumerate(student.brief):
            if row is not None and row.status in ("graded", "unreadable"):
                score = judged(row)
                points[at, place], room[at, place] = score.points, score.max_points
    scores = np.minimum(shares(points, room), 1.0)
    reliability, reason = alpha(scores)
    totals = [student.score.share for student in view.students]
    return Analysis(
        exercises=tuple(
            _exercise(tally, place, view.students, scores[:, place], points, room)
            for place, tally in enumerate(view.exercises)
        ),
        distribution=distribution([math.nan if share is None else share for share in totals]),
        alpha=reliability,
        reason=reason,
    )


def _exercise(
    tally: ExerciseTally,
    place: int,
    students: Sequence[Standing],
    scores: Scores,
    points: Scores,
    room: Scores,
) -> ExerciseAnalysis:
    rows = [student.brief[place] for student in students]
    met = [
        (at, student, row)
        for at, (student, row) in enumerate(zip(students, rows, strict=True))
        if row is not None
    ]
    graded = [(at, student, row) for at, student, row in met if row.status == "graded"]
    totals = points.sum(axis=1), room.sum(axis=1)
    rest = shares(totals[0] - points[:, place], totals[1] - room[:, place])
    sources, answers = _read(tally, place, students)
    pairs = similar.pairs(sources)
    specs = {spec.id: spec for spec in tally.spec.checks}
    return ExerciseAnalysis(
        tally=tally,
        item=item(scores, rest),
        distribution=distribution(scores),
        full=int((scores >= 1 - 1e-9).sum()),
        missing=sum(row.status == "missing" for _, _, row in met),
        checks=tuple(
            _check(check, answers[check.spec.id].found(), graded, *totals) for check in tally.checks
        ),
        incidents=tuple(
            Incident(student, specs[check.id], check)
            for _, student, row in graded
            for check in row.checks
            if check.outcome in _INCIDENTS
        ),
        slowest=tuple(
            (student, row)
            for _, student, row in sorted(graded, key=lambda entry: -entry[2].seconds)[:_SLOWEST]
        ),
        compared=sum(bool(source.strip()) for source in sources),
        alike=len(pairs),
        twins=tuple(_twins(pair, students, sources) for pair in pairs[:MOST_PAIRS]),
    )


def _read(
    tally: ExerciseTally, column: int, students: Sequence[Standing]
) -> tuple[list[str], dict[str, Answers]]:
    """The source of each student, and the answers to each check: what brief rows don't have."""
    examples = Spilled(CheckResult)
    answers = {check.spec.id: Answers(examples) for check in tally.checks}
    sources = []
    for student in students:
        place = student.places[column]
        row = student.run[place] if place >= 0 else None
        sources.append("" if row is None else row.source)
        if row is not None and row.status == "graded":
            names = (student.name, *student.known_as)
            for name, found in answers.items():
                result = _one([check for check in row.checks if check.id == name])
                if result is not None:
                    found.add(names, result)
    return sources, answers


def _one(results: Sequence[CheckResult]) -> CheckResult | None:
    """On two devices a check has two results; it is passed when both are."""
    return next(
        (one for one in results if one.outcome != "passed"), results[0] if results else None
    )


def _check(
    tally: CheckTally,
    answers: WrongAnswers,
    graded: Sequence[tuple[int, Standing, Row]],
    points: Scores,
    room: Scores,
) -> CheckAnalysis:
    scores: Scores = np.full(len(points), np.nan)
    mine, whole = np.zeros(len(points)), np.zeros(len(points))
    for at, _, row in graded:
        result = _one([check for check in row.checks if check.id == tally.spec.id])
        if result is None or result.outcome == "grader_error":
            continue
        scores[at] = result.outcome == "passed"
        mine[at], whole[at] = result.points, result.max_points
    found = item(scores, shares(points - mine, room - whole))
    return CheckAnalysis(tally, found, answers)


def _twins(pair: similar.Pair, students: Sequence[Standing], sources: Sequence[str]) -> Twins:
    left = sources[pair.left[0]]
    if pair.identical:  # one text, whole
        whole = tuple(Line("same", row.left, None, row.count) for row in sides(left, ""))
        return Twins(tuple(students[at] for at in pair.left), (), pair, whole)
    right = sources[pair.right[0]]
    return Twins(
        tuple(students[at] for at in pair.left),
        tuple(students[at] for at in pair.right),
        pair,
        sides(left, right),
    )


def incidents(analysis: Analysis) -> Iterator[tuple[ExerciseTally, Incident]]:
    """Every check of the class that ended without an answer, in the course's order."""
    for exercise in analysis.exercises:
        for incident in exercise.incidents:
            yield exercise.tally, incident
