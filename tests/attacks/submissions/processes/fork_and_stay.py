"""Leaves a child behind that has nothing to do with it any more.

stopped by: seccomp
witness: survivor
control: open
"""

import os
import time


def square(x):
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 256)
        time.sleep(600)
        os._exit(0)
    return x
