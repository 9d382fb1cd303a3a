"""Makes its child a child of its parent, so that it isn't its own.

stopped by: seccomp
witness: survivor
control: open
"""

import os
import signal
import time

from grader.sandbox import kernel

CLONE_PARENT = 0x8000


def square(x):
    if kernel.syscall("clone", CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        time.sleep(600)
        os._exit(0)
    return x
