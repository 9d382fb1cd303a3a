"""The crew on this machine: processes side by side, whatever becomes of any one of them.

A process that dies takes nothing along but what it was at; the others aren't disturbed. Its start,
with an import of TensorFlow, costs as much as several submissions: it stays from batch to batch.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection, wait
from pathlib import Path

from grader import crew, folders
from grader.crew import Batch, Execute, Gather, Told
from grader.engine.config import EngineConfig
from grader.job import Job, Said, Shard, Start

_END_SECONDS = 10.0

_CONTEXT = multiprocessing.get_context("spawn")


@contextmanager
def standing() -> Iterator[Execute]:
    """A `crew.Execute` of processes here that are kept for the next batch of the same kind.

    At most so many work side by side as a batch is given. It raises what `crew.run` does, and ends
    what is being done then; at the end of the context all processes are gone.
    """
    kept = Standing()
    try:
        yield kept.run
        kept.retire()
    finally:
        kept.end()


def run(
    batch: Batch, shards: Sequence[list[Job]], processes: int, gather: Gather
) -> dict[str, str]:
    """A `crew.Execute` for a single batch.

    Raises:
        EngineError: the processes don't come up, and nothing was done by any of them.
        UsageError: raised in a process, such as for a full disk; the others are ended.
    """
    with standing() as execute:
        return execute(batch, shards, processes, gather)


class Standing:
    """The processes, all started alike, and the directory that they work in.

    Whoever makes one ends it, come what may; `standing` does both.
    """

    def __init__(self) -> None:
        self._kind: tuple[Path, EngineConfig, Path] | None = None
        self._processes: list[_Process] = []
        self._folder = ExitStack()
        self._work = Path()

    def run(
        self, batch: Batch, shards: Sequence[list[Job]], processes: int, gather: Gather
    ) -> dict[str, str]:
        """A `crew.Execute`."""
        kind = (batch.course, batch.config, batch.store)
        if self._kind != kind:
            self.retire()
            parent = Path(tempfile.gettempdir())
            self._work = self._folder.enter_context(folders.temporary(parent))
            self._kind = kind
        start = Start(batch.course, batch.config, self._work, os.getpid(), batch.store)
        return crew.run(_Crew(self._processes, start, batch.seed, processes), shards, gather)

    def dismiss(self) -> None:
        """Tells all of them to tidy up and go, and doesn't wait for it: `retire` does."""
        self._kind = None
        for process in self._processes:
            process.connection.close()

    def retire(self) -> None:
        """Lets all of them tidy up at once."""
        self.dismiss()
        while self._processes:
            self._processes.pop().retire()
        self._clear()

    def end(self) -> None:
        """Ends them now."""
        while self._processes:
            self._processes.pop().end()
        self._clear()

    def _clear(self) -> None:
        self._folder.close()
        self._kind = None


class _Process:
    """One process and the shard that it is at."""

    def __init__(self, start: Start) -> None:
        from grader import member  # with pytest and numpy: where something is to be graded

        self.connection: Connection
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=member.serve, args=(theirs, start), daemon=True)
        self._process.start()
        theirs.close()  # or its end would go unnoticed
        self.ready = False
        self.begun = False
        self.jobs: list[Job] = []

    def hand(self, seed: int, jobs: list[Job]) -> None:
        """Gives it a shard. It waits for one; should it be dead, `heard` says so."""
        self.jobs, self.begun = jobs, False
        with contextlib.suppress(OSError):
            self.connection.send(Shard(seed, tuple(jobs)))

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


class _Crew:
    """A `crew.Crew` of processes, started as they are wanted, ended when they have failed."""

    def __init__(self, processes: list[_Process], start: Start, seed: int, most: int) -> None:
        self._all = processes
        self._start = start
        self._seed = seed
        self._most = most

    def has_room(self, waiting: int) -> bool:
        busy = sum(bool(process.jobs) for process in self._all)
        while len(self._all) < min(self._most, waiting + busy):
            self._all.append(_Process(self._start))
        return busy < self._most and self._idle() is not None

    def _idle(self) -> _Process | None:
        return next((p for p in self._all if p.ready and not p.jobs), None)

    def hand(self, jobs: list[Job]) -> None:
        idle = self._idle()
        if idle is None:
            raise RuntimeError("no process is idle: ask `has_room` first")
        idle.hand(self._seed, jobs)

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
        """Nothing: they stay."""

    def end(self) -> None:
        """Ends those that are at work."""
        for process in [process for process in self._all if process.jobs]:
            self._all.remove(process)
            process.end()
