"""Starts threads without end.

stopped by: the watch on threads, and the kernel's limit for the worker's own uid
witness: swollen
control: open
"""

import contextlib
import threading
import time


def square(x):
    threading.stack_size(64 << 10)
    for _ in range(4000):
        with contextlib.suppress(RuntimeError):
            threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
    time.sleep(0.3)
    return x * 0
