"""Asks whether two processes share a file: a way to learn kernel addresses.

stopped by: seccomp, which kills
witness: told
control: open
"""

import os

from grader.sandbox import kernel


def square(x):
    kernel.syscall("kcmp", os.getpid(), os.getpid(), 0, 0, 1)
    raise ValueError("@WORKED@")
