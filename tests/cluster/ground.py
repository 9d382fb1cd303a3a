"""A Dask cluster as staff starts it by hand: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader import batch, course, shard
from grader.cluster.crew import Cluster
from grader.engine.config import EngineConfig
from grader.results import Row
from grader.sandbox.levels import Level
from grader.store import Store
from grader.submissions import Submission

TINY = Path(__file__).parents[1] / "courses" / "tiny"
HEAD = "import tensorflow as tf\n"
RIGHT = HEAD + "def square(x):\n    return x * x\n"
CUBE = HEAD + "def square(x):\n    return x * x * x\n"


def submission(student: str, source: str = RIGHT) -> Submission:
    return Submission(student, "square", "ready", source.encode(), f"{student}/square.py")


def several(count: int) -> list[Submission]:
    """Submissions, no two alike, every fifth of them wrong."""
    kinds = (RIGHT, RIGHT, CUBE, RIGHT, RIGHT)
    return [submission(f"s{n}", f"{kinds[n % 5]}# {n}\n") for n in range(count)]


def grade(
    submissions: Sequence[Submission],
    store: Path,
    cluster: Cluster | None = None,
    on_row: Callable[[Row], None] = lambda row: None,
    root: Path = TINY,
) -> list[Row]:
    """Grades on the cluster; here if there is none."""
    loaded = course.load(root)
    opened = Store(store)
    execute = {} if cluster is None else {"execute": cluster.run}
    plan = batch.Plan(
        course=loaded,
        specs=shard.collect([loaded.by_id("square")]),
        submissions=submissions,
        config=EngineConfig(Level.STRICT, loaded.limits),
        seed=3,
        jobs=2,
        store=opened,
        use_store=True,
        **execute,
    )
    try:
        return batch.grade(plan, on_row)
    finally:
        opened.close()


class Logged:
    """A process whose lines are read as they come, so that it can be told when it is ready."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._new: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._new.put(line)
        self._new.put("")

    def awaits(self, text: str) -> str:
        """The next line that holds `text`."""
        while line := self._new.get(timeout=60):
            self.lines.append(line)
            if text in line:
                return line
        raise AssertionError(f"ended without {text!r}: {''.join(self.lines)}")

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()
        self._reader.join()


class Ground:
    """The processes of one cluster.

    Attributes:
        folder: where they keep what is temporary; workers with uids of their own may pass.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""
        self.scheduler: Logged | None = None
        self.workers: list[Logged] = []

    def start_scheduler(self, port: int = 0) -> None:
        """Starts one; `address` is where it listens."""
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"
        )
        self.address = self.scheduler.awaits("Scheduler at:").split()[-1]

    def start_worker(self, *more: str, **environment: str) -> Logged:
        """Starts one, and waits until the scheduler knows it."""
        worker = self._start(
            "worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--host",
            "127.0.0.1", "--local-directory", str(self.folder), *more, **environment,
        )  # fmt: skip
        self.workers.append(worker)
        worker.awaits("Registered to:")
        return worker

    def _start(self, *arguments: str, **environment: str) -> Logged:
        return Logged(
            [sys.executable, "-m", "dask", *arguments],
            {**os.environ, "TMPDIR": str(self.folder), **environment},
        )

    def end(self) -> None:
        """Ends them all."""
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            process.kill()


@contextmanager
def ground() -> Iterator[Ground]:
    """A ground with a scheduler and no workers yet."""
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    folder.chmod(0o755)
    made = Ground(folder)
    try:
        made.start_scheduler()
        yield made
    finally:
        made.end()
        shutil.rmtree(folder)
