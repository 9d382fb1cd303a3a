"""Writes one endless file, and a sparse one that claims to be larger than any disk.

stopped by: the kernel's limit on a file's size
witness: swollen
control: open
"""

import os
import signal
import time

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def square(x):
    block = os.urandom(1 << 20) * 40
    with open("endless", "wb", buffering=0) as stream:
        for _ in range(40):
            stream.write(block)
            time.sleep(0.01)
    os.truncate("endless", 1 << 42)
    time.sleep(0.3)
    return x * 0
