"""One submission to grade, and what is said about it between the batch and its processes.

Values without what works at them: a class that is known already is told without pytest and numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.engine.config import EngineConfig
from grader.errors import UsageError
from grader.text import Text

REFERENCE = ""
"""The student under whose name the reference itself is checked."""


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to one exercise, as it travels to a shard.

    Attributes:
        key: what the finished row is stored under.
        student: empty for the reference, which every batch checks too.
        cell_map: (cell, line) of each line of a notebook's module.
        attempt: as in the submission.
        checks: the only ones that it is to be asked; None: all.
    """

    key: str
    student: str
    exercise: str
    source: bytes
    shown_as: str
    cell_map: tuple[tuple[int, int], ...] | None
    notes: tuple[Text, ...]
    attempt: int = 0
    checks: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """What a process of the batch is started with.

    Attributes:
        work: where everything temporary lies.
        parent: the batch's own process; when it ends, this one does.
        store: where finished rows go; None: back over the connection, each as (key, JSON).
    """

    course: Path
    config: EngineConfig
    work: Path
    parent: int
    store: Path | None


@dataclass(frozen=True, slots=True)
class Shard:
    """What a process of the batch is given to do."""

    seed: int
    jobs: Sequence[Job]


@dataclass(frozen=True, slots=True)
class Said:
    """What a process of the batch tells it.

    Attributes:
        what: `ready` for a shard; `begun`, its zygote being there; `done`; or `failed`, and ends.
        error: what must stop the whole batch.
    """

    what: Literal["ready", "begun", "done", "failed"]
    reason: str = ""
    error: UsageError | None = None
