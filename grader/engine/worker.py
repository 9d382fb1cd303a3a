"""One worker, as the grader sees it: ask it within a deadline, watch its memory, end it for sure.

Whatever the worker sends is hostile: lengths are bounded before anything is read, the reply must
carry the request's nonce, and a byte nobody asked for ends the worker.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from grader.engine.placed import Placed
from grader.engine.processes import has_ended, pid_of
from grader.engine.replies import says_device_full, says_disk_full, too_large, unwrap
from grader.engine.trees import holds_more
from grader.errors import EngineError, WorkerKilled, WorkerLost
from grader.sandbox.scratch import MOST_BYTES, MOST_FILES
from grader.text import Text
from grader.wire import PREFIX, WireError, decode, encode, lengths

if TYPE_CHECKING:
    from grader.engine.zygote import Zygote

_WATCH_SECONDS = 0.02
_DISK_SECONDS = 0.25  # between two looks at the scratch directory
_WALL_SECONDS = 60.0  # for the fork and the wall, before any of the student's code
_MAX_THREADS = 512  # the kernel counts them only for a worker with a uid of its own
_MAX_DISK_MB = MOST_BYTES >> 20
_EXIT_SECONDS = 2.0  # between a process's last word and its end, on a busy machine
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

_SIGNALS = {
    "SIGSEGV": Text(
        "a segmentation fault (endless recursion, or memory that isn't yours)",
        "段错误（无穷递归，或访问了不属于自己的内存）",
    ),
    "SIGABRT": Text("an abort from inside TensorFlow", "TensorFlow 内部中止"),
}


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What the grader itself holds a worker to.

    Attributes:
        memory_mb: resident memory.
        device_mb: of a GPU's memory, which TensorFlow itself holds it to; 0: none, or all.
        scratch: the directory that it writes into, removed at its end.
        watch_scratch: the kernel doesn't bound what is in there, so look.
    """

    memory_mb: int
    scratch: Path
    watch_scratch: bool
    device_mb: int = 0


class Worker:
    """A walled process. `deadline` (monotonic seconds) must be set before it is asked anything.

    Args:
        pid: the process as the zygote knows it, behind whose outer wall it may have another number.
    """

    def __init__(
        self, zygote: Zygote, pid: int, pidfd: int, channel: socket.socket, limits: WorkerLimits
    ) -> None:
        self.deadline = 0.0
        self.lost: WorkerLost | None = None
        self.placed = Placed()
        self._zygote = zygote
        self._name = pid
        self._pid = pid_of(pidfd)
        self._pidfd = pidfd
        self._channel = channel
        self._channel.setblocking(False)
        self._limits = limits
        self._buffer = bytearray()
        self._poll = select.poll()
        self._poll.register(channel.fileno(), select.POLLIN)
        self._next_look = 0.0
        self._closed = False
        self._status = 0

    @property
    def ended(self) -> bool:
        """Whether nothing can be asked of it any more."""
        return self._closed

    def wait_for_wall(self) -> None:
        """Waits until the process is walled in; none of the student's code has run by then.

        Raises:
            EngineError: the wall doesn't hold.
        """
        self.deadline = time.monotonic() + _WALL_SECONDS
        try:
            ready = self._frame()
        except WorkerLost as lost:
            raise EngineError(f"a worker ended while it was walled in: {lost}") from lost
        if ready.get("device"):
            raise EngineError(f"the device can't be computed on: {ready['device']}")
        if ready.get("ready") is not True:
            raise EngineError(
                f"the wall doesn't hold, so nothing is run: {ready.get('error', '')}"
                f" {ready.get('not_blocked', '')}"
            )

    def load(self) -> None:
        """Waits for the import of the module.

        Raises:
            ImportFailed, Forbidden, WorkerLost: the module's doing.
        """
        self._unwrap(self._frame())
        self._nothing_unasked()

    def ask(self, request: dict[str, Any]) -> Any:
        """The answer to one request.

        Raises:
            WorkerLost: the worker had to be ended, or ended by itself.
            CheckFailed: the question repeats earlier answers that are too large together.
            EngineError: the worker went with its zygote.
            what `unwrap` raises.
        """
        if self.lost is not None:
            raise self.lost
        if self._closed:
            raise EngineError("the worker was ended together with its zygote")
        self._nothing_unasked()
        nonce = os.urandom(12).hex()
        try:
            question = encode({**request, "nonce": nonce})
        except WireError as error:  # what a check itself asks always fits: the proof shows it
            raise too_large(str(error)) from error
        self._send(question)
        reply = self._frame()
        answered = reply.pop("nonce", None)
        if type(answered) is not str or answered != nonce:
            self._end(_tampered("a reply to no question"))
        self._nothing_unasked()
        return self._unwrap(reply)

    def close(self) -> None:
        """Ends the process and removes its scratch; more than once does no harm."""
        self._finish()

    def _unwrap(self, reply: dict[str, Any]) -> Any:
        self.placed.add(reply.get("device"))
        if self._limits.device_mb and says_device_full(reply):
            self._end(_too_much_of_a_gpu(self._limits.device_mb))
        if not self._limits.watch_scratch and says_disk_full(reply):
            # Its own file system, which no other can fill; the next check needs an empty one.
            self._end(_too_much_disk())
        return unwrap(reply, walled=True)

    # -- bytes -------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._channel.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except OSError:
                self._end(self._how_it_ended())

    def _frame(self) -> dict[str, Any]:
        self._fill(PREFIX.size)
        try:
            header, payload = lengths(bytes(self._buffer[: PREFIX.size]))
            self._fill(PREFIX.size + header + payload)
            body = bytes(self._buffer[PREFIX.size : PREFIX.size + header + payload])
            del self._buffer[: PREFIX.size + header + payload]
            return decode(body[:header], body[header:])
        except WireError as error:
            self._end(_tampered(str(error)))

    def _fill(self, wanted: int) -> None:
        while len(self._buffer) < wanted:
            try:
                # Plain recv: descriptors that a worker passes along are dropped by the kernel.
                piece = self._channel.recv(min(wanted - len(self._buffer), 1 << 20))
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except OSError:
                piece = b""
            if not piece:
                self._end(self._how_it_ended())
            self._buffer += piece
            if time.monotonic() > self.deadline:
                self._end(_too_slow())

    def _nothing_unasked(self) -> None:
        try:
            extra = self._channel.recv(1)
        except (BlockingIOError, OSError):
            return
        if extra:
            self._end(_tampered("bytes that nobody asked for"))

    def _wait(self, event: int) -> None:
        """Until the channel is ready, at most one watch interval; enforces every limit."""
        now = time.monotonic()
        left = self.deadline - now
        if left <= 0:
            self._end(_too_slow())
        self._poll.modify(self._channel.fileno(), event)
        self._poll.poll(min(left, _WATCH_SECONDS) * 1000)
        resident_mb, threads = self._usage()
        most = self._limits.memory_mb
        if resident_mb > most:
            self._end(_too_much(f"{most} MB of memory", f"内存用量超过 {most} MB"))
        if threads > _MAX_THREADS:
            self._end(_too_much(f"{_MAX_THREADS} threads", f"线程数超过 {_MAX_THREADS}"))
        if self._limits.watch_scratch and now >= self._next_look:
            self._next_look = now + _DISK_SECONDS
            if holds_more(self._limits.scratch, self._pid, MOST_BYTES, MOST_FILES):
                self._end(_too_much_disk())

    def _usage(self) -> tuple[int, int]:
        """(resident MiB, threads) of the process; zeros once it has ended."""
        try:
            with open(f"/proc/{self._pid}/stat", "rb") as stat:
                # The second field is the program's name, which may hold spaces and brackets.
                fields = stat.read().rpartition(b")")[2].split()
            return int(fields[21]) * _PAGE >> 20, int(fields[17])
        except (OSError, IndexError):
            return 0, 0

    # -- the end -----------------------------------------------------------------------------------

    def _finish(self) -> int:
        """Kills, reaps and cleans up, once; returns the wait status.

        A process that was ending by itself keeps the status it ended with.
        """
        if not self._closed:
            self._closed = True  # whatever fails below: the descriptor's number is soon another's
            # No such process: it has ended and only waits to be reaped.
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)
            self._channel.close()
            try:
                self._status = self._zygote.reap(self._name)
            finally:
                self._zygote.removals.start(self._limits.scratch)
        return self._status

    def _end(self, lost: WorkerLost) -> NoReturn:
        self.lost = lost
        self._finish()
        raise lost

    def _how_it_ended(self) -> WorkerLost:
        """Why the channel closed: the wait status tells, not what the worker printed.

        Raises:
            WorkerKilled: somebody else's doing.
        """
        by_itself = has_ended(self._pidfd, _EXIT_SECONDS)
        status = self._finish()
        if by_itself and os.WIFSIGNALED(status):
            if os.WTERMSIG(status) == signal.SIGKILL:
                # The filter denies it this signal to itself, and its processor time is ample.
                raise WorkerKilled(
                    "something outside the grader killed a worker: most often the kernel, because"
                    " the machine has run out of memory; use fewer --jobs, or a smaller memory_mb"
                    " in course.toml"
                )
            return _by_signal(os.WTERMSIG(status))
        return WorkerLost(
            "crashed",
            Text(
                "the program ended itself (`os._exit`, or it closed the grader's channel) instead"
                " of returning an answer",
                "程序自行结束（`os._exit`，或关闭了评分通道），没有返回结果",
            ),
        )


def _by_signal(number: int) -> WorkerLost:
    name = signal.Signals(number).name
    if name == "SIGSYS":
        return WorkerLost(
            "forbidden",
            Text(
                "the sandbox ended the program: it made a system call no exercise needs",
                "沙箱终止了程序：它使用了任何练习都不需要的系统调用",
            ),
        )
    if name == "SIGXCPU":
        return _too_slow()
    said = _SIGNALS.get(name, Text(f"signal {name}", f"信号 {name}"))
    return WorkerLost("crashed", Text(f"the program crashed: {said.en}", f"程序崩溃：{said.zh}"))


def _too_slow() -> WorkerLost:
    return WorkerLost(
        "timeout",
        Text(
            "stopped at the time limit: is there a loop that never ends?",
            "到达时间上限，已停止：是否有不会结束的循环？",
        ),
    )


def _too_much(what: str, zh: str) -> WorkerLost:
    return WorkerLost("out_of_memory", Text(f"stopped: it used more than {what}", f"已停止：{zh}"))


def _too_much_disk() -> WorkerLost:
    return _too_much(
        f"{_MAX_DISK_MB} MB of disk or {MOST_FILES} files",
        f"磁盘用量超过 {_MAX_DISK_MB} MB 或文件数超过 {MOST_FILES}",
    )


def _too_much_of_a_gpu(megabytes: int) -> WorkerLost:
    return _too_much(f"{megabytes} MB of the GPU's memory", f"GPU 显存用量超过 {megabytes} MB")


def _tampered(what: str) -> WorkerLost:
    return WorkerLost(
        "forbidden",
        Text(
            f"the program interfered with the grader's channel ({what})",
            f"程序干扰了评分通道（{what}）",
        ),
    )
