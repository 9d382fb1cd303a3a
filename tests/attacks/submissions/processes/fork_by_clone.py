"""Forks by the system call itself.

stopped by: seccomp
witness: survivor
control: open
"""

import os
import signal
import time

from grader.sandbox import kernel


def square(x):
    if kernel.syscall("clone", signal.SIGCHLD, 0, 0, 0, 0) == 0:
        time.sleep(600)
        os._exit(0)
    return x
