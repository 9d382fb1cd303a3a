"""Stops the process that forked it, which would hold up everybody.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os


def square(x):
    os.kill(os.getppid(), 19)
    return x
