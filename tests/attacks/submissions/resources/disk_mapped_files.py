"""Fills the disk with files that have no name and no descriptor, only a mapping.

stopped by: the size of the worker's scratch, or the limit on the process's address space
witness: swollen
control: open
"""

import mmap
import os
import time


def square(x):
    kept = []
    for number in range(50):
        with open(f"mapped-{number}", "w+b") as stream:
            stream.write(os.urandom(1 << 20) * 40)
            stream.flush()
            kept.append(mmap.mmap(stream.fileno(), 0))
            kept[-1].madvise(mmap.MADV_WILLNEED)
            sum(kept[-1][::4096])
        os.unlink(f"mapped-{number}")
        time.sleep(0.01)
    time.sleep(0.3)
    return x * 0
