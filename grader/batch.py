"""Grades a class: what is known is taken from the store, the rest goes in shards over processes.

A student's row depends only on the submission, the course, the settings and the seed: never on who
else is in the batch, on the order, or on the number of jobs.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from grader import pool
from grader.course import Course, Exercise
from grader.crew import Batch, Execute
from grader.diagnosis import behaviour, by_behaviour, named
from grader.engine.config import EngineConfig
from grader.errors import EngineError, UsageError
from grader.job import REFERENCE, Job
from grader.keys import keys_for
from grader.results import MOST_SOURCE, CheckResult, CheckSpec, Mapped, Row, Spilled
from grader.store import Store
from grader.submissions import Submission
from grader.text import Text
from grader.variants import Variant, read_variants

_ENDED = "its process ended"
_NOWHERE = 2**63 - 1
_MOST_JOBS = 16  # in a shard: what a process that dies may take along

OnRow = Callable[[Row], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one batch has to do.

    Attributes:
        specs: the hidden checks of each exercise.
        submissions: of every student to every exercise; several where attempts are compared.
        store: finished rows of earlier runs; written as rows come in.
        use_store: whether earlier rows may be taken.
        proven: exercises whose reference is known to pass its own checks, or is looked at anyway.
        checks: by (student, exercise), the only checks that the submission is to be asked.
        execute: has shards worked at, as `pool.run` does on this machine.
    """

    course: Course
    specs: Mapping[Exercise, tuple[CheckSpec, ...]]
    submissions: Sequence[Submission]
    config: EngineConfig
    seed: int
    jobs: int
    store: Store
    use_store: bool
    proven: frozenset[str] = frozenset()
    checks: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    execute: Execute = pool.run


def grade(plan: Plan, on_row: OnRow) -> Sequence[Row]:
    """A row for every submission, in the order of `plan.submissions`; the rows lie on disk.

    Rows are stored and told to `on_row` as soon as they are complete.

    Raises:
        KeyboardInterrupt: after the processes have been ended; finished rows are in the store.
    """
    exercises = {exercise.id: exercise for exercise in plan.specs}
    keys = keys_for(plan.course, tuple(exercises.values()), plan.config, plan.seed)
    rows = Spilled(Row)
    # Each submission's place among the rows. One that never came is nowhere: nobody else's row.
    at = array("q", [_NOWHERE]) * len(plan.submissions)
    waited: dict[tuple[str, str, int], list[int]] = {}  # places of submissions that aren't known
    proven: dict[str, Row] = {}
    todo: list[Job] = []

    def known_as(place: int, row: Row) -> None:
        at[place] = rows.append(row)
        on_row(row)

    def done(row: Row, attempt: int = 0) -> None:
        if row.student == REFERENCE:
            proven[row.exercise] = row
            return
        made = rows.append(row)
        for place in waited[row.student, row.exercise, attempt]:
            at[place] = made
        on_row(row)

    ready: set[str] = set()
    with plan.store.reading():
        for place, submission in enumerate(plan.submissions):
            exercise = exercises[submission.exercise]
            if submission.status != "ready":
                known_as(place, _unready(submission, plan.specs[exercise]))
                continue
            ready.add(submission.exercise)
            asked = plan.checks.get((submission.student, submission.exercise))
            job = _job(submission, exercise, keys[exercise.id], asked)
            known = plan.store.get(job.key) if plan.use_store else None
            if known is None:
                todo.append(job)
                key = (submission.student, submission.exercise, submission.attempt)
                waited.setdefault(key, []).append(place)
            else:
                row = structs.replace(
                    known, student=submission.student, notes=submission.notes, cached=True
                )
                known_as(place, row)
    proofs: list[Job] = []
    for exercise in exercises.values():
        if exercise.id in ready - plan.proven:
            proof = _proof(exercise, keys[exercise.id])
            known = plan.store.get(proof.key) if plan.use_store else None
            if known is None:
                proofs.append(proof)
            else:  # stored verdicts are as the checks gave them: who is to blame is asked each time
                done(known)
    _run(plan, proofs + todo, done)
    broken = _broken_checks(proven.values())

    def made(submission: Submission, place: int) -> Row:
        row = _blamed(_examined(rows[place]), broken.get(submission.exercise, {}))
        return _with_source(row, submission)

    return Mapped(made, plan.submissions, at)


def _with_source(row: Row, submission: Submission) -> Row:
    """The row with what was graded beside the verdict; the store's rows hold only its digest."""
    text = submission.text if submission.status == "ready" else ""
    if not text or len(text) > MOST_SOURCE:
        return row
    return structs.replace(row, source=text, cells=submission.cell_map or ())


def _lean(row: Row) -> Row:
    """The row without the symbols that its passed checks used: nobody is shown them."""
    checks = tuple(
        _without_symbols(check)
        if check.outcome == "passed" and "symbols" in check.evidence
        else check
        for check in row.checks
    )
    return structs.replace(row, checks=checks)


def _without_symbols(check: CheckResult) -> CheckResult:
    """Field by field: `replace` takes five times as long, and a class has a hundred thousand."""
    evidence = {key: value for key, value in check.evidence.items() if key != "symbols"}
    return CheckResult(
        check.id,
        check.outcome,
        check.points,
        check.max_points,
        check.seconds,
        check.device,
        check.message,
        check.hint,
        evidence,
        check.diagnosis,
    )


def diagnosed(plan: Plan, rows: Sequence[Row]) -> Sequence[Row]:
    """`rows` of `grade` with the misconception behind each, where there is one that can be named.

    The wrong variants of an exercise are asked the same questions as everybody, once a run, and
    only if somebody's answers were wrong. What no page shows is left out.
    """
    keys = keys_for(plan.course, tuple(plan.specs), plan.config, plan.seed)
    wanted: set[str] = set()
    for row in rows:
        if row.exercise not in wanted and behaviour(row) is not None:
            wanted.add(row.exercise)
            if len(wanted) == len(plan.specs):
                break
    variants = {e.id: _wrong_variants(e) for e in plan.specs if e.id in wanted}
    found: dict[str, dict[str, tuple[Text, Row]]] = {name: {} for name in variants}

    def done(row: Row, attempt: int = 0) -> None:
        title = variants[row.exercise][row.student].title
        found[row.exercise][row.student] = (title, _examined(row))

    todo: list[Job] = []
    for exercise in plan.specs:
        for variant in variants.get(exercise.id, {}).values():
            name = f"{exercise.id}.py"
            source = variant.file.read_bytes()
            submission = Submission(variant.name, exercise.id, "ready", source, name)
            job = _job(submission, exercise, keys[exercise.id])
            known = plan.store.get(job.key) if plan.use_store else None
            if known is None:
                todo.append(job)
            else:
                done(structs.replace(known, student=variant.name))
    _run(plan, todo, done)
    tellable = {name: by_behaviour(rows_of) for name, rows_of in found.items()}
    return Mapped(lambda row: _lean(named(row, tellable.get(row.exercise, {}))), rows)


def _wrong_variants(exercise: Exercise) -> dict[str, Variant]:
    try:
        return {variant.name: variant for variant in read_variants(exercise) if not variant.right}
    except UsageError:  # the audit's to complain about: every verdict is made by now
        return {}


# -- jobs ------------------------------------------------------------------------------------------


def _job(
    submission: Submission,
    exercise: Exercise,
    key: Callable[..., str],
    checks: frozenset[str] | None = None,
) -> Job:
    shown_as = submission.origin.rsplit("/", 1)[-1]
    read_as = (shown_as, submission.cell_map) + (() if checks is None else (sorted(checks),))
    return Job(
        key=key(submission.source, repr(read_as)),
        student=submission.student,
        exercise=exercise.id,
        source=submission.source,
        shown_as=shown_as,
        cell_map=submission.cell_map,
        notes=submission.notes,
        attempt=submission.attempt,
        checks=checks,
    )


def _proof(exercise: Exercise, key: Callable[..., str]) -> Job:
    source = exercise.solution.read_bytes()
    name = exercise.solution.name
    return Job(key(source, "reference"), REFERENCE, exercise.id, source, name, None, ())


def _unready(submission: Submission, specs: tuple[CheckSpec, ...]) -> Row:
    return Row(
        student=submission.student,
        exercise=submission.exercise,
        status="missing" if submission.status == "missing" else "unreadable",
        points=0.0,
        max_points=sum(spec.max_points for spec in specs),
        reason=submission.reason,
        notes=submission.notes,
        file="" if submission.status == "missing" else submission.origin.rsplit("/", 1)[-1],
    )


# -- faults of the course or the grader ------------------------------------------------------------


def _broken_checks(proofs: Iterable[Row]) -> dict[str, dict[str, CheckResult]]:
    """Checks that the reference itself doesn't pass, by exercise: the course's fault."""
    broken: dict[str, dict[str, CheckResult]] = {}
    for row in proofs:
        failed = {c.id: c for c in row.checks if c.outcome != "passed"}
        if failed:
            broken[row.exercise] = failed
    return broken


def _examined(row: Row) -> Row:
    """The row with checks that stumbled over the student's answer counted as failed.

    A check's own code raised while the reference passes it (otherwise `_blamed` takes over): what
    came back is nothing that anybody expects, such as a function where a class was asked for.
    Otherwise odd answers could stop a course's marks. Staff find the exception in `internal`.
    """
    checks = tuple(
        _odd(check) if check.evidence.get("raised_in") == "check" else check for check in row.checks
    )
    if checks == row.checks:
        return row
    broken = any(check.outcome == "grader_error" for check in checks)
    return structs.replace(row, checks=checks, status="grader_error" if broken else "graded")


def _odd(check: CheckResult) -> CheckResult:
    return structs.replace(
        check,
        outcome="failed",
        message=Text(
            "what your code gave back can't be examined: it isn't of the kind the statement asks"
            " for (a class where it says class, a tensor where it says tensor); compare your"
            " definitions with those of the exercise's stub",
            "你的代码返回的东西无法检查：它不是题目要求的类型（要求类就给类，要求张量就给张量）；"
            "请把你的定义与练习模板中的定义对照",
        ),
    )


def _blamed(row: Row, broken: Mapping[str, CheckResult]) -> Row:
    """The row with broken checks marked as what they are, never as the student's."""
    if not broken or row.status != "graded":
        return row
    checks = tuple(
        check if check.id not in broken else _not_yours(check, broken[check.id])
        for check in row.checks
    )
    return structs.replace(
        row, status="grader_error", checks=checks, points=sum(check.points for check in checks)
    )


def _not_yours(check: CheckResult, proof: CheckResult) -> CheckResult:
    return structs.replace(
        check,
        outcome="grader_error",
        points=0.0,
        message=Text(
            "the course's own solution doesn't pass this check, so it says nothing about yours;"
            f" for the course staff: {proof.message.en}",
            f"课程自己的参考答案也没有通过这项检查，因此它不能说明你的代码有问题；课程人员请看：{proof.message.zh}",
        ),
        hint=Text("", ""),
        evidence={},
    )


def _lost(job: Job, specs: tuple[CheckSpec, ...], reason: str) -> Row:
    text = Text(
        f"the grader failed on this submission ({reason}); it isn't the student's fault: run again",
        f"评分程序在此提交上出错（{reason}），与学生无关：请重新运行",
    )
    checks = tuple(
        CheckResult(spec.id, "grader_error", 0.0, spec.max_points, message=text) for spec in specs
    )
    total = sum(spec.max_points for spec in specs)
    return Row(
        job.student, job.exercise, "grader_error", 0.0, total, checks=checks, reason=text,
        notes=job.notes, file=job.shown_as,
    )  # fmt: skip


# -- processes -------------------------------------------------------------------------------------


def _run(plan: Plan, jobs: Sequence[Job], done: Callable[[Row, int], None]) -> None:
    """Runs all jobs; rows come through the store, so that what is told is also kept.

    Raises:
        EngineError: nothing at all could be done, not even the reference: that is nobody's file.
        UsageError: the store or the disk doesn't allow to go on.
    """
    left: dict[str, list[Job]] = {}
    for job in jobs:  # the same file handed in twice needs one run
        left.setdefault(job.key, []).append(job)
    if not left:
        return
    firsts = [same[0] for same in left.values()]
    seen = plan.store.last()

    def gather() -> Collection[str]:
        nonlocal seen
        for number, key, row in plan.store.since(seen):
            seen = number
            for job in left.pop(key, ()):
                done(structs.replace(row, student=job.student, notes=job.notes), job.attempt)
        return left

    common = Batch(plan.course.root, plan.config, plan.seed, plan.store.file)
    lost = plan.execute(common, _shards(firsts, plan.jobs), plan.jobs, gather)
    if len(left) == len(firsts) and firsts[0].student == REFERENCE:
        raise EngineError(f"nothing could be graded: {lost.get(firsts[0].key, _ENDED)}")
    specs = {exercise.id: found for exercise, found in plan.specs.items()}
    for key, same in left.items():
        for job in same:
            done(_lost(job, specs[job.exercise], lost.get(key, _ENDED)), job.attempt)


def _shards(jobs: Sequence[Job], processes: int) -> list[list[Job]]:
    """Neighbours by exercise share the reference's worker; the last shards are the smallest.

    Whoever is done first would wait for the others as long as a whole shard takes: so none is more
    than half of what would be a process's share of what is left ("guided self-scheduling", C. D.
    Polychronopoulos and D. J. Kuck, IEEE Transactions on Computers, 1987).
    """
    left = deque(sorted(jobs, key=lambda job: job.student != REFERENCE))
    shards = []
    while left:
        size = max(1, min(_MOST_JOBS, len(left) // (2 * processes)))
        shards.append([left.popleft() for _ in range(size)])
    return shards
