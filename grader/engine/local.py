"""Backends for the self-check: the module in this process, and in a fresh one without a wall."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from grader.engine.replies import unwrap
from grader.errors import EngineError, StudentError
from grader.wire import PREFIX, decode, encode, lengths


class Process(Protocol):
    """A process that serves one module over pipes; a `subprocess.Popen` is one."""

    @property
    def stdin(self) -> IO[bytes] | None: ...
    @property
    def stdout(self) -> IO[bytes] | None: ...
    def kill(self) -> None: ...
    def wait(self) -> int: ...


Start = Callable[[Path, Sequence[str], Sequence[str]], Process]
"""Starts a process with the module in a file, told the shortcuts and operations to watch."""


def start_process(file: Path, shortcuts: Sequence[str], ops: Sequence[str]) -> Process:
    """A new Python, which imports TensorFlow first: seconds."""
    watched = json.dumps([list(shortcuts), list(ops)])
    return subprocess.Popen(
        [sys.executable, "-m", "grader.worker.local", str(file), watched],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"},
    )


class LocalBackend:
    """The module in this very process: the student's code on the student's machine.

    Requests and replies go through the wire's encoder all the same, so that what passes here is
    judged the same way there.
    """

    def __init__(
        self,
        file: Path,
        shortcuts: Sequence[str] = (),
        ops: Sequence[str] = (),
        *,
        start: Start | None = None,
    ) -> None:
        self.file = file
        self._shortcuts = shortcuts
        self._ops = ops
        self._start = start
        self._answerer: Any = None
        self._failed: StudentError | None = None
        self._fresh: list[ProcessBackend] = []

    def ask(self, request: dict[str, Any]) -> Any:
        if self._answerer is None:
            self._import()
        if self._failed is not None:
            raise self._failed
        return unwrap(_through(self._answerer.reply(_through(request))), walled=False)

    def fresh(self) -> ProcessBackend:
        self._fresh.append(ProcessBackend(self.file, self._shortcuts, self._ops, start=self._start))
        return self._fresh[-1]

    def close_fresh(self) -> None:
        """Ends the processes that `fresh` has started."""
        while self._fresh:
            self._fresh.pop().close()

    def _import(self) -> None:
        from grader.worker.answering import Answerer
        from grader.worker.traces import TraceWatch
        from grader.worker.tripwires import Tripwires

        self._answerer = Answerer(TraceWatch(), Tripwires())
        loaded = self._answerer.load(self.file, self._shortcuts, self._ops)
        try:
            unwrap(_through(loaded), walled=False)
        except StudentError as error:
            self._failed = error
            raise


class ProcessBackend:
    """The module in a new process, asked over pipes; `start` makes it, by default a new Python."""

    def __init__(
        self,
        file: Path,
        shortcuts: Sequence[str] = (),
        ops: Sequence[str] = (),
        *,
        start: Start | None = None,
    ) -> None:
        self.file = file
        self._shortcuts = shortcuts
        self._ops = ops
        self._start = start or start_process
        self._process = self._start(file, shortcuts, ops)
        self._begun = False
        self._fresh: list[ProcessBackend] = []

    def ask(self, request: dict[str, Any]) -> Any:
        if not self._begun:
            self._begun = True
            unwrap(self._read(), walled=False)
        assert self._process.stdin is not None
        nonce = uuid.uuid4().hex
        self._process.stdin.write(encode({**request, "nonce": nonce}))
        self._process.stdin.flush()
        reply = self._read()
        if reply.pop("nonce", None) != nonce:
            raise EngineError("the fresh process answered another question")
        return unwrap(reply, walled=False)

    def fresh(self) -> ProcessBackend:
        self._fresh.append(ProcessBackend(self.file, self._shortcuts, self._ops, start=self._start))
        return self._fresh[-1]

    def close(self) -> None:
        """Ends the process and those it has started."""
        while self._fresh:
            self._fresh.pop().close()
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        prefix = self._process.stdout.read(PREFIX.size)
        if len(prefix) < PREFIX.size:
            raise StudentError("SystemExit", "the process ended before it answered")
        header, payload = lengths(prefix)
        return decode(self._process.stdout.read(header), self._process.stdout.read(payload))


def _through(value: dict[str, Any]) -> dict[str, Any]:
    frame = encode(value)
    header, _ = lengths(frame[: PREFIX.size])
    return decode(frame[PREFIX.size : PREFIX.size + header], frame[PREFIX.size + header :])
