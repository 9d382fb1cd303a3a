"""What has to be done, what has been tried how often, what is lost: whoever does the work.

A crew takes shards and tells how each attempt ended. What an attempt didn't finish is tried again:
first each job of the shard by itself, since in company nobody knows whose fault it was, and by
itself as often as it may take for the fault to be its own.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from grader.defuse import defuse_line
from grader.engine.config import EngineConfig
from grader.errors import EngineError, UsageError
from grader.job import Job

_WAIT_SECONDS = 0.1
_TRIES = 3  # of a job by itself: a machine may kill a process now and then
_STARTS = 5  # that fail one after the other, until it's clear that none will succeed

Gather = Callable[[], Collection[str]]
"""Takes in finished rows; returns the keys that are left."""

Execute = Callable[["Batch", Sequence[list[Job]], int, Gather], dict[str, str]]
"""Has shards checked by so many side by side; what it returns and raises is `run`'s."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What all shards of a batch have in common.

    Attributes:
        course: its folder.
        store: the file in which finished rows are expected.
    """

    course: Path
    config: EngineConfig
    seed: int
    store: Path


@dataclass(frozen=True, slots=True)
class Told:
    """What a crew tells of a shard.

    Attributes:
        what: `begun`; or how the attempt ended: `done`; `failed` while it was worked at;
            `not_started`, nobody having been able to begin; `returned`, nobody having tried.
        error: what must stop everything.
    """

    what: Literal["begun", "done", "failed", "not_started", "returned"]
    jobs: Sequence[Job] = ()
    reason: str = ""
    error: UsageError | None = None


class Crew(Protocol):
    """Those who work through shards side by side."""

    def has_room(self, waiting: int) -> bool:
        """Whether it takes one of the `waiting` shards now."""

    def hand(self, jobs: list[Job]) -> None:
        """Gives it a shard."""

    def busy(self) -> bool:
        """Whether it has a shard of which the end hasn't been told."""

    def wait(self, seconds: float) -> list[Told]:
        """What there is to tell, after at most `seconds`."""

    def retire(self) -> None:
        """Lets it tidy up; nothing is left to do."""

    def end(self) -> None:
        """Stops at once whatever is being done."""


def run(crew: Crew, shards: Sequence[list[Job]], gather: Gather) -> dict[str, str]:
    """Has all shards checked; for the key of each job that can't be, the reason.

    Raises:
        EngineError: nobody can begin, and nothing was done by anybody.
        UsageError: told by the crew, such as for a full disk; what is being done is stopped.
    """
    work = _Work(shards, gather)
    try:
        while work.waiting or crew.busy():
            while work.waiting and crew.has_room(len(work.waiting)):
                crew.hand(work.waiting.popleft())
            told = crew.wait(_WAIT_SECONDS)
            gather()
            for one in told:
                work.take(one)
        crew.retire()
    finally:
        crew.end()
    return work.lost


class _Work:
    """What is left to do, what can't be done, and how often it has been tried."""

    def __init__(self, shards: Sequence[list[Job]], gather: Gather) -> None:
        self.waiting = deque(shards)
        self.lost: dict[str, str] = {}
        self._gather = gather
        self._tried: Counter[str] = Counter()
        self._starts_failed = 0
        self._any_begun = False

    def take(self, told: Told) -> None:
        """Notes what a crew tells."""
        if told.error is not None:
            raise told.error
        if told.what == "begun":
            self._any_begun = True
            self._starts_failed = 0
            return
        left = self._gather()  # what was finished up to the last word
        unfinished = [job for job in told.jobs if job.key in left]
        if told.what == "not_started":
            self._not_started(unfinished, told.reason)
        elif unfinished and told.what == "returned":
            self.waiting.appendleft(unfinished)
        elif unfinished:
            self._again(unfinished, told.reason or "its result can't be read")

    def _not_started(self, jobs: list[Job], reason: str) -> None:
        """Nobody's file can do anything for it."""
        self._starts_failed += 1
        if jobs:
            self.waiting.appendleft(jobs)
        if self._starts_failed < _STARTS:
            return
        if not self._any_begun:
            raise EngineError(f"nothing could be graded: {defuse_line(reason)}")
        for job in [job for jobs in self.waiting for job in jobs]:
            self.lost[job.key] = defuse_line(reason)
        self.waiting.clear()

    def _again(self, jobs: list[Job], reason: str) -> None:
        if len(jobs) == 1:
            job = jobs[0]
            self._tried[job.key] += 1
            if self._tried[job.key] == _TRIES:
                self.lost[job.key] = defuse_line(reason)
                return
        self.waiting.extend([job] for job in jobs)
