"""Where shards are worked at: on this machine, or on a cluster's workers; verdicts are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from grader import pool
from grader.course import Course
from grader.crew import Execute
from grader.devices import elsewhere, placements
from grader.engine.config import EngineConfig
from grader.errors import UsageError
from grader.placement import Placement
from grader.sandbox import levels
from grader.sandbox.levels import Level
from grader.text import Text

NAMES = ("local", "dask")


class Executor(Protocol):
    """Somewhere shards are worked at."""

    @property
    def jobs(self) -> int:
        """How many side by side."""

    @property
    def placements(self) -> Sequence[Placement]:
        """Where workers compute, one for each device that was asked for."""

    @property
    def notes(self) -> tuple[Text, ...]:
        """What the level in force doesn't promise there, a sentence each."""

    def working(self) -> AbstractContextManager[Execute]:
        """What has shards checked there, batch after batch with one store."""


@dataclass(frozen=True, slots=True)
class _Here:
    jobs: int
    placements: Sequence[Placement]
    notes: tuple[Text, ...]
    standing: pool.Standing

    @contextmanager
    def working(self) -> Iterator[Execute]:
        try:
            yield self.standing.run
        except BaseException:
            self.standing.end()
            raise
        self.standing.dismiss()  # they tidy up while the report is written


@dataclass(frozen=True, slots=True)
class Place:
    """Where to work, as it is asked for.

    Attributes:
        name: one of `NAMES`.
        scheduler: address of a cluster's scheduler; None: a cluster of this machine alone.
        jobs: how many side by side here, or on the cluster of this machine.
        gpu_jobs: how many of them on this machine's GPUs; None: as many as fit.
    """

    name: str = "local"
    scheduler: str | None = None
    jobs: int = 1
    gpu_jobs: int | None = None


@contextmanager
def opened(place: Place, course: Course, level: Level, device: str) -> Iterator[Executor]:
    """What works there, once it is sure that `level` and `device` can be had.

    Raises:
        UsageError: the device isn't there, or the cluster can't be used.
        SandboxUnavailable: the level can't be had.
        EngineError: the cluster can't be started.
    """
    if place.name == "dask":
        from grader.cluster.crew import cluster

        wanted = elsewhere(device, course.limits.gpu_memory_mb)
        with cluster(place.scheduler, place.jobs, course.root, level, wanted) as found:
            yield found
        return
    if place.scheduler is not None:
        raise UsageError("--scheduler goes with --executor dask: add that, or leave both out")
    capabilities = levels.detect()
    levels.require(level, capabilities)
    placed = placements(device, course.limits.gpu_memory_mb, place.jobs, place.gpu_jobs)
    for where in placed:
        if where.gpus:
            from grader import trial  # with numpy: where a worker is started

            trial.on_each_gpu(EngineConfig(level, course.limits, where))
    standing = pool.Standing()
    try:
        yield _Here(place.jobs, placed, levels.notes(capabilities, level), standing)
        standing.retire()
    finally:
        standing.end()
