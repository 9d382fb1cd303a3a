"""Runs the hidden checks on a shard of submissions: one pytest session in a process of the batch.

This process imports neither TensorFlow nor anything of a student's. It keeps a zygote and the
reference's answers over all shards it is given.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader import course as courses
from grader.engine.memory import Memory
from grader.engine.walled import WalledSeats
from grader.engine.zygote import EngineConfig, Zygote
from grader.errors import EngineError, UsageError
from grader.judge import spec_of
from grader.plugin import SEATS, check_id, info_of
from grader.results import CheckResult, CheckSpec, Row
from grader.sandbox import kernel
from grader.seats import Candidate
from grader.store import Store
from grader.text import Text


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to one exercise, as it travels to a shard.

    Attributes:
        key: what the finished row is stored under.
        student: empty for the reference, which every batch checks too.
        banned: symbols that use a forbidden shortcut, and the sentence about each.
        cell_map: (cell, line) of each line of a notebook's module.
    """

    key: str
    student: str
    exercise: str
    source: bytes
    shown_as: str
    banned: Mapping[str, Text]
    cell_map: tuple[tuple[int, int], ...] | None
    notes: tuple[Text, ...]


class Process:
    """What a process of the batch keeps from shard to shard."""

    def __init__(self, course: Path, config: EngineConfig, work: Path, seed: int) -> None:
        self.course = courses.load(course)
        self.config = config
        self.work = work
        self.seed = seed
        self.memory: Memory = {}
        self._zygote: Zygote | None = None
        self._counts: dict[str, int] = {}

    def counts(self, exercises: Sequence[courses.Exercise]) -> dict[str, int]:
        """How many checks each exercise has."""
        new = [e for e in exercises if e.id not in self._counts]
        if new:
            self._counts |= {e.id: len(specs) for e, specs in collect(new).items()}
        return self._counts

    def zygote(self) -> Zygote:
        """A living zygote; a new one if the last was lost."""
        if self._zygote is not None and not self._zygote.alive():
            self._zygote.close()
            self._zygote = None
        if self._zygote is None:
            self._zygote = Zygote(self.config, self.work)
        return self._zygote

    def close(self) -> None:
        """Ends the zygote."""
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None


_process: Process | None = None
_store: Store | None = None


def start_process(
    course: Path, config: EngineConfig, work: Path, seed: int, parent: int, store: Path
) -> None:
    """Initialiser of a batch's process: dies with the batch, leaves Ctrl-C to it."""
    global _process, _store
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kernel.die_with_parent(parent)
    sys.dont_write_bytecode = True  # pytest would leave the checks' bytecode in the course
    _process = Process(course, config, work, seed)
    _store = Store(store)


def run_in_process(jobs: Sequence[Job]) -> None:
    """A shard, in a process that `start_process` has set up; rows go into the store."""
    assert _process is not None
    assert _store is not None
    run(_process, jobs, _store.put)


def run(process: Process, jobs: Sequence[Job], on_row: Callable[[str, Row], None]) -> None:
    """Checks `jobs`, calling `on_row(key, row)` for each as soon as it is complete.

    When the zygote is lost in between, what it took along is checked once more with a new one.
    """
    left = {job.key: job for job in jobs}
    for last_try in (False, True):
        zygote = process.zygote()

        def complete(job: Job, results: tuple[CheckResult, ...]) -> None:
            row = _row(job, results)
            lost = row.status == "grader_error" and not zygote.alive()  # noqa: B023
            if last_try or not lost:  # noqa: B023
                del left[job.key]
                on_row(job.key, row)

        _session(process, zygote, tuple(left.values()), complete)
        if not left:
            break


def _session(
    process: Process,
    zygote: Zygote,
    jobs: Sequence[Job],
    complete: Callable[[Job, tuple[CheckResult, ...]], None],
) -> None:
    by_candidate = {_candidate(process, zygote, job): job for job in jobs}
    by_exercise: dict[str, list[Candidate]] = {}
    for candidate in by_candidate:
        by_exercise.setdefault(candidate.exercise.id, []).append(candidate)
    exercises = process.course.pick(tuple(by_exercise))
    seats = WalledSeats(
        zygote,
        process.memory,
        by_exercise,
        process.counts(exercises),
        lambda candidate, results: complete(by_candidate[candidate], results),
    )
    _pytest(exercises, [_Install(seats)], "--grader-seed", str(process.seed))


def _candidate(process: Process, zygote: Zygote, job: Job) -> Candidate:
    cells = job.cell_map

    def place(line: int) -> str:
        if cells is not None and 1 <= line <= len(cells):
            cell, inner = cells[line - 1]
            return f"{job.shown_as}, cell {cell}, line {inner}"
        return f"{job.shown_as}, line {line}"

    return Candidate(
        student=job.student,
        exercise=process.course.by_id(job.exercise),
        file=zygote.stage(f"{job.exercise}.py", job.source),
        banned=job.banned,
        shown_as=job.shown_as,
        place=place,
    )


def _row(job: Job, checks: tuple[CheckResult, ...]) -> Row:
    broken = any(check.outcome == "grader_error" for check in checks)
    return Row(
        student=job.student,
        exercise=job.exercise,
        status="grader_error" if broken else "graded",
        points=sum(check.points for check in checks),
        max_points=sum(check.max_points for check in checks),
        seconds=sum(check.seconds for check in checks),
        checks=checks,
        notes=job.notes,
        file=job.shown_as,
    )


# -- pytest ----------------------------------------------------------------------------------------


class _Install:
    """Hands the shard's seats to the plugin before anything is collected."""

    def __init__(self, seats: WalledSeats) -> None:
        self._seats = seats

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[SEATS] = self._seats


class _Collected:
    """Notes what each check says about itself; runs none."""

    def __init__(self) -> None:
        self.specs: dict[str, list[CheckSpec]] = {}
        self.problems: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(f"{report.nodeid}: {str(report.longrepr).splitlines()[-1]}")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            specs = self.specs.setdefault(item.path.parent.name, [])
            specs.append(spec_of(check_id(item), info_of(item)))


def collect(
    exercises: Sequence[courses.Exercise],
) -> dict[courses.Exercise, tuple[CheckSpec, ...]]:
    """The hidden checks of each exercise, in their order.

    Raises:
        UsageError: an exercise without checks, or one whose checks can't be imported.
    """
    for exercise in exercises:
        if not exercise.hidden_checks.is_file():
            raise UsageError(
                f"{exercise.hidden_checks} isn't there: exercise {exercise.id!r} has no checks"
            )
    noted = _Collected()
    _pytest(exercises, [noted], "--collect-only")
    if noted.problems:
        raise UsageError(f"the course's checks can't be collected: {noted.problems[0]}")
    empty = [e.id for e in exercises if e.id not in noted.specs]
    if empty:
        raise UsageError(f"exercise {empty[0]!r} has no checks: write solutions/{empty[0]}/test_*")
    return {e: tuple(noted.specs[e.id]) for e in exercises}


def _pytest(exercises: Sequence[courses.Exercise], plugins: list[Any], *more: str) -> None:
    """A silent session that depends on nothing but the checks: no ini file, no stray plugin."""
    arguments = [
        "-c", str(Path(__file__).with_name("shard.ini")),
        f"--rootdir={exercises[0].root}",
        f"--confcutdir={exercises[0].root}",
        "-p", "no:cacheprovider",
        "-p", "no:terminal",
        "-p", "no:unraisableexception",  # it collects garbage twice a session: 0.3 s
        "-p", "no:threadexception",
        "-p", "grader.plugin",
        *more,
        *(str(exercise.hidden_checks) for exercise in exercises),
    ]  # fmt: skip
    with _environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_ADDOPTS=None, PYTEST_PLUGINS=None):
        status = pytest.main(arguments, plugins=plugins)
    if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return
    if not any(isinstance(p, _Collected) and p.problems for p in plugins):
        raise EngineError(f"pytest stopped with status {status!r}")


@contextmanager
def _environment(**wanted: str | None) -> Iterator[None]:
    """Sets or, for None, removes environment variables."""
    before = {name: os.environ.get(name) for name in wanted}
    _set_all(wanted)
    try:
        yield
    finally:
        _set_all(before)


def _set_all(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


__all__ = ["Job", "Process", "collect", "run", "run_in_process", "start_process"]
