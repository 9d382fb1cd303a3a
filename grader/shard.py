"""Runs the hidden checks on a shard of submissions: one pytest session in a process of the batch.

This process imports neither TensorFlow nor anything of a student's. It keeps a zygote and the
reference's answers over all shards it is given.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from grader import course as courses
from grader import disk, explain, folders
from grader.engine.config import EngineConfig
from grader.engine.memory import Memory
from grader.engine.walled import WalledSeats
from grader.engine.zygote import Zygote
from grader.errors import EngineError, UsageError
from grader.job import REFERENCE, Job
from grader.judge import spec_of
from grader.plugin import SEATS, check_id, info_of
from grader.results import CheckResult, CheckSpec, Row
from grader.seats import Candidate, banned_symbols
from grader.text import Text

_ZYGOTES = 4  # that a shard may lose, all but the last of them without a loss of its own
_JUDGED = ("passed", "not_run", "grader_error")


class Process:
    """What a process of the batch keeps from shard to shard."""

    def __init__(self, course: Path, config: EngineConfig, work: Path) -> None:
        self.course = courses.load(course)
        self.config = config
        self.work = work
        self.memory: Memory = {}
        self._seed: int | None = None
        self._zygote: Zygote | None = None
        self._counts: dict[str, int] = {}

    def settle(self, seed: int) -> None:
        """Forgets the reference's answers to another seed's questions: nobody asks them now."""
        if seed != self._seed:
            self.memory.clear()
            self._seed = seed

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

    def make_room(self) -> None:
        """Waits until what ended workers wrote is gone.

        Raises:
            DiskFull: there is no room even so.
        """
        if self._zygote is not None:
            self._zygote.removals.finish()
        if disk.free_mb(self.work) < disk.FULL_MB:
            raise disk.full(folders.outside(self.work), "TMPDIR")

    def close(self) -> None:
        """Ends the zygote."""
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None


def run(
    process: Process, seed: int, jobs: Sequence[Job], on_row: Callable[[str, Row], None]
) -> None:
    """Checks `jobs`, calling `on_row(key, row)` for each as soon as it is complete.

    A row that the grader failed on, perhaps because somebody killed a worker, is checked once
    more; what a lost zygote took along, with a new one.

    Raises:
        DiskFull: there is no room for temporary files, and it isn't a submission that takes it.
        UsageError: what `on_row` raises, then nothing more is checked.
        EngineError: the zygote can't be had, or pytest doesn't run.
    """
    process.settle(seed)
    left = {job.key: job for job in jobs}
    tried: set[str] = set()
    for last in (*[False] * (_ZYGOTES - 1), True):
        _round(process, seed, left, tried, on_row, last=last)
        if not left:
            break
        process.make_room()


def _round(
    process: Process,
    seed: int,
    left: dict[str, Job],
    tried: set[str],
    on_row: Callable[[str, Row], None],
    *,
    last: bool,
) -> None:
    """One session; what it leaves in `left` is worth another. `tried` had a zygote to the end."""
    zygote = process.zygote()
    stopped: list[UsageError] = []

    def complete(job: Job, results: tuple[CheckResult, ...]) -> None:
        row, alive = _row(job, results), zygote.alive()
        again = _lost(row) and not (last or (alive and job.key in tried))
        if alive:
            tried.add(job.key)
        if again:
            return
        try:
            on_row(job.key, row)
        except UsageError as error:  # pytest would take it for a bug in a plugin
            stopped.append(error)
            pytest.exit("a row can't be kept")
        del left[job.key]

    try:
        _session(process, zygote, seed, tuple(left.values()), complete)
    except EngineError:
        if not stopped and (last or zygote.alive()):
            raise
    if stopped:
        raise stopped[0]


def _lost(row: Row) -> bool:
    """Whether the grader failed on it, rather than the course or a check."""
    return any(check.evidence.get("raised_in") == "grader" for check in row.checks)


def _session(
    process: Process,
    zygote: Zygote,
    seed: int,
    jobs: Sequence[Job],
    complete: Callable[[Job, tuple[CheckResult, ...]], None],
) -> None:
    by_candidate = {_candidate(process, zygote, job): job for job in jobs}
    by_exercise: dict[str, list[Candidate]] = {}
    for candidate in by_candidate:
        by_exercise.setdefault(candidate.exercise.id, []).append(candidate)
    exercises = process.course.pick(tuple(by_exercise))
    seats = _Seats(
        zygote.root,
        zygote,
        process.memory,
        by_exercise,
        process.counts(exercises),
        lambda candidate, results: complete(by_candidate[candidate], results),
    )
    try:
        _pytest(exercises, [_Install(seats)], "--grader-seed", str(seed))
    finally:
        for candidate in by_candidate:
            zygote.unstage(candidate.file)


class _Seats(WalledSeats):
    """Seats on which a full disk of the machine's costs no student a point."""

    def __init__(self, folder: Path, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._folder = folder

    def finished(self, candidate: Candidate, result: CheckResult) -> None:
        """Hands a result on; what didn't pass while there was no room says nothing about anybody.

        Looked up here and not taken from the worker's word, which any student could give.
        """
        if result.outcome not in _JUDGED and disk.free_mb(self._folder) < disk.FULL_MB:
            result = _without_room(result)
        super().finished(candidate, result)


def _without_room(result: CheckResult) -> CheckResult:
    return structs.replace(
        result,
        outcome="grader_error",
        points=0.0,
        message=Text(
            "the grader's disk was full while this check ran, so it says nothing about your code;"
            " for the course staff: free some space where temporary files are written (TMPDIR) and"
            " run again",
            "运行这项检查时评分机器的磁盘已满，因此它不能说明你的代码有问题；课程人员请看："
            "请在存放临时文件处（TMPDIR）腾出空间，然后重新运行",
        ),
        hint=Text("", ""),
        evidence={"raised_in": "grader", "internal": "no room for temporary files"},
    )


def _candidate(process: Process, zygote: Zygote, job: Job) -> Candidate:
    exercise = process.course.by_id(job.exercise)
    place = explain.places(job.shown_as, job.cell_map)
    # The reference is the course's: what it uses is nobody's shortcut.
    trusted = job.student == REFERENCE
    return Candidate(
        student=job.student,
        exercise=exercise,
        file=zygote.stage(f"{job.exercise}.py", job.source),
        banned={} if trusted else banned_symbols(job.source, exercise, place),
        shown_as=job.shown_as,
        place=place,
        checks=job.checks,
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
        # `--tb=no`, which the terminal's plugin would bring: nobody reads pytest's own tracebacks
        # here, and drawing one parses the checks' source for every failing check.
        config.option.tbstyle = "no"


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


__all__ = ["Process", "collect", "run"]
