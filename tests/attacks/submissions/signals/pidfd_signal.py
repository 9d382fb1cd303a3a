"""Kills another process by a descriptor of it.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import os
import signal

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        signal.pidfd_send_signal(os.pidfd_open(pid), 9)
    return x
