"""From a directory of submissions to results.json and the report: what `grader grade` does."""

from __future__ import annotations

import difflib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader import batch, shard
from grader import course as courses
from grader.course import Course, Exercise
from grader.devices import require_device
from grader.engine.zygote import EngineConfig
from grader.errors import UsageError
from grader.keys import versions
from grader.report import write_report
from grader.results import (
    CheckResult,
    CheckSpec,
    ExerciseSpec,
    Results,
    Row,
    Run,
    to_json,
    write_atomically,
)
from grader.sandbox import levels
from grader.sandbox.levels import Level
from grader.store import Store
from grader.submissions import Student, Submission, collect, find_students

STORE_FILE = "verdicts.sqlite"
RESULTS_FILE = "results.json"


@dataclass(frozen=True, slots=True)
class Request:
    """What `grader grade` was asked to do; see its help."""

    submissions: Path
    course: Path
    out: Path
    exercises: tuple[str, ...]
    students: tuple[str, ...]
    jobs: int
    device: str
    level: Level
    use_store: bool
    seed: int | None
    submission_seconds: float | None


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of it.

    Attributes:
        report: the class page.
        faults: rows on which the grader or the course failed.
    """

    results: Results
    report: Path
    faults: int


def grade_class(
    request: Request, begin: Callable[[int], None], on_row: Callable[[Row], None]
) -> Graded:
    """Grades, and writes results.json and the report.

    Args:
        begin: told how many rows there will be.
        on_row: told of each row when it is complete.

    Raises:
        UsageError: something about the call or its input; nothing has been graded.
        SandboxUnavailable: the wall can't be had at the level asked for.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    course = _limited(courses.load(request.course), request.submission_seconds)
    exercises = course.pick(request.exercises)
    students = _chosen(find_students(request.submissions), request.students)
    capabilities = levels.detect()
    levels.require(request.level, capabilities)
    devices = require_device(request.device)
    store = _open_store(request.out)
    try:
        specs = shard.collect(exercises)
        seed = _seed(store, request.seed)
        submissions = _collected(students, exercises)
        begin(len(submissions) * len(devices))
        by_device = []
        for device in devices:
            config = EngineConfig(request.level, device == "gpu", course.limits)
            plan = batch.Plan(
                course, specs, submissions, config, seed, request.jobs, store, request.use_store
            )
            by_device.append(batch.grade(plan, on_row))
    finally:
        store.close()
    run = Run(
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=time.monotonic() - clock,
        seed=seed,
        jobs=request.jobs,
        device=request.device,
        sandbox=request.level.value,
        versions=versions(),
        sandbox_notes=levels.notes(capabilities, request.level),
    )
    rows = by_device[0] if len(by_device) == 1 else _merged(*by_device)
    results = Results(run, tuple(_described(e, specs[e]) for e in exercises), tuple(rows))
    write_atomically(request.out / RESULTS_FILE, to_json(results))
    report = write_report(results, request.out)
    return Graded(results, report, sum(row.status == "grader_error" for row in rows))


def _limited(course: Course, submission_seconds: float | None) -> Course:
    if submission_seconds is None:
        return course
    return replace(course, limits=replace(course.limits, submission_seconds=submission_seconds))


def _chosen(found: Sequence[Student], names: tuple[str, ...]) -> list[Student]:
    known = {student.name: student for student in found}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3, 0.5) or sorted(known)[:5]
            raise UsageError(
                f"no submission of {name!r}; there is, for example: {', '.join(map(repr, near))}"
            )
    return [student for student in found if not names or student.name in names]


def _open_store(out: Path) -> Store:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"--out {out}: {error.strerror}; name a directory that can be written"
        ) from None
    return Store(out / STORE_FILE)


def _seed(store: Store, wanted: int | None) -> int:
    """The given seed; else that of the run which this one continues; else a fresh one."""
    known = store.fact("seed") or ""
    continued = int(known) if known.isascii() and known.isdigit() else secrets.randbelow(1 << 31)
    seed = continued if wanted is None else wanted
    store.set_fact("seed", str(seed))
    return seed


def _collected(students: Sequence[Student], exercises: Sequence[Exercise]) -> list[Submission]:
    symbols = {exercise.id: exercise.symbols for exercise in exercises}
    return [submission for student in students for submission in collect(student, symbols)]


def _described(exercise: Exercise, checks: tuple[CheckSpec, ...]) -> ExerciseSpec:
    total = sum(check.max_points for check in checks)
    return ExerciseSpec(exercise.id, exercise.title, total, checks)


def _merged(first: Sequence[Row], second: Sequence[Row]) -> list[Row]:
    """A check passes when it passes on both devices; otherwise the failing one is shown."""
    merged = []
    for one, other in zip(first, second, strict=True):
        checks = tuple(_worse(a, b) for a, b in zip(one.checks, other.checks, strict=True))
        broken = "grader_error" in (one.status, other.status)
        merged.append(
            replace(
                one,
                status="grader_error" if broken else one.status,
                checks=checks,
                points=sum(check.points for check in checks),
                seconds=one.seconds + other.seconds,
                cached=one.cached and other.cached,
            )
        )
    return merged


def _worse(one: CheckResult, other: CheckResult) -> CheckResult:
    if one.outcome == "passed" and other.outcome != "passed":
        return other
    return one
