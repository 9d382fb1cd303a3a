"""Opens descriptors until there are no more.

stopped by: the kernel's limit on open descriptors
witness: swollen
control: open
"""

import contextlib
import os
import time


def square(x):
    with contextlib.suppress(OSError):
        for _ in range(5_000):
            os.open(os.devnull, os.O_RDONLY)
    time.sleep(0.3)
    return x * 0
