"""Processes that work through shards side by side, whatever becomes of any one of them.

A process that dies takes nothing along but what it was at; the others aren't disturbed. What it
was at is tried again: first each job of the shard by itself, since in company nobody knows whose
fault it was, and by itself as often as it may take for the fault to be its own.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from multiprocessing.connection import Connection, wait

from grader import member
from grader.defuse import defuse_line
from grader.errors import EngineError
from grader.member import Said, Start
from grader.shard import Job

_GATHER_SECONDS = 0.1
_TRIES = 3  # of a job by itself: a machine may kill a process now and then
_STARTS = 5  # that fail one after the other, until it's clear that none will succeed
_END_SECONDS = 10.0

_CONTEXT = multiprocessing.get_context("spawn")


class _Process:
    """One process and the shard that it is at."""

    def __init__(self, start: Start) -> None:
        self.connection: Connection
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=member.serve, args=(theirs, start), daemon=True)
        self._process.start()
        theirs.close()  # or its end would go unnoticed
        self.ready = False
        self.begun = False
        self.jobs: list[Job] = []

    def hand(self, jobs: list[Job]) -> None:
        """Gives it a shard. It waits for one; should it be dead, `heard` says so."""
        self.jobs, self.begun = jobs, False
        with contextlib.suppress(OSError):
            self.connection.send(jobs)

    def heard(self) -> Said:
        """What it says, once there is something to read."""
        try:
            said: Said = self.connection.recv()
        except (EOFError, OSError):  # killed, perhaps amid a word
            return Said("failed", "its process ended")
        return said

    def end(self) -> None:
        """Ends it now; its zygote and their workers go with it."""
        self._process.kill()
        self._process.join()
        self.connection.close()

    def retire(self) -> None:
        """Lets it tidy up, as long as that takes no longer than it should."""
        self.connection.close()
        self._process.join(_END_SECONDS)
        self._process.kill()
        self._process.join()


def run(
    start: Start,
    shards: Sequence[list[Job]],
    processes: int,
    gather: Callable[[], Collection[str]],
) -> dict[str, str]:
    """Has all shards checked; for the key of each job that can't be, the reason.

    Args:
        gather: takes in finished rows; returns the keys that are left.

    Raises:
        EngineError: the processes don't come up, and nothing was done by any of them.
        UsageError: raised in a process, such as for a full disk; the others are ended.
    """
    crew: list[_Process] = []
    work = _Work(shards, gather)
    try:
        while work.unfinished(crew):
            while len(crew) < min(processes, work.wanted(crew)):
                crew.append(_Process(start))
            for process in crew:
                if process.ready and not process.jobs and work.waiting:
                    process.hand(work.waiting.popleft())
            heard = wait([process.connection for process in crew], _GATHER_SECONDS)
            gather()
            for process in [p for p in crew if p.connection in heard]:
                if not work.take(process):
                    process.end()
                    crew.remove(process)
        while crew:
            crew.pop().retire()
    finally:
        for process in crew:
            process.end()
    return work.lost


class _Work:
    """What is left to do, what can't be done, and how often it has been tried."""

    def __init__(self, shards: Sequence[list[Job]], gather: Callable[[], Collection[str]]) -> None:
        self.waiting = deque(shards)
        self.lost: dict[str, str] = {}
        self._gather = gather
        self._tried: Counter[str] = Counter()
        self._starts_failed = 0
        self._any_begun = False

    def wanted(self, crew: Sequence[_Process]) -> int:
        """How many processes there is something to do for."""
        return len(self.waiting) + sum(bool(process.jobs) for process in crew)

    def unfinished(self, crew: Sequence[_Process]) -> bool:
        """Whether anything waits or is being done."""
        return self.wanted(crew) > 0

    def take(self, process: _Process) -> bool:
        """Notes what a process says; False when it's of no more use."""
        said = process.heard()
        if said.error is not None:
            raise said.error
        if said.what == "ready":
            process.ready = True
            return True
        if said.what == "begun":
            process.begun = self._any_begun = True
            self._starts_failed = 0
            return True
        left = self._gather()  # what it finished up to its last word
        unfinished = [job for job in process.jobs if job.key in left]
        began, process.jobs = process.begun, []
        if not began:
            self._not_started(unfinished, said.reason)
        elif unfinished:
            self._again(unfinished, said.reason or "its result can't be read")
        return said.what == "done"

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
