"""Forks by every way there is, and goes on when one is shut.

stopped by: seccomp: no new process
witness: survivor
control: open
"""

import contextlib
import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
SIGCHLD = 17


def left_behind():
    """The orphan of an orphan, in a session of its own."""
    os.setsid()
    if os.fork() == 0:
        time.sleep(1e6)
    os._exit(0)


WAYS = [
    os.fork,
    os.forkpty,
    libc.fork,
    libc.vfork,
    lambda: libc.syscall(56, SIGCHLD, 0, 0, 0, 0),
    lambda: libc.syscall(56, 0x8000 | SIGCHLD, 0, 0, 0, 0),
    lambda: libc.syscall(57),
]


def square(x):
    for way in WAYS:
        with contextlib.suppress(OSError):
            if way() in (0, (0, -1)):
                left_behind()
    return x * 0
