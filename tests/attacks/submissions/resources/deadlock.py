"""Waits for a lock that it holds itself, at exit as well.

stopped by: the check's deadline, and SIGKILL through a pidfd
witness: swollen
control: open
"""

import atexit
import threading

LOCK = threading.Lock()
LOCK.acquire()
atexit.register(LOCK.acquire)


def square(x):
    LOCK.acquire()
    return x * x
