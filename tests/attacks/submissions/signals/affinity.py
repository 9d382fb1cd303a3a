"""Confines another process to one processor.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        os.sched_setaffinity(pid, {min(os.sched_getaffinity(pid))})
    return x
