"""From a directory of submissions to results.json and the report: what `grader grade` does."""

from __future__ import annotations

import difflib
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from grader import adjustments, attempts, batch, both, disk, executors, folders, lms, specs, stores
from grader import course as courses
from grader.course import Course, Exercise
from grader.device_remarks import noted
from grader.engine.config import EngineConfig
from grader.errors import UsageError
from grader.keys import versions
from grader.passed import Passed
from grader.replaced import earlier, left_out
from grader.report import write_stored
from grader.report.preferences import names_of
from grader.results import (
    CheckSpec,
    ExerciseSpec,
    Results,
    Row,
    Run,
    Spilled,
    StudentInfo,
    brief,
    remove_abandoned,
    write_rows,
)
from grader.sandbox.levels import Level
from grader.store import Store
from grader.stores import RESULTS_FILE
from grader.submissions import Student, Submission
from grader.times import read_times, timed


@dataclass(frozen=True, slots=True)
class Request:
    """What `grader grade` was asked to do; see its help.

    Attributes:
        gpu_jobs: processes side by side on GPUs; None: as many as fit.
        times: a file that says when students handed in; see `times`.
        opened: tells who handed in what, from `submissions`.
        place: where submissions are graded; None: on this machine.
    """

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
    lang: str | None = None
    languages: Mapping[str, str] = field(default_factory=dict)
    times: Path | None = None
    adjustments: Path | None = None
    gpu_jobs: int | None = None
    opened: Callable[[Path], AbstractContextManager[lms.HandedIn]] = lms.opened
    place: executors.Place | None = None


_Batches = tuple[specs.Specs, list[attempts.Tries], list[Sequence[Row]]]
"""What there is of checks and attempts, and the rows of each device."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of it.

    Attributes:
        report: the class page.
        faults: rows on which the grader or the course failed.
        unknown: who has a language and no page.
        warnings: what to know of the submissions, a line each.
        told: why grades aren't the checks' points, a line each.
    """

    results: Results
    report: Path
    faults: int
    unknown: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


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
    times = read_times(request.times, course) if request.times else None
    by_hand = adjustments.for_grading(adjustments.Source(request.out, request.adjustments))
    place = request.place or executors.Place(jobs=request.jobs, gpu_jobs=request.gpu_jobs)
    with (
        request.opened(request.submissions) as handed_in,
        _own_temporary_folder(request.jobs),
        ExitStack() as stack,
    ):
        students = _chosen(handed_in.students, request.students)
        executor = stack.enter_context(
            executors.opened(place, course, request.level, request.device)
        )
        folders.make(request.out)
        with folders.alone_in(request.out):
            for part in (request.out, request.out / "students", request.out / "exercises"):
                remove_abandoned(part)
            when, strays = timed(handed_in, course, times)
            configs = [
                EngineConfig(request.level, course.limits, where) for where in executor.placements
            ]

            def grade(store: Store, seed: int) -> _Batches:
                use = request.use_store
                checks = (specs.known if use else specs.renewed)(course, exercises, store)
                passed = Passed(store) if use else None
                tries: list[attempts.Tries] = []
                submissions = Spilled(Submission)
                with store.reading():
                    for one in _tried(students, exercises, course, when, passed):
                        for submission in one.submissions:
                            submissions.append(submission)
                        tries.append(one.lean())
                if passed is not None:
                    passed.keep()
                begin(len(submissions) * len(configs))
                fit = True

                def told(row: Row) -> None:
                    nonlocal fit
                    fit = fit and specs.fits(checks, row)
                    on_row(row)

                def rows(checks: specs.Specs, told: Callable[[Row], None]) -> list[Sequence[Row]]:
                    plans = (
                        batch.Plan(
                            course, checks, submissions, config, seed,
                            config.placement.places or executor.jobs, store, use, execute=execute,
                        )
                        for config in configs
                    )  # fmt: skip
                    return [batch.diagnosed(plan, batch.grade(plan, told)) for plan in plans]

                with executor.working() as execute:
                    found = rows(checks, told)
                    if use and not fit:  # all verdicts are known now
                        checks = specs.renewed(course, exercises, store)
                        found = rows(checks, lambda row: None)
                return checks, tries, found

            (checks, tries, by_device), seed = stores.graded(request.out, request.seed, grade)
            run = Run(
                started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
                seconds=time.monotonic() - clock,
                seed=seed,
                jobs=executor.jobs,
                device=request.device,
                sandbox=request.level.value,
                versions=versions(),
                sandbox_notes=executor.notes,
            )
            by_device = [noted(rows) for rows in by_device]
            every = by_device[0] if len(by_device) == 1 else both.merged(*by_device)
            described = tuple(_described(exercise, checks[exercise]) for exercise in exercises)
            known = known_students(handed_in, students)
            file = request.out / RESULTS_FILE
            of_class = {(student.name, one.id): None for student in students for one in exercises}
            before = earlier(file)
            replaced = left_out(file, before.rows, of_class.keys())
            changes = by_hand(of_class, before.changes)
            del before
            # Each row is made once, and written as it is made.
            counted = map(changes.row, attempts.counted(tries, every))
            # The pages are made of what the file holds, too.
            results = write_rows(file, Results(run, described, (), students=known), counted)
            warnings = (*lms.warnings(handed_in), *strays)
            warnings += attempts.unpriced(tries, brief(results.results))
            warnings += (*changes.warnings({one.id for one in exercises}), *replaced)
            del tries, by_device, every, counted
            names, unknown = names_of(results, request.lang, request.languages)
            report = write_stored(results, request.out, names)
    faults = sum(row.status == "grader_error" for row in brief(results.results))
    return Graded(results, report, faults, tuple(unknown), warnings, changes.told())


@contextmanager
def _own_temporary_folder(jobs: int) -> Iterator[None]:
    """Has everything temporary lie in one directory, which the next run removes if this one can't.

    Raises:
        UsageError: there is too little room for it.
    """
    before = tempfile.tempdir
    with folders.temporary(disk.temporary_folder(jobs)) as folder:
        tempfile.tempdir = str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before


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


def _tried(
    students: Sequence[Student],
    exercises: Sequence[Exercise],
    course: Course,
    when: Mapping[str, attempts.Timed],
    passed: Passed | None,
) -> Iterator[attempts.Tries]:
    others = [exercise.id for exercise in course.exercises]
    for student in students:
        yield from attempts.tries(student, exercises, others, when[student.name], passed)


def known_students(handed_in: lms.HandedIn, students: Sequence[Student]) -> dict[str, StudentInfo]:
    """What the learning platform says of those who were graded."""
    graded = {student.name for student in students}
    return {
        one.name: StudentInfo(one.lms, one.id, one.login, one.email, one.submitted, one.late)
        for one in (hand_in.person for hand_in in handed_in.hand_ins)
        if one.lms and one.name in graded
    }


def _described(exercise: Exercise, checks: tuple[CheckSpec, ...]) -> ExerciseSpec:
    total = sum(check.max_points for check in checks)
    return ExerciseSpec(exercise.id, exercise.title, total, checks, exercise.statement)
