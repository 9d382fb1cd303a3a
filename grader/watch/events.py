"""What the watcher's loop is told of, by the threads that wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.text import Text


@dataclass(frozen=True, slots=True)
class Saved:
    """Files have been saved, at the moment `at` (of the monotonic clock)."""

    files: frozenset[Path]
    at: float


@dataclass(frozen=True, slots=True)
class Ready:
    """A warm process has imported everything."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The process of a run has ended; a negative status is the signal that ended it."""

    run: int
    status: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A warm process has ended by itself; `said` is the end of what it wrote on stderr."""

    said: str


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the student should know."""

    text: Text


Event = Saved | Ready | Ended | Lost | Told
