"""Where checks find the module they are about: one seat per submission and exercise.

`LocalSeats` serves the self-check and the authors of checks: no wall, the student's module in this
process. The walled seats of a batch are in `grader.engine.walled`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from grader import explain
from grader.asking import Backend
from grader.course import Exercise
from grader.engine.local import LocalBackend, ProcessBackend, Start
from grader.engine.memory import Memory, Remembered
from grader.results import CheckResult
from grader.screening import screen
from grader.text import Text


@dataclass(frozen=True, eq=False)
class Candidate:
    """A submission to one exercise, ready to be checked.

    Attributes:
        student: whose it is.
        file: the module, staged in a directory of its own.
        banned: symbols that use a forbidden shortcut, and the sentence about each.
        shown_as: the file's name as the student knows it.
        place: turns a line of `file` into the student's own place (a notebook's cell and line).
        checks: the only ones that it is to be asked; None: all.
    """

    student: str
    exercise: Exercise
    file: Path
    banned: Mapping[str, Text]
    shown_as: str = ""
    place: Callable[[int], str] | None = None
    checks: frozenset[str] | None = None


def banned_symbols(
    source: bytes, exercise: Exercise, place: Callable[[int], str] | None = None
) -> dict[str, Text]:
    """The exercise's symbols that rest on a forbidden shortcut, each with the sentence about it."""
    banned: dict[str, Text] = {}
    for finding in screen(source, exercise.symbols, exercise.shortcuts):
        for symbol in sorted(finding.symbols):
            banned.setdefault(symbol, explain.shortcut(finding.shortcut, finding.line, place))
    return banned


class Seat(Protocol):
    """A submission's place in an engine."""

    def begin(self, seed: int, timeout: float | None) -> Backend:
        """The backend for the next check, freshly seeded.

        Raises:
            ImportFailed, WorkerLost, NotRun, EngineError.
        """

    def noticed(self) -> dict[str, Any]:
        """What was noticed during the check beside the answers, as evidence; often nothing."""

    def end(self) -> None:
        """The check is over; whatever it opened beside the seat's own worker is ended."""

    def close(self) -> None:
        """The submission is done."""


class Seats(Protocol):
    """An engine, as the plugin sees it."""

    device: str

    def candidates(self, exercise: Exercise) -> tuple[Candidate, ...] | None:
        """The submissions to check; None leaves the choice to pytest's command line."""

    def take(self, candidate: Candidate) -> Seat:
        """A seat for one submission."""

    def reference(self, exercise: Exercise, seed: int) -> tuple[Backend, Callable[[], None]]:
        """The reference at the beginning of a check, and what ends the conversation."""

    def finished(self, candidate: Candidate, result: CheckResult) -> None:
        """Told of every judged check."""

    def close(self) -> None:
        """Ends every process that is left."""


class LocalSeat:
    """One module in this process."""

    def __init__(self, candidate: Candidate, start: Start | None = None) -> None:
        exercise = candidate.exercise
        self._backend = LocalBackend(
            candidate.file, exercise.shortcuts, exercise.shortcut_ops, start=start
        )

    def begin(self, seed: int, timeout: float | None) -> Backend:
        """The same module again, seeded; there is no time limit on one's own machine."""
        self._backend.ask({"op": "begin", "seed": seed})
        return self._backend

    def noticed(self) -> dict[str, Any]:
        """Nothing: here the student's own settings hold."""
        return {}

    def end(self) -> None:
        """Ends the fresh processes a check has opened."""
        self._backend.close_fresh()

    def close(self) -> None:
        """Nothing is left to end."""


class LocalSeats:
    """Seats without a wall.

    Args:
        start: makes the fresh processes that a check asks for; by default new Pythons.
    """

    device = "cpu"

    def __init__(self, start: Start | None = None) -> None:
        self._start = start
        self._memory: Memory = {}
        self._references: dict[str, ProcessBackend] = {}

    def candidates(self, exercise: Exercise) -> tuple[Candidate, ...] | None:
        """Left to the command line."""
        return None

    def take(self, candidate: Candidate) -> Seat:
        """The module in this process."""
        return LocalSeat(candidate, self._start)

    def reference(self, exercise: Exercise, seed: int) -> tuple[Backend, Callable[[], None]]:
        """The reference in a process of its own: two modules of one name don't fit into one."""

        def live() -> Backend:
            if exercise.id not in self._references:
                self._references[exercise.id] = ProcessBackend(exercise.solution, start=self._start)
            return self._references[exercise.id]

        backend = Remembered(self._memory, live)
        backend.ask({"op": "begin", "seed": seed})
        return backend, lambda: None

    def finished(self, candidate: Candidate, result: CheckResult) -> None:
        """pytest's own report is enough here."""

    def close(self) -> None:
        """Ends the references' processes."""
        for backend in self._references.values():
            backend.close()
        self._references.clear()
