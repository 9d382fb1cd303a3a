"""Seats whose modules run in walled workers: limits per check, a budget per submission."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from grader.asking import Backend
from grader.course import Exercise
from grader.engine.config import EngineConfig
from grader.engine.memory import Memory, Remembered
from grader.engine.placed import Placed
from grader.engine.worker import Worker
from grader.engine.zygote import Zygote
from grader.errors import EngineError, Forbidden, ImportFailed, NotRun, WorkerLost
from grader.results import CheckResult
from grader.seats import Candidate, Seat
from grader.text import Text

_REFERENCE_SECONDS = 120.0


class WalledSeat:
    """One submission: a worker while it lives, a new one after it was lost."""

    def __init__(self, zygote: Zygote, candidate: Candidate) -> None:
        self._zygote = zygote
        self._candidate = candidate
        self._worker: Worker | None = None
        self._extra: list[Worker] = []
        self._left = zygote.config.limits.submission_seconds
        self._check_left = 0.0
        self._dead_on_import: Text | None = None

    def begin(self, seed: int, timeout: float | None) -> Backend:
        """A worker that has imported the module, within this check's time.

        Raises:
            NotRun: the budget is used up, or an earlier check found that it can't be imported.
            ImportFailed, Forbidden, WorkerLost: found by this check.
            EngineError: the grader's own fault.
        """
        if self._dead_on_import is not None:
            raise NotRun(self._dead_on_import)
        if self._left <= 0:
            raise NotRun(
                Text(
                    "not run: this submission's time as a whole is used up by the checks before",
                    "未运行：前面的检查已用完本次提交的全部时间",
                )
            )
        limit = timeout if timeout is not None else self._zygote.config.limits.check_seconds
        self._check_left = limit
        if self._worker is not None:
            self._worker.placed.clear()
        if self._worker is None or self._worker.ended:
            self._close_worker()
            self._worker = self._start()
        self.ask({"op": "begin", "seed": seed})
        return _Checked(self)

    def noticed(self) -> dict[str, Any]:
        """What the running check's workers told beside their answers, as evidence."""
        told = Placed()
        for worker in (self._worker, *self._extra):
            if worker is not None:
                told.add(worker.placed.evidence())
        found = told.evidence()
        return {"device": found} if found else {}

    def end(self) -> None:
        """Ends what the check opened."""
        while self._extra:
            self._extra.pop().close()

    def close(self) -> None:
        """Ends every worker of this submission."""
        while self._extra:
            self._extra.pop().close()
        self._close_worker()

    def ask(self, request: dict[str, Any]) -> Any:
        """One request to the seat's worker."""
        worker = self._worker
        assert worker is not None
        with self.clock(worker):
            return worker.ask(request)

    def open_fresh(self) -> Worker:
        """A second worker for the running check, gone when it ends."""
        worker = self._zygote.spawn(self._candidate.file, self._candidate.exercise, trusted=False)
        self._extra.append(worker)
        with self.clock(worker):
            worker.load()
        return worker

    @contextmanager
    def clock(self, worker: Worker) -> Iterator[None]:
        """Gives a worker what is left of the check's time, and counts what it takes.

        Only time in the submission's own workers counts: how long the reference takes depends on
        who was checked before, and a student's row must not.
        """
        begun = time.monotonic()
        worker.deadline = begun + min(self._check_left, self._left)
        try:
            yield
        finally:
            used = time.monotonic() - begun
            self._check_left -= used
            self._left -= used

    def _start(self) -> Worker:
        worker = self._zygote.spawn(self._candidate.file, self._candidate.exercise, trusted=False)
        try:
            with self.clock(worker):
                worker.load()
        except (ImportFailed, WorkerLost, Forbidden):
            worker.close()
            self._dead_on_import = Text(
                "not run: the module can't be imported, see the first check",
                "未运行：模块无法导入，见第一项检查",
            )
            raise
        except EngineError:
            worker.close()
            raise
        return worker

    def _close_worker(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


class _Checked:
    """The seat's worker as one check's `Backend`."""

    def __init__(self, seat: WalledSeat) -> None:
        self._seat = seat

    def ask(self, request: dict[str, Any]) -> Any:
        return self._seat.ask(request)

    def fresh(self) -> Backend:
        return _Fresh(self._seat, self._seat.open_fresh())


class _Fresh:
    """A second worker of the same submission."""

    def __init__(self, seat: WalledSeat, worker: Worker) -> None:
        self._seat = seat
        self._worker = worker

    def ask(self, request: dict[str, Any]) -> Any:
        with self._seat.clock(self._worker):
            return self._worker.ask(request)

    def fresh(self) -> Backend:
        return _Fresh(self._seat, self._seat.open_fresh())


class WalledSeats:
    """Seats for the submissions of a shard.

    Args:
        candidates: by exercise id.
        memory: the reference's answers, shared by all shards of this process.
        on_row: told (candidate, results) when a submission's last check is judged.
        expected: number of checks of each exercise.
    """

    def __init__(
        self,
        zygote: Zygote,
        memory: Memory,
        candidates: Mapping[str, Sequence[Candidate]],
        expected: Mapping[str, int],
        on_row: Callable[[Candidate, tuple[CheckResult, ...]], None],
    ) -> None:
        self.device: str = zygote.config.placement.kind
        self._zygote = zygote
        self._memory = memory
        self._candidates = candidates
        self._expected = expected
        self._on_row = on_row
        self._results: dict[Candidate, dict[str, CheckResult]] = {}
        self._handed_on: set[Candidate] = set()
        self._reference: tuple[str, Worker] | None = None
        self._opened: list[Worker] = []

    def candidates(self, exercise: Exercise) -> tuple[Candidate, ...] | None:
        """The shard's submissions to this exercise."""
        return tuple(self._candidates.get(exercise.id, ()))

    def take(self, candidate: Candidate) -> Seat:
        """A seat with its own budget."""
        return WalledSeat(self._zygote, candidate)

    def reference(self, exercise: Exercise, seed: int) -> tuple[Backend, Callable[[], None]]:
        """The remembered reference; a live worker only when something new is asked."""
        backend = Remembered(self._memory, lambda: self._live(exercise), exercise.id.encode())
        backend.ask({"op": "begin", "seed": seed})
        return backend, self._close_opened

    def finished(self, candidate: Candidate, result: CheckResult) -> None:
        """Hands the row on when it is complete; what fails while clearing up comes too late."""
        row = self._results.setdefault(candidate, {})
        row[result.id] = result
        wanted = candidate.checks
        expected = self._expected[candidate.exercise.id] if wanted is None else len(wanted)
        complete = len(row) == expected
        if complete and candidate not in self._handed_on:
            self._handed_on.add(candidate)
            self._on_row(candidate, tuple(row.values()))

    def close(self) -> None:
        """Ends the reference's worker; the zygote belongs to the process, not to the shard."""
        self._close_opened()
        if self._reference is not None:
            self._reference[1].close()
            self._reference = None

    def _live(self, exercise: Exercise) -> Backend:
        kept = self._reference
        if kept is None or kept[0] != exercise.id or kept[1].ended:
            if kept is not None:
                kept[1].close()
            kept = self._reference = (exercise.id, self._spawn_reference(exercise))
        return _Reference(self, exercise, kept[1])

    def spawn_fresh_reference(self, exercise: Exercise) -> Worker:
        """A second worker of the reference, gone at the end of the check."""
        worker = self._spawn_reference(exercise)
        self._opened.append(worker)
        return worker

    def _spawn_reference(self, exercise: Exercise) -> Worker:
        worker = self._zygote.spawn(self._zygote.stage_reference(exercise), exercise, trusted=True)
        worker.deadline = time.monotonic() + _REFERENCE_SECONDS
        worker.load()
        return worker

    def _close_opened(self) -> None:
        while self._opened:
            self._opened.pop().close()


class _Reference:
    """A live worker of the reference as a `Backend`."""

    def __init__(self, seats: WalledSeats, exercise: Exercise, worker: Worker) -> None:
        self._seats = seats
        self._exercise = exercise
        self._worker = worker

    def ask(self, request: dict[str, Any]) -> Any:
        self._worker.deadline = time.monotonic() + _REFERENCE_SECONDS
        return self._worker.ask(request)

    def fresh(self) -> Backend:
        worker = self._seats.spawn_fresh_reference(self._exercise)
        return _Reference(self._seats, self._exercise, worker)


__all__ = ["EngineConfig", "WalledSeat", "WalledSeats"]
