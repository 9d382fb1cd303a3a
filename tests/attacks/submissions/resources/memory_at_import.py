"""Fills memory while it is imported, swallowing what tells it to stop.

stopped by: the watch on resident memory
witness: swollen
control: open
"""

import contextlib
import time

KEPT = []
while len(KEPT) < 44:
    with contextlib.suppress(MemoryError):
        KEPT.append(b"x" * (50 << 20))
    time.sleep(0.005)
time.sleep(0.3)


def square(x):
    return x * 0
