"""Kills another process by a queued signal.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import ctypes

from grader.sandbox import kernel

VICTIMS = "@VICTIMS@"
# Signal number, error, and the code that says who queued it.
INFORMATION = bytes((ctypes.c_int * 32)(9, 0, -1))


def square(x):
    information = ctypes.create_string_buffer(INFORMATION)
    for pid in map(int, VICTIMS.split()):
        kernel.syscall("rt_sigqueueinfo", pid, 9, information)
    return x
