"""Fills the disk with large files.

stopped by: the size of the worker's scratch, or the watch on it
witness: swollen
control: open
"""

import os
import time


def square(x):
    for number in range(40):
        with open(f"large-{number}", "wb") as stream:
            stream.write(os.urandom(1 << 20) * 40)
        time.sleep(0.01)
    time.sleep(0.3)
    return x * 0
