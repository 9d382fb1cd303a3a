"""Lets page faults wait for user space, which makes races in the kernel easy to win.

stopped by: seccomp, which kills
witness: told
control: open
"""

from grader.sandbox import kernel

USER_MODE_ONLY = 1


def square(x):
    kernel.syscall("userfaultfd", USER_MODE_ONLY)
    raise ValueError("@WORKED@")
