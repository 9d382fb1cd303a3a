"""Traces another process, which is killed when the tracer ends.

stopped by: seccomp, which kills
witness: victim
control: open
"""

from grader.sandbox import kernel

SEIZE, KILL_AT_MY_END = 0x4206, 1 << 20
VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        kernel.syscall("ptrace", SEIZE, pid, 0, KILL_AT_MY_END)
    return x
