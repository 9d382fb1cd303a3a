"""Makes a user namespace, in which it is root.

stopped by: seccomp, which kills
witness: told
control: open
"""

import os

from grader.sandbox import kernel

NEW_USER = 0x10000000

before = os.readlink("/proc/self/ns/user") if os.path.exists("/proc/self/ns/user") else ""
kernel.syscall("unshare", NEW_USER)
if os.readlink("/proc/self/ns/user") != before:
    raise ImportError("@WORKED@")


def square(x):
    return x
