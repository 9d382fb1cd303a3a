"""Try what a walled process must not be able to do, while only trusted code runs in it.

A wall that was put up without an error can still have a hole: a path in the wrong list, a kernel
that ignores a flag. So each of these is really tried, and a failure counts as blocked only if it
is the wall's own (EPERM or EACCES): a canary that isn't there proves nothing.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SCRATCH = "no working scratch directory"
_PROBE = ".wall-self-test"
_BY_THE_WALL = (errno.EPERM, errno.EACCES)


def not_blocked(*, canary: str, scratch: str, files: bool, own_uid: bool) -> tuple[str, ...]:
    """Run the self-test.

    Args:
        canary: an existing file that must not be readable.
        scratch: the directory in which writing must work.
        files: Landlock is in force, so no file outside may be read or written.
        own_uid: the process has given up the grader's uid, so file modes hold the canary.

    Returns:
        Names of what isn't as it must be, empty if the wall holds.
    """
    tries: dict[str, Callable[[], None]] = {
        "inet socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
        "unix socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close(),
        "fork": _fork,
        "exec": lambda: _execute(scratch),
        "signal to the parent": lambda: os.kill(os.getppid(), 0),
        "memfd": _memfd,
    }
    if files or own_uid:
        tries["reading the canary"] = lambda: _open(canary, os.O_RDONLY)
        tries["writing the canary"] = lambda: _open(canary, os.O_WRONLY)
    if files:
        if os.path.exists("/etc/passwd"):  # not so behind the outer wall
            tries["reading /etc/passwd"] = lambda: _open("/etc/passwd", os.O_RDONLY)
        tries["writing outside scratch"] = lambda: _create_beside(scratch)
    open_holes = [name for name, attempt in tries.items() if not _is_blocked(attempt)]
    if not _scratch_works(scratch):
        open_holes.append(SCRATCH)
    return tuple(open_holes)


def _is_blocked(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except OSError as error:
        return error.errno in _BY_THE_WALL
    return False


def _open(path: str, flags: int) -> None:
    os.close(os.open(path, flags))


def _create_beside(scratch: str) -> None:
    path = os.path.join(os.path.dirname(scratch.rstrip("/")), f"{_PROBE}-{os.getpid()}")
    _open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.unlink(path)


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _execute(scratch: str) -> None:
    # The filter answers before the path is looked up, so a file that isn't there tells them apart
    # without replacing this process where exec is open.
    os.execv(os.path.join(scratch, _PROBE), ["self-test"])


def _memfd() -> None:
    if sys.platform == "linux":
        os.close(os.memfd_create("self-test"))


def _scratch_works(scratch: str) -> bool:
    path = os.path.join(scratch, _PROBE)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            written = os.write(descriptor, b"x")
        finally:
            os.close(descriptor)
        os.unlink(path)
    except OSError:
        return False
    return written == 1
