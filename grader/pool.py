"""The crew on this machine: processes side by side, whatever becomes of any one of them.

A process that dies takes nothing along but what it was at; the others aren't disturbed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable, Collection, Sequence
from multiprocessing.connection import Connection, wait

from grader import crew, member
from grader.crew import Told
from grader.member import Said, Start
from grader.shard import Job

_END_SECONDS = 10.0

_CONTEXT = multiprocessing.get_context("spawn")


def run(
    start: Start,
    shards: Sequence[list[Job]],
    processes: int,
    gather: Callable[[], Collection[str]],
) -> dict[str, str]:
    """`crew.run` with at most so many processes here.

    Raises:
        EngineError: the processes don't come up, and nothing was done by any of them.
        UsageError: raised in a process, such as for a full disk; the others are ended.
    """
    return crew.run(_Processes(start, processes), shards, gather)


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


class _Processes:
    """A `crew.Crew` of processes, started as they are wanted, ended when they have failed."""

    def __init__(self, start: Start, most: int) -> None:
        self._start = start
        self._most = most
        self._all: list[_Process] = []

    def has_room(self, waiting: int) -> bool:
        wanted = waiting + sum(bool(process.jobs) for process in self._all)
        while len(self._all) < min(self._most, wanted):
            self._all.append(_Process(self._start))
        return self._idle() is not None

    def _idle(self) -> _Process | None:
        return next((p for p in self._all if p.ready and not p.jobs), None)

    def hand(self, jobs: list[Job]) -> None:
        idle = self._idle()
        if idle is None:
            raise RuntimeError("no process is idle: ask `has_room` first")
        idle.hand(jobs)

    def busy(self) -> bool:
        return any(process.jobs for process in self._all)

    def wait(self, seconds: float) -> list[Told]:
        heard = wait([process.connection for process in self._all], seconds)
        told = (self._take(p) for p in [p for p in self._all if p.connection in heard])
        return [one for one in told if one is not None]

    def _take(self, process: _Process) -> Told | None:
        """What a process says of its shard; one that is of no more use is ended."""
        said = process.heard()
        if said.what == "ready":
            process.ready = True
            return None
        if said.what == "begun":
            process.begun = True
            return Told("begun")
        jobs, process.jobs = process.jobs, []
        if said.what != "done":
            process.end()
            self._all.remove(process)
        if not process.begun:
            return Told("not_started", jobs, said.reason, said.error)
        return Told("done" if said.what == "done" else "failed", jobs, said.reason, said.error)

    def retire(self) -> None:
        while self._all:
            self._all.pop().retire()

    def end(self) -> None:
        while self._all:
            self._all.pop().end()
