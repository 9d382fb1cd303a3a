"""Kills another process by the call that is meant for threads.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

from grader.sandbox import kernel

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        kernel.syscall("tgkill", pid, pid, 9)
    return x
