"""Kills another process of the same user.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in VICTIMS.split():
        os.kill(int(pid), 9)
    return x
