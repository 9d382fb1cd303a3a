"""The watcher's side of its warm processes: hands out jobs, ends them, tells what has ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from grader.settings import SETTINGS
from grader.watch.events import Ended, Event, Lost, Ready
from grader.watch.job import Job

Tell = Callable[[Event], None]
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}  # whatever it is elsewhere: with two no fork works
_END_OF_LOG = 2000
_GOES = 5.0  # seconds that a warm process has to end by itself


class Warm(Protocol):
    """Makes one check at a time."""

    def start(self, job: Job) -> None:
        """Begins a check, at once or as soon as it can; what is under way is ended."""

    def stop(self) -> None:
        """Ends the check that is under way."""

    def close(self) -> None:
        """Ends everything."""


def warm_processes(tell: Tell, logs: Path) -> Warm:
    """What suits this system.

    On macOS a fork without an exec can crash in Apple's own libraries, so CPython's multiprocessing
    doesn't fork there either (https://docs.python.org/3/library/multiprocessing.html).
    """
    return Forks(tell, logs) if sys.platform == "linux" else Spares(tell, logs)


class _Process:
    """A warm process: its pipes, and a thread that reads what it says."""

    def __init__(self, module: str, log: Path, heard: Callable[[_Process, dict[str, int]], None],
                 ended: Callable[[_Process, int], None]) -> None:  # fmt: skip
        self.log = log
        self.closing = False
        # Ctrl-C is the watcher's to handle, so the process is in no group that gets it.
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        with log.open("wb") as stderr:
            # -P: a file of the student's that is named like a library's is no library.
            self.popen = subprocess.Popen(
                [sys.executable, "-P", "-m", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**SETTINGS, **os.environ, **_ONE_THREAD},
                start_new_session=True,
                creationflags=group,
            )
        self._heard = heard
        self._ended = ended
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.popen.stdout is not None
        with self.popen.stdout:
            for line in self.popen.stdout:
                self._heard(self, json.loads(line))
        status = self.popen.wait()
        self._close_stdin()
        self._ended(self, status)

    def _close_stdin(self) -> None:
        assert self.popen.stdin is not None
        with suppress(OSError):
            self.popen.stdin.close()

    def send(self, data: bytes) -> None:
        """Writes to it; that it is gone is told by the thread."""
        assert self.popen.stdin is not None
        with suppress(OSError, ValueError):
            self.popen.stdin.write(data)
            self.popen.stdin.flush()

    def kill(self) -> None:
        """Ends it and what it has started."""
        self.closing = True
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.kill()
        self.popen.wait()
        self._close_stdin()

    def close(self) -> None:
        """Has it end by itself, so that it ends what it has forked."""
        self.closing = True
        self._close_stdin()
        try:
            self.popen.wait(_GOES)
        except subprocess.TimeoutExpired:
            self.kill()

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-_END_OF_LOG:]


class Forks:
    """One zygote that forks each check."""

    def __init__(self, tell: Tell, logs: Path) -> None:
        self._tell = tell
        self._ready = False
        self._process = _Process(
            "grader.watch.zygote", logs / "zygote.log", self._heard, self._ended
        )

    def start(self, job: Job) -> None:
        self._process.send(job.encode())

    def stop(self) -> None:
        self._process.send(b'{"stop": true}\n')

    def close(self) -> None:
        if self._ready:
            self._process.close()
        else:  # while it imports it doesn't listen
            self._process.kill()

    def _heard(self, process: _Process, message: dict[str, int]) -> None:
        if "ready" in message:
            self._ready = True
            self._tell(Ready())
        else:
            self._tell(Ended(message["ended"], message["status"]))

    def _ended(self, process: _Process, status: int) -> None:
        if not process.closing:
            self._tell(Lost(process.said()))


class Spares:
    """A process for each check, started while the one before is at work."""

    def __init__(self, tell: Tell, logs: Path) -> None:
        self._tell = tell
        self._logs = logs
        self._count = 0
        self._runs: dict[_Process, int] = {}
        self._spare = self._new()

    def _new(self) -> _Process:
        self._count += 1
        log = self._logs / f"spare-{self._count}.log"
        return _Process("grader.watch.spare", log, self._heard, self._ended)

    def start(self, job: Job) -> None:
        self.stop()
        process, self._spare = self._spare, self._new()
        self._runs[process] = job.run
        process.send(job.encode())

    def stop(self) -> None:
        for process in list(self._runs):
            process.kill()
            self._runs.pop(process, None)

    def close(self) -> None:
        self.stop()
        self._spare.kill()

    def _heard(self, process: _Process, message: dict[str, int]) -> None:
        self._tell(Ready())

    def _ended(self, process: _Process, status: int) -> None:
        run = self._runs.pop(process, None)
        if run is not None and not process.closing:
            self._tell(Ended(run, status))
        elif not process.closing:
            self._tell(Lost(process.said()))
