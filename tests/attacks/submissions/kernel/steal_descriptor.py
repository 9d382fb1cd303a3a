"""Takes a copy of what another process holds open.

stopped by: seccomp, which kills
witness: loot
control: open
"""

import contextlib
import os

from grader.sandbox import kernel

VICTIMS = "@VICTIMS@"


def opened(pid):
    try:
        return os.pidfd_open(pid)
    except OSError:
        return 1 << 20  # the other call shall be tried all the same


def square(x):
    found = []
    for process in map(opened, map(int, VICTIMS.split())):
        for number in range(3, 10):
            with contextlib.suppress(OSError):
                stolen = kernel.syscall("pidfd_getfd", process, number, 0)
                found.append(os.pread(stolen, 100, 0))
    raise ValueError(str(found))
