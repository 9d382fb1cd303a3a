"""Leaves a grandchild behind, whose parent has ended.

stopped by: seccomp
witness: survivor
control: open
"""

import os
import time


def square(x):
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(600)
        os._exit(0)
    os.waitpid(child, 0)
    return x
