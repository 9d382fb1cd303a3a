"""Fills memory with Python's objects.

stopped by: the watch on resident memory
witness: swollen
control: open
"""

import time


def square(x):
    kept = []
    while len(kept) < 44:
        kept.append(bytearray(b"x") * (50 << 20))
        time.sleep(0.01)
    time.sleep(0.3)
    return x * 0
