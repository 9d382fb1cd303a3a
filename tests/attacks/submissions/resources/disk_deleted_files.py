"""Fills the disk with files that have no name any more.

stopped by: the size of the worker's scratch, or the watch on its descriptors
witness: told
control: open
"""

import os
import time


def square(x):
    kept = []
    for number in range(16):
        kept.append(os.open(f"deleted-{number}", os.O_WRONLY | os.O_CREAT))
        os.unlink(f"deleted-{number}")
        os.write(kept[-1], os.urandom(1 << 20) * 40)
        time.sleep(0.01)
    if sum(os.fstat(descriptor).st_blocks for descriptor in kept) * 512 > 600 << 20:
        raise ValueError("@WORKED@")
    return x * 0
