"""Kills another process by the call for threads from before there were thread groups.

stopped by: seccomp, and the outer wall
witness: victim
control: open
"""

import ctypes
import platform

TKILL = {"x86_64": 200, "aarch64": 130}[platform.machine()]
VICTIMS = "@VICTIMS@"


def square(x):
    for pid in map(int, VICTIMS.split()):
        if ctypes.CDLL(None).syscall(TKILL, pid, 9):
            raise PermissionError(1, "tkill")
    return x
