"""Fills memory that it shares with nobody, by ways that the watch on a process may not see.

stopped by: seccomp: no memfd, no shared anonymous memory
witness: swollen
control: open
"""

import contextlib
import mmap
import os
import time

KEPT = []


def anonymous(size):
    KEPT.append(mmap.mmap(-1, size))
    return KEPT[-1]


def nameless(size):
    descriptor = os.memfd_create("kept")
    os.truncate(descriptor, size)
    KEPT.append(mmap.mmap(descriptor, size))
    return KEPT[-1]


def square(x):
    for make in (nameless, anonymous):
        for _ in range(22):
            with contextlib.suppress(OSError):
                page = make(50 << 20)
                for place in range(0, len(page), 4096):
                    page[place] = 1
    time.sleep(0.3)
    KEPT.clear()
    return x * 0
