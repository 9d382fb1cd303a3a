"""Lowers another process's priority.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        os.setpriority(os.PRIO_PROCESS, pid, 19)
    return x
