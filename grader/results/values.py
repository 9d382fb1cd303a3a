"""What a run found, as frozen values; results.json is a projection of them (see `file`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from grader.results.marks import Mark
from grader.text import Text

SCHEMA = 1

Status = Literal["graded", "missing", "unreadable", "grader_error"]
Outcome = Literal[
    "passed",
    "failed",
    "timeout",
    "out_of_memory",
    "crashed",
    "forbidden",
    "not_run",
    "grader_error",
]
Topic = Literal[
    "values", "gradient", "serialization", "retracing", "training", "interface", "graph", "data"
]
Reveal = Literal["full", "question", "nothing"]

EMPTY = Text("", "")
MOST_SOURCE = 60_000
"""Characters of a module that a results file keeps; no exercise's solution has a tenth of them."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One hidden check of an exercise, as the course states it."""

    id: str
    title: Text
    max_points: float
    topic: Topic
    reveal: Reveal = "full"


@dataclass(frozen=True, slots=True)
class ExerciseSpec:
    """One exercise and its checks in the order in which they run.

    `statement` is where it can be read: an address (http or https), or a file of the course.
    """

    id: str
    title: Text
    max_points: float
    checks: tuple[CheckSpec, ...]
    statement: Text = EMPTY


class Diagnosis(msgspec.Struct, frozen=True):
    """The known wrong variant that a submission behaves like."""

    variant: str
    title: Text


class CheckResult(msgspec.Struct, frozen=True):
    """What one check found; `seconds` is wall clock, `evidence` plain JSON already cut by `reveal`.

    Keys of `evidence`, all optional: asked, expected, got (each a str or {"en", "zh"}),
    first_difference, traceback, output (str), rests_on ("worker": nothing but the student's
    process stands behind the outcome), lines (of `Row.source`, on the way to the exception,
    outermost first), symbols (of the module, that the check used), pictures (see `pictures`).
    """

    id: str
    outcome: Outcome
    points: float
    max_points: float
    seconds: float = 0.0
    device: str = "cpu"
    message: Text = EMPTY
    hint: Text = EMPTY
    evidence: Mapping[str, Any] = msgspec.field(default_factory=dict)
    diagnosis: Diagnosis | None = None


class Row(msgspec.Struct, frozen=True):
    """One student's submission to one exercise; `reason` says why there is nothing to grade.

    `source` is the module as it was graded, "" where there is none or it is longer than
    `MOST_SOURCE`; for a notebook, `cells` has (cell, line in the cell) of each of its lines.
    `points` are the checks' own; `mark` stands beside them where something else counts.
    """

    student: str
    exercise: str
    status: Status
    points: float
    max_points: float
    seconds: float = 0.0
    cached: bool = False
    checks: tuple[CheckResult, ...] = ()
    reason: Text = EMPTY
    notes: tuple[Text, ...] = ()
    file: str = ""
    source: str = ""
    cells: tuple[tuple[int, int], ...] = ()
    mark: Mark | None = None

    @property
    def counts(self) -> float:
        """The points that the row counts for: after a penalty and a change by staff."""
        return self.points if self.mark is None else self.mark.points


@dataclass(frozen=True, slots=True)
class Run:
    """How a run was made; `started` is UTC in ISO 8601, `seconds` wall clock."""

    started: str
    seconds: float
    seed: int
    jobs: int
    device: str
    sandbox: str
    versions: Mapping[str, str]
    sandbox_notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class StudentInfo:
    """What a learning platform (`lms`) knows of a student; "" for what it doesn't tell.

    `id` is its own number of the student (Canvas's user, Moodle's participant, Gradescope's
    submission), `login` the school's identifier, `submitted` UTC in ISO 8601.
    """

    lms: str
    id: str = ""
    login: str = ""
    email: str = ""
    submitted: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that results.json holds; `students` has those whom a learning platform knows.

    `results` may lie on disk (see `rows`), where each is read when it is asked for.
    """

    run: Run
    exercises: tuple[ExerciseSpec, ...]
    results: Sequence[Row]
    schema: int = SCHEMA
    students: Mapping[str, StudentInfo] = field(default_factory=dict)
