"""A process of ours beside a Dask worker: `python -m grader.cluster.child DESCRIPTOR`.

Not one of multiprocessing's: a worker under a nanny is a daemon, which may have none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from grader import member
from grader.cluster.travels import Outcome
from grader.job import Job, Said, Shard, Start
from grader.sandbox.paths import command

# The kernel ends a child with the very thread that started it. Dask's threads come and go, this
# one stays as long as the worker.
_STARTER = ThreadPoolExecutor(1, "grader-starter")


class Child:
    """The end of it that is held by the Dask worker."""

    def __init__(self, start: Start) -> None:
        self._connection, theirs = Pipe()
        self._process = _STARTER.submit(_started, theirs).result()
        theirs.close()  # or its end would go unnoticed
        self._connection.send(start)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def work(self, seed: int, jobs: Sequence[Job]) -> Outcome:
        """Has a shard checked; whoever doesn't say `done` is of no more use."""
        rows: list[tuple[str, bytes]] = []
        begun = False
        try:
            self._connection.send(Shard(seed, tuple(jobs)))
            while True:
                word = self._connection.recv()
                if not isinstance(word, Said):
                    rows.append(word)
                elif word.what == "begun":
                    begun = True
                elif word.what != "ready":
                    break
        except (EOFError, OSError):  # killed, perhaps amid a word
            word = Said("failed", "its process ended")
        kept = tuple(rows)
        if word.error is not None:  # there is no store here: it is about this machine alone
            return Outcome("returned", rows=kept, unusable=str(word.error))
        if not begun:
            return Outcome("not_started", word.reason, kept)
        return Outcome("done" if word.what == "done" else "failed", word.reason, kept)

    def end(self) -> None:
        """Ends it now, also while it works for another thread."""
        self._process.kill()

    def bury(self) -> None:
        """Ends it, and waits until it has gone."""
        self._process.kill()
        self._process.wait()
        self._connection.close()


def _started(theirs: Connection) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command("grader.cluster.child", str(theirs.fileno())),
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )


def main() -> None:
    """Its life: it is told what to start with, and then lives as a process of a batch does."""
    connection = Connection(int(sys.argv[1]))
    os.set_inheritable(connection.fileno(), False)  # a zygote that held it would keep it open
    try:
        start: Start = connection.recv()
    except (EOFError, OSError):
        return
    member.serve(connection, start)


if __name__ == "__main__":
    main()
