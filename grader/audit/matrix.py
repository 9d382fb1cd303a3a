"""Grades variants, stub and reference of each exercise with the engine that grades students."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader import batch
from grader.audit.values import Case, Subject
from grader.course import Course, Exercise
from grader.diagnosis import digest
from grader.engine.zygote import EngineConfig
from grader.results import CheckSpec, Row
from grader.store import Store
from grader.submissions import Submission
from grader.text import Text
from grader.variants import read_variants

REFERENCE = Subject("reference", "reference", Text("the reference", "参考答案"), frozenset())
_STUB = Text("the untouched stub", "未填写的模板")


@dataclass(frozen=True, slots=True)
class Setting:
    """How an audit grades.

    Attributes:
        store: rows of earlier audits; what hasn't changed isn't graded again.
        on_row: told of each row when it is complete.
    """

    course: Course
    config: EngineConfig
    jobs: int
    store: Store
    use_store: bool
    on_row: Callable[[Row], None]


def subjects(exercise: Exercise, specs: Sequence[CheckSpec]) -> dict[Subject, bytes]:
    """All programs whose verdict is known, with their source.

    Raises:
        UsageError: a variant that doesn't say what it is.
    """
    everything = frozenset(spec.id for spec in specs)
    found = {REFERENCE: exercise.solution.read_bytes()}
    found[Subject("stub", "stub", _STUB, everything)] = exercise.stub.read_bytes()
    for variant in read_variants(exercise):
        subject = Subject(
            variant.name, "right" if variant.right else "wrong", variant.title, variant.fails
        )
        found[subject] = variant.file.read_bytes()
    return found


def run(
    setting: Setting,
    wanted: Mapping[Exercise, Mapping[Subject, bytes]],
    specs: Mapping[Exercise, tuple[CheckSpec, ...]],
    seed: int,
) -> dict[Exercise, tuple[Case, ...]]:
    """The case of each subject at one seed, by exercise."""
    submissions = [
        Submission(subject.name, exercise.id, "ready", source, f"{exercise.id}.py")
        for exercise, found in wanted.items()
        for subject, source in found.items()
    ]
    plan = batch.Plan(
        course=setting.course,
        specs={exercise: specs[exercise] for exercise in wanted},
        submissions=submissions,
        config=setting.config,
        seed=seed,
        jobs=setting.jobs,
        store=setting.store,
        use_store=setting.use_store,
    )
    rows = iter(batch.grade(plan, setting.on_row))
    return {
        exercise: tuple(_case(subject, seed, next(rows)) for subject in found)
        for exercise, found in wanted.items()
    }


def _case(subject: Subject, seed: int, row: Row) -> Case:
    return Case(
        subject=subject,
        seed=seed,
        outcomes={check.id: check.outcome for check in row.checks},
        messages={check.id: check.message.en for check in row.checks},
        seconds=row.seconds,
        problem="" if row.status in ("graded", "grader_error") else row.reason.en,
        behaviour=digest(row),
    )
