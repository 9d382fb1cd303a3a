"""Kills every process that it may send a signal to.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os


def square(x):
    os.kill(-1, 9)
    return x
