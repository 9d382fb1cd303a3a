"""Reads whatever it finds open.

stopped by: every descriptor but four is closed
witness: loot
control: open
"""

import contextlib
import os


def square(x):
    found = []
    for number in range(4, 256):
        with contextlib.suppress(OSError):
            found.append(os.pread(number, 100, 0))
    raise ValueError(str(found))
