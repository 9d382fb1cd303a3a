"""Kills the group of the process that forked it.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os


def square(x):
    os.killpg(os.getpgid(os.getppid()), 9)
    return x
