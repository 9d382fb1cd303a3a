"""Has another process run only when nobody else wants to.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
    return x
