"""Ignores every signal and catches everything that can be raised.

stopped by: SIGKILL, which nobody can ignore
witness: swollen
control: open
"""

import contextlib
import signal
import threading

for number in range(1, 65):
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_IGN)
with contextlib.suppress(AttributeError, OSError):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))


def again():
    while True:
        with contextlib.suppress(BaseException):
            while True:
                pass


def square(x):
    for _ in range(4):
        threading.Thread(target=again).start()
    again()
