"""The form of results.json, schema 1: a struct per object, a field per key, in the file's order.

Keys with a default are extras that the contract doesn't name: a file without them is read too.
"""

import math
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec

from grader.results import values
from grader.results.marks import MOST, Amount, Mark
from grader.results.plain import writable
from grader.results.shared import shared, shared_data, shared_text
from grader.results.values import Outcome, Reveal, Status, Topic
from grader.text import Text

_encode = msgspec.json.Encoder().encode
_PLAIN = frozenset(map(float, range(101)))

Whole = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""An integer of 64 bits: what is larger comes back from the file as a text."""


class CheckSpec(msgspec.Struct):
    id: str
    title: str
    max_points: Amount
    topic: Topic
    titles: Text | None = None
    reveal: Reveal = "full"


class Exercise(msgspec.Struct):
    id: str
    title: str
    max_points: Amount
    checks: list[CheckSpec]
    titles: Text | None = None
    statement: Text = values.EMPTY


class Diagnosis(msgspec.Struct):
    variant: str
    title: str
    titles: Text | None = None


class Check(msgspec.Struct):
    id: str
    outcome: Outcome
    points: Amount
    max_points: Amount
    seconds: Amount
    device: str
    message: str
    hint: str
    evidence: dict[str, Any]
    diagnosis: Diagnosis | None
    messages: Text | None = None
    hints: Text | None = None


class Row(msgspec.Struct):
    student: str
    exercise: str
    status: Status
    points: Amount
    max_points: Amount
    seconds: Amount
    cached: bool
    checks: list[Check]
    reason: str = ""
    reasons: Text | None = None
    notes: list[Text] = []
    file: str = ""
    source: str = ""
    cells: list[tuple[Whole, Whole]] = []
    mark: Mark | None = None


class Run(msgspec.Struct):
    started: str
    seconds: Amount
    seed: Whole
    jobs: Whole
    device: str
    sandbox: str
    versions: dict[str, str]
    sandbox_notes: list[Text] = []


class Student(msgspec.Struct):
    lms: str
    id: str = ""
    login: str = ""
    email: str = ""
    submitted: str = ""
    late: bool = False


class File(msgspec.Struct):
    schema: int
    run: Run
    exercises: list[Exercise]
    results: list[Row]
    students: dict[str, Student] = {}


class Schema(msgspec.Struct):
    """What is looked at first, so that another schema is named and not its first odd value."""

    schema: int


def head_to_form(results: values.Results) -> File:
    """The document for `results` without its rows; raises what `row_to_form` raises."""
    run = results.run
    return File(
        schema=results.schema,
        run=Run(
            started=run.started,
            seconds=_number(run.seconds, 3),
            seed=run.seed,
            jobs=run.jobs,
            device=run.device,
            sandbox=run.sandbox,
            versions=dict(run.versions),
            sandbox_notes=list(run.sandbox_notes),
        ),
        exercises=[_exercise_to_form(exercise) for exercise in results.exercises],
        results=[],
        students={
            name: Student(one.lms, one.id, one.login, one.email, one.submitted, one.late)
            for name, one in results.students.items()
        },
    )


def from_form(document: File) -> values.Results:
    """The values that a checked document holds; its rows are used up."""
    run = document.run
    return values.Results(
        schema=document.schema,
        run=values.Run(
            started=run.started,
            seconds=run.seconds,
            seed=run.seed,
            jobs=run.jobs,
            device=run.device,
            sandbox=run.sandbox,
            versions=run.versions,
            sandbox_notes=tuple(run.sandbox_notes),
        ),
        exercises=tuple(_exercise_from_form(exercise) for exercise in document.exercises),
        results=tuple(map(row_from_form, _used_up(document.results))),
        students={
            name: values.StudentInfo(one.lms, one.id, one.login, one.email, one.submitted, one.late)
            for name, one in document.students.items()
        },
    )


def _used_up(rows: list[Row]) -> Iterator[Row]:
    """Each row, gone from memory once the next is asked for."""
    rows.reverse()
    while rows:
        yield rows.pop()


def _exercise_to_form(exercise: values.ExerciseSpec) -> Exercise:
    return Exercise(
        id=exercise.id,
        title=exercise.title.en,
        max_points=_number(exercise.max_points, 4),
        checks=[
            CheckSpec(
                id=check.id,
                title=check.title.en,
                max_points=_number(check.max_points, 4),
                topic=check.topic,
                titles=check.title,
                reveal=check.reveal,
            )
            for check in exercise.checks
        ],
        titles=exercise.title,
        statement=exercise.statement,
    )


def _exercise_from_form(exercise: Exercise) -> values.ExerciseSpec:
    return values.ExerciseSpec(
        id=exercise.id,
        title=_text(exercise.title, exercise.titles),
        max_points=exercise.max_points,
        checks=tuple(
            values.CheckSpec(
                id=check.id,
                title=_text(check.title, check.titles),
                max_points=check.max_points,
                topic=check.topic,
                reveal=check.reveal,
            )
            for check in exercise.checks
        ),
        statement=exercise.statement,
    )


def row_to_form(row: values.Row) -> Row:
    """The document's object for `row`; what is in its evidence can be written.

    Raises ValueError if an amount is negative, NaN or infinite.
    """
    return Row(
        student=row.student,
        exercise=row.exercise,
        status=row.status,
        points=_number(row.points, 4),
        max_points=_number(row.max_points, 4),
        seconds=_number(row.seconds, 3),
        cached=row.cached,
        checks=[_check_to_form(check) for check in row.checks],
        reason=row.reason.en,
        reasons=row.reason,
        notes=list(row.notes),
        file=row.file,
        source=row.source,
        cells=list(row.cells),
        mark=_checked(row.mark) if row.mark else None,
    )


def plain(row: values.Row) -> tuple[bytes, values.Row]:
    """A row's JSON without any space, and the row that is read from it.

    Raises:
        ValueError, RecursionError: as `row_to_form`.
    """
    formed = row_to_form(row)
    try:
        return _encode(formed), as_stored(row, formed)
    except (UnicodeEncodeError, OverflowError):  # rare: it holds what no JSON can
        data = _encode(writable(msgspec.to_builtins(formed)))
        return data, row_from_form(msgspec.json.decode(data, type=Row))


def as_stored(row: values.Row, formed: Row) -> values.Row:
    """What `row_from_form` would give of `formed`, which is `row`'s: in a fraction of the time."""
    checks = tuple(
        values.CheckResult(
            check.id,
            check.outcome,
            form.points,
            form.max_points,
            form.seconds,
            check.device,
            check.message,
            check.hint,
            form.evidence,
            check.diagnosis,
        )
        for check, form in zip(row.checks, formed.checks, strict=True)
    )
    return values.Row(
        row.student,
        row.exercise,
        row.status,
        formed.points,
        formed.max_points,
        formed.seconds,
        row.cached,
        checks,
        row.reason,
        row.notes,
        row.file,
        row.source,
        row.cells,
        row.mark,
    )


def row_from_form(row: Row) -> values.Row:
    """The row that a checked document's object is."""
    return values.Row(
        student=shared(row.student),
        exercise=shared(row.exercise),
        status=row.status,
        points=row.points,
        max_points=row.max_points,
        seconds=row.seconds,
        cached=row.cached,
        checks=tuple(_check_from_form(check) for check in row.checks),
        reason=_text(row.reason, row.reasons),
        notes=tuple(map(shared_text, row.notes)),
        file=shared(row.file),
        source=row.source,
        cells=tuple(row.cells),
        mark=row.mark,
    )


def _check_to_form(check: values.CheckResult) -> Check:
    return Check(
        id=check.id,
        outcome=check.outcome,
        points=_number(check.points, 4),
        max_points=_number(check.max_points, 4),
        seconds=_number(check.seconds, 3),
        device=check.device,
        message=check.message.en,
        hint=check.hint.en,
        evidence=writable(dict(check.evidence)),
        diagnosis=_diagnosis_to_form(check.diagnosis) if check.diagnosis else None,
        messages=check.message,
        hints=check.hint,
    )


def _check_from_form(check: Check) -> values.CheckResult:
    return values.CheckResult(
        id=shared(check.id),
        outcome=check.outcome,
        points=check.points,
        max_points=check.max_points,
        seconds=check.seconds,
        device=shared(check.device),
        message=_text(check.message, check.messages),
        hint=_text(check.hint, check.hints),
        evidence=shared_data(check.evidence),
        diagnosis=_diagnosis_from_form(check.diagnosis) if check.diagnosis else None,
    )


def _diagnosis_to_form(diagnosis: values.Diagnosis) -> Diagnosis:
    return Diagnosis(diagnosis.variant, diagnosis.title.en, diagnosis.title)


def _diagnosis_from_form(diagnosis: Diagnosis) -> values.Diagnosis:
    return values.Diagnosis(diagnosis.variant, _text(diagnosis.title, diagnosis.titles))


def _text(english: str, both: Text | None) -> Text:
    return shared_text(both or Text(english, english))


def _checked(mark: Mark) -> Mark:
    """A mark whose numbers a file can hold: an unknown one would make it unreadable."""
    late, hand = mark.late, mark.adjustment
    amounts = [mark.points, *((late.seconds, late.penalty) if late else ())]
    amounts += [amount for one in mark.attempts for amount in (one.points, one.penalty)]
    if hand is not None:
        amounts += [hand.total, abs(hand.change or 0.0)]
    for amount in amounts:
        _number(amount or 0.0, 4)
    return mark


def _number(value: float, digits: int) -> float:
    if value in _PLAIN:  # most of a class's points, and a class has millions of numbers
        return value + 0.0
    if not math.isfinite(value) or not 0 <= value <= MOST:
        raise ValueError(f"points and seconds are finite and not negative, not {value!r}")
    return round(float(value), digits) + 0.0  # + 0.0: no "-0.0" in the file
