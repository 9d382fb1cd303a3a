"""Starts a program by posix_spawn.

stopped by: seccomp
witness: marker
control: open
"""

import os


def square(x):
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "echo here > @MARKER@"], {})
    os.waitpid(child, 0)
    return x
