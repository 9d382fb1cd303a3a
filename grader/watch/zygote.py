"""The warm process where the system forks: a fork of it makes each check.

`python -P -m grader.watch.zygote`, told what to do in lines of JSON over its standard input, which
it answers over its standard output. It has one thread and runs no operation of TensorFlow's: a fork
of a process that has hangs in `tf.function`. So a check, which has, can't fork the fresh processes
that it asks for: it has this process do that, and pass it the pipes.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from grader import course as courses
from grader.errors import UsageError
from grader.sandbox import kernel
from grader.watch.fresh import Forker
from grader.watch.job import Job
from grader.watch.session import run_session, warm_up
from grader.worker.local import serve_module

_MOST = 1 << 18


@dataclass(slots=True)
class _Run:
    """The check that is under way, and the fresh processes it has asked for."""

    number: int
    pid: int
    wants: socket.socket
    fresh: set[int] = field(default_factory=set)


class Zygote:
    """Forks, and ends what it has forked.

    Args:
        requests, replies: descriptors of the pipes to and from the watcher.
    """

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies
        self._pid = os.getpid()
        self._half = b""
        self._run: _Run | None = None
        self._selector = selectors.DefaultSelector()
        self._selector.register(requests, selectors.EVENT_READ, self._ordered)
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._selector.register(self._woken, selectors.EVENT_READ, self._child_ended)

    def serve(self) -> NoReturn:
        """Until the watcher closes its end."""
        signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler nothing wakes
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        self._tell({"ready": True, "threads": len(os.listdir("/proc/self/task"))})
        while True:
            for key, _ in self._selector.select():
                key.data()

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            os.write(self._replies, json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            self._end()
            os._exit(0)

    def _ordered(self) -> None:
        data = os.read(self._requests, _MOST)
        if not data:
            self._end()
            os._exit(0)
        *lines, self._half = (self._half + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            self._end()
            if "job" in message:
                self._begin(Job.decode(message))

    def _begin(self, job: Job) -> None:
        with contextlib.suppress(UsageError):  # the check says it
            courses.load_again(Path(job.course))  # for all later forks
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            self._become_a_child(ours)
            try:
                run_session(job, Forker(theirs))
            finally:
                os._exit(0)
        theirs.close()
        self._run = _Run(job.run, pid, ours)
        self._selector.register(ours, selectors.EVENT_READ, self._wanted)

    def _become_a_child(self, *closed: socket.socket) -> None:
        """A group of its own, so that whatever it starts is ended with it."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        kernel.die_with_parent(self._pid)
        self._selector.close()
        for descriptor in (self._requests, self._replies, self._woken, self._wake):
            os.close(descriptor)
        for end in closed:
            end.close()

    def _wanted(self) -> None:
        """The check wants a fresh process, or is done with one."""
        run = self._run
        assert run is not None
        try:
            data, descriptors, _, _ = socket.recv_fds(run.wants, _MOST, 2)
        except ConnectionResetError:
            data, descriptors = b"", []
        if not data:  # the check has closed its end, or its process is gone
            self._selector.unregister(run.wants)
            return
        message = json.loads(data)
        if "end" in message:
            if message["end"] in run.fresh:
                run.fresh.remove(message["end"])
                _kill(message["end"])
            run.wants.send(b"{}")
            return
        pid = os.fork()
        if pid == 0:
            self._become_a_child(run.wants)
            nothing = os.open(os.devnull, os.O_RDWR)
            for standard in (0, 1, 2):
                os.dup2(nothing, standard)
            try:
                serve_module(
                    Path(message["file"]), message["shortcuts"], message["ops"], *descriptors
                )
            finally:
                os._exit(0)
        run.fresh.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        run.wants.send(json.dumps({"pid": pid}).encode())

    def _child_ended(self) -> None:
        os.read(self._woken, 4096)
        run = self._run
        if run is None:
            return
        ended = os.waitid(os.P_PID, run.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is not None:
            status = self._end()
            self._tell({"ended": run.number, "status": status})

    def _end(self) -> int:
        """Ends the run, whatever it is at; its exit status, negative for a signal."""
        run, self._run = self._run, None
        if run is None:
            return 0
        for pid in run.fresh:
            _kill(pid)
        status = _kill(run.pid)
        with contextlib.suppress(KeyError):
            self._selector.unregister(run.wants)
        run.wants.close()
        return status


def _kill(pid: int) -> int:
    """Ends a child that isn't reaped yet, and its group; its status."""
    for kill in (os.kill, os.killpg):  # it may not have made its group yet
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    """Keeps the pipes for itself, warms up, and serves."""
    kernel.die_with_parent(os.getppid())
    requests, replies = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    warm_up()
    Zygote(requests, replies).serve()


if __name__ == "__main__":
    main()
