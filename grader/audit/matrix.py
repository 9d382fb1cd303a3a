"""Grades variants, stub and reference of each exercise with the engine that grades students."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader import batch
from grader.audit.sharing import Sharing
from grader.audit.values import Case, Subject
from grader.course import Course, Exercise
from grader.crew import Execute
from grader.diagnosis import digest
from grader.engine.config import EngineConfig
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
        execute: has shards checked, round after round.
    """

    course: Course
    config: EngineConfig
    jobs: int
    store: Store
    use_store: bool
    on_row: Callable[[Row], None]
    execute: Execute


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
    """The case of each subject at one seed, by exercise.

    The reference goes first, wanted or not: it shows which symbols each check uses, and so what of
    the other programs a check needn't be asked again (`sharing`).
    """
    ask = _Asking(setting, specs, seed)
    programs = {e: {REFERENCE: e.solution.read_bytes(), **found} for e, found in wanted.items()}
    rows = ask.rows({(e, REFERENCE): None for e in programs}, programs)
    budget = setting.config.limits.submission_seconds
    shares = {e: Sharing(found, rows[e, REFERENCE], budget) for e, found in programs.items()}
    others = {
        (e, subject): shares[e].own(subject)
        for e, found in programs.items()
        for subject in found
        if subject != REFERENCE
    }
    rows |= ask.rows({key: checks for key, checks in others.items() if checks}, programs)
    by_exercise: dict[Exercise, dict[Subject, Row]] = {e: {} for e in programs}
    for (exercise, subject), row in rows.items():
        by_exercise[exercise][subject] = row
    doubtful = {(e, s): shares[e].doubtful(s, by_exercise[e]) for e, s in others}
    again = ask.rows({key: checks for key, checks in doubtful.items() if checks}, programs)
    cases: dict[Exercise, tuple[Case, ...]] = {}
    for exercise, found in wanted.items():
        share, judged = shares[exercise], []
        for subject in found:
            key = exercise, subject
            row = share.composed(subject, by_exercise[exercise], again.get(key))
            ask.tell(row)
            lenders = share.lenders(subject).items()
            lent = {c: who.name for c, who in lenders if c not in doubtful.get(key, ())}
            judged.append(_case(subject, seed, row, lent))
        cases[exercise] = tuple(judged)
    return cases


class _Asking:
    """One batch after the other, at one seed."""

    def __init__(
        self, setting: Setting, specs: Mapping[Exercise, tuple[CheckSpec, ...]], seed: int
    ) -> None:
        self._setting = setting
        self._specs = specs
        self._seed = seed
        self._told: set[tuple[str, str]] = set()

    def rows(
        self,
        asked: Mapping[tuple[Exercise, Subject], frozenset[str] | None],
        programs: Mapping[Exercise, Mapping[Subject, bytes]],
    ) -> dict[tuple[Exercise, Subject], Row]:
        """The row of each program with these checks; None: all of them."""
        submissions = [
            Submission(
                subject.name, exercise.id, "ready", programs[exercise][subject], f"{exercise.id}.py"
            )
            for exercise, subject in asked
        ]
        exercises = dict.fromkeys(exercise for exercise, _ in asked)
        plan = batch.Plan(
            course=self._setting.course,
            specs={exercise: self._specs[exercise] for exercise in exercises},
            submissions=submissions,
            config=self._setting.config,
            seed=self._seed,
            jobs=self._setting.jobs,
            store=self._setting.store,
            use_store=self._setting.use_store,
            proven=frozenset(exercise.id for exercise in exercises),
            checks={(s.name, e.id): checks for (e, s), checks in asked.items() if checks},
            execute=self._setting.execute,
        )
        return dict(zip(asked, batch.grade(plan, self.tell), strict=True))

    def tell(self, row: Row) -> None:
        """Says that a program is done; of each once, however often it is asked."""
        if (row.student, row.exercise) not in self._told:
            self._told.add((row.student, row.exercise))
            self._setting.on_row(row)


def _case(subject: Subject, seed: int, row: Row, lenders: Mapping[str, str]) -> Case:
    return Case(
        subject=subject,
        seed=seed,
        outcomes={check.id: check.outcome for check in row.checks},
        messages={check.id: check.message.en for check in row.checks},
        seconds=row.seconds,
        problem="" if row.status in ("graded", "grader_error") else row.reason.en,
        behaviour=digest(row),
        lenders=lenders,
    )
