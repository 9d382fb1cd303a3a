"""What the pages show, worked out from the results: standings, tallies of checks, next steps.

Nothing here knows a language or HTML. What the grader failed on counts in no sum, neither a whole
row nor the points of a single check: they were never up for judgement.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from grader.report.markup import decimals
from grader.report.scores import Score, amounts, counted, judged, total
from grader.report.slugs import slug
from grader.results import (
    CheckResult,
    CheckSpec,
    Diagnosis,
    ExerciseSpec,
    Outcome,
    Results,
    Row,
    StudentInfo,
    brief,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One student: a row per exercise of the course, None where the run holds none.

    Attributes:
        brief: the rows without what only the student's own page shows (see `grader.results.brief`).
        places: of the rows among the run's, -1 where there is none.
        known_as: what else names them: login, address.
    """

    name: str
    slug: str
    brief: tuple[Row | None, ...]
    places: tuple[int, ...]
    run: Sequence[Row] = field(repr=False, compare=False)
    known_as: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[Row | None, ...]:
        """The rows whole; those that lie on disk are read at each call."""
        return tuple(None if place < 0 else self.run[place] for place in self.places)

    @property
    def score(self) -> Score:
        """The sum of what counts."""
        return total([counted(row) for row in self.brief if row is not None])


@dataclass(frozen=True, slots=True)
class CheckTally:
    """How one check went for the class; each student whose code met it counts once."""

    spec: CheckSpec
    judged: int
    missed: int
    unjudged: int
    ways: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True)
class DiagnosisTally:
    """A known mistake and who made it."""

    diagnosis: Diagnosis
    students: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class ExerciseTally:
    """How one exercise went for the class; `checks` begins with the most missed.

    `share` is the mean of what counts.
    """

    spec: ExerciseSpec
    anchor: str
    graded: int
    share: float | None
    checks: tuple[CheckTally, ...]
    diagnoses: tuple[DiagnosisTally, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the grader or the course failed; no check: on the whole exercise."""

    student: Standing
    exercise: ExerciseTally
    spec: CheckSpec | None
    row: Row
    check: CheckResult | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole class; `statuses` counts rows, the digits are what points need to show exactly."""

    students: tuple[Standing, ...]
    exercises: tuple[ExerciseTally, ...]
    statuses: Counter[str]
    faults: tuple[Fault, ...]
    share: float | None
    digits: int
    check_digits: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a student should do first; `place` counts the exercise's checks from 0."""

    kind: Literal["check", "unreadable", "missing", "wait", "done"]
    exercise: ExerciseTally | None = None
    row: Row | None = None
    place: int | None = None


def overview(results: Results) -> Overview:
    """Everything that the class page shows, students by name."""
    every = brief(results.results)
    columns = {spec.id: column for column, spec in enumerate(results.exercises)}
    by_name: dict[str, array[int]] = {}
    for place, row in enumerate(every):
        if row.student not in by_name:
            by_name[row.student] = array("q", [-1]) * len(columns)
        if row.exercise in columns:
            by_name[row.student][columns[row.exercise]] = place
    students = tuple(
        Standing(
            name,
            slug(name),
            tuple(None if place < 0 else every[place] for place in places),
            tuple(places),
            results.results,
            _known_as(results.students.get(name)),
        )
        for name, places in sorted(by_name.items(), key=lambda item: (item[0].casefold(), item[0]))
    )
    exercises = tuple(
        _exercise_tally(spec, place, students) for place, spec in enumerate(results.exercises)
    )
    # Of all amounts, each once: a class has millions of them.
    checks = {check for row in every for check in _amounts_of_checks(row)}
    specs = [check for spec in results.exercises for check in spec.checks]
    return Overview(
        students=students,
        exercises=exercises,
        statuses=Counter(row.status for row in every),
        faults=tuple(_faults(students, exercises)),
        share=_mean([student.score.share for student in students]),
        digits=decimals(
            {
                *(row.points for row in every),
                *(judged(row).max_points for row in every),
                *(amount for row in every if row.mark for amount in amounts(row.mark)),
                *(spec.max_points for spec in results.exercises),
            }
        ),
        check_digits=decimals(checks | {spec.max_points for spec in specs}),
    )


def _amounts_of_checks(row: Row) -> Iterator[float]:
    for check in row.checks:
        yield check.points
        yield check.max_points


def _known_as(info: StudentInfo | None) -> tuple[str, ...]:
    return () if info is None else tuple(name for name in (info.login, info.email) if name)


def next_step(rows: Sequence[tuple[ExerciseTally, Row]]) -> NextStep:
    """The first check not passed, in the course's order; else the first missing exercise.

    Args:
        rows: of one student, with their exercises.
    """
    for exercise, row in rows:
        if row.status == "unreadable":
            return NextStep("unreadable", exercise, row)
        if row.status == "graded":
            for place, check in enumerate(row.checks):
                if check.outcome not in ("passed", "grader_error"):
                    return NextStep("check", exercise, row, place)
    for exercise, row in rows:
        if row.status == "missing" and not row.counts:  # or staff gave points without a file
            return NextStep("missing", exercise, row)
    return NextStep("wait" if any(_failed_on(row) for _, row in rows) else "done")


def _failed_on(row: Row) -> bool:
    return row.status == "grader_error" or any(c.outcome == "grader_error" for c in row.checks)


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def _exercise_tally(spec: ExerciseSpec, place: int, students: Sequence[Standing]) -> ExerciseTally:
    met = [(student, row) for student in students if (row := student.brief[place]) is not None]
    graded = [row for _, row in met if row.status == "graded"]
    checks = [_check_tally(check, graded) for check in spec.checks]
    made: dict[str, tuple[Diagnosis, list[Standing]]] = {}
    for student, row in met:
        # A student with the same mistake in three checks made it once.
        for diagnosis in {
            c.diagnosis.variant: c.diagnosis for c in row.checks if c.diagnosis
        }.values():
            made.setdefault(diagnosis.variant, (diagnosis, []))[1].append(student)
    return ExerciseTally(
        spec=spec,
        anchor=slug(spec.id),
        graded=len(graded),
        share=_mean([counted(row).share for _, row in met]),
        checks=tuple(sorted(checks, key=lambda tally: -tally.missed)),
        diagnoses=tuple(
            DiagnosisTally(diagnosis, tuple(who))
            for diagnosis, who in sorted(made.values(), key=lambda item: -len(item[1]))
        ),
    )


def _check_tally(spec: CheckSpec, graded: Sequence[Row]) -> CheckTally:
    ways: Counter[Outcome] = Counter()
    for row in graded:
        # On two devices a check has two results; it is passed when both are.
        outcomes = [check.outcome for check in row.checks if check.id == spec.id]
        if outcomes:
            ways[next((way for way in outcomes if way != "passed"), "passed")] += 1
    unjudged = ways.pop("grader_error", 0)
    passed = ways.pop("passed", 0)
    missed = ways.total()
    return CheckTally(spec, passed + missed, missed, unjudged, tuple(ways.most_common()))


def _faults(students: Sequence[Standing], exercises: Sequence[ExerciseTally]) -> list[Fault]:
    found = []
    for student in students:
        for exercise, row in zip(exercises, student.brief, strict=True):
            if row is None:
                continue
            if row.status == "grader_error":
                found.append(Fault(student, exercise, None, row, None))
            specs = {check.id: check for check in exercise.spec.checks}
            found += [
                Fault(student, exercise, specs[check.id], row, check)
                for check in row.checks
                if check.outcome == "grader_error" and row.status != "grader_error"
            ]
    return found
