"""Kills another process by its group.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in VICTIMS.split():
        os.killpg(int(pid), 9)
    return x
