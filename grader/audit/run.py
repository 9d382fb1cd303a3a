"""What `grader audit` does: grade, look for holes, write audit.json and the pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader import course as courses
from grader import pool, shard
from grader.audit import holes, matrix, mutants
from grader.audit.matrix import REFERENCE, Setting
from grader.audit.values import Case, ExerciseAudit, Mutant, Subject
from grader.course import Exercise, Limits
from grader.engine.config import EngineConfig
from grader.errors import UsageError
from grader.keys import versions
from grader.results import CheckSpec, Row, Run
from grader.sandbox import levels
from grader.sandbox.levels import Level
from grader.store import Store
from grader.text import Text

STORE_FILE = "audit.sqlite"
_NO_TITLE = Text("", "")


@dataclass(frozen=True, slots=True)
class Request:
    """What `grader audit` was asked to do; see its help.

    Attributes:
        seeds: at each of these the reference is graded, at the first `variant_seeds` everything.
    """

    course: Path
    out: Path
    exercises: tuple[str, ...]
    with_mutants: bool
    jobs: int
    level: Level
    use_store: bool
    seeds: tuple[int, ...]
    variant_seeds: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of it."""

    run: Run
    exercises: tuple[ExerciseAudit, ...]

    @property
    def holes(self) -> int:
        """All holes of all exercises."""
        return sum(len(exercise.holes) for exercise in self.exercises)

    def to_json(self) -> str:
        """The whole of it as `audit.json`, schema 1."""
        plain = msgspec.to_builtins({"schema": 1, "run": self.run, "exercises": self.exercises})
        return msgspec.json.format(msgspec.json.encode(plain), indent=1).decode()


def audit(request: Request, begin: Callable[[int], None], on_row: Callable[[Row], None]) -> Audit:
    """Judges the checks of each exercise.

    Args:
        begin: told how many programs will be graded, again when mutants come on top.
        on_row: told of each when it is done.

    Raises:
        UsageError: the call or the course is wrong; nothing has been graded.
        SandboxUnavailable: the wall can't be had at the level asked for.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    course = courses.load(request.course)
    exercises = course.pick(request.exercises)
    found = levels.detect()
    levels.require(request.level, found)
    specs = shard.collect(exercises)
    subjects = {exercise: matrix.subjects(exercise, specs[exercise]) for exercise in exercises}
    try:
        request.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out {request.out}: {error.strerror}; name another folder") from None
    store = Store(request.out / STORE_FILE)
    try:
        config = EngineConfig(request.level, course.limits)
        whole = sum(len(programs) for programs in subjects.values())
        rest = len(request.seeds) - request.variant_seeds
        begin(whole * request.variant_seeds + len(exercises) * rest)
        killed: dict[Exercise, tuple[Mutant, ...]] = {}
        with pool.standing() as execute:
            setting = Setting(
                course, config, request.jobs, store, request.use_store, on_row, execute
            )
            cases = _graded(setting, subjects, specs, request)
            if request.with_mutants:
                killed = _mutants(setting, exercises, specs, cases, request.seeds[0], begin)
    finally:
        store.close()
    run = Run(
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=time.monotonic() - clock,
        seed=request.seeds[0],
        jobs=request.jobs,
        device="cpu",
        sandbox=request.level.value,
        versions=versions(),
        sandbox_notes=levels.notes(found, request.level),
    )
    return Audit(
        run,
        tuple(_audited(e, specs[e], cases[e], killed.get(e)) for e in exercises),
    )


def _graded(
    setting: Setting,
    subjects: Mapping[Exercise, Mapping[Subject, bytes]],
    specs: Mapping[Exercise, tuple[CheckSpec, ...]],
    request: Request,
) -> dict[Exercise, tuple[Case, ...]]:
    cases: dict[Exercise, tuple[Case, ...]] = dict.fromkeys(subjects, ())
    for number, seed in enumerate(request.seeds):
        wanted = subjects
        if number >= request.variant_seeds:
            wanted = {e: {REFERENCE: programs[REFERENCE]} for e, programs in subjects.items()}
        for exercise, found in matrix.run(setting, wanted, specs, seed).items():
            cases[exercise] += found
    return cases


def _mutants(
    setting: Setting,
    exercises: tuple[Exercise, ...],
    specs: Mapping[Exercise, tuple[CheckSpec, ...]],
    cases: Mapping[Exercise, tuple[Case, ...]],
    seed: int,
    begin: Callable[[int], None],
) -> dict[Exercise, tuple[Mutant, ...]]:
    made = {exercise: mutants.make(exercise) for exercise in exercises}
    known = {exercise: mutants.equivalents(exercise) for exercise in exercises}
    begin(sum(len(found) for found in made.values()))
    judged: dict[Exercise, tuple[Mutant, ...]] = {}
    for exercise, candidates in made.items():
        subjects = {
            Subject(f"line {c.line}, {number}", "mutant", _NO_TITLE, frozenset()): c.source
            for number, c in enumerate(candidates)
        }
        hurried = replace(setting, config=_hurried(setting.config, cases[exercise]))
        found = matrix.run(hurried, {exercise: subjects}, specs, seed)[exercise]
        judged[exercise] = tuple(
            candidate.judged(_killers(case), known[exercise])
            for candidate, case in zip(candidates, found, strict=True)
        )
    return judged


def _killers(case: Case) -> tuple[str, ...]:
    return tuple(sorted(case.failed)) or (("(unreadable)",) if case.problem else ())


def _hurried(config: EngineConfig, cases: tuple[Case, ...]) -> EngineConfig:
    """Limits by what the reference needs: many a mutant never ends, and says nothing after that."""
    needed = max((case.seconds for case in cases if case.subject == REFERENCE), default=0.0)
    limits = config.limits
    hurried = Limits(
        check_seconds=min(limits.check_seconds, 3.0 + 4 * needed),
        submission_seconds=min(limits.submission_seconds, 5.0 + 4 * needed),
        memory_mb=limits.memory_mb,
    )
    return replace(config, limits=hurried)


def _audited(
    exercise: Exercise,
    specs: tuple[CheckSpec, ...],
    cases: tuple[Case, ...],
    killed: tuple[Mutant, ...] | None,
) -> ExerciseAudit:
    found = holes.find(specs, cases) + holes.of_mutants(killed or ())
    return ExerciseAudit(exercise.id, exercise.title, specs, cases, found, killed)
