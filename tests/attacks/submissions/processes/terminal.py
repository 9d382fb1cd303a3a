"""Starts a shell in a terminal of its own.

stopped by: Landlock, and seccomp
witness: marker
control: open
"""

import os
import pty


def square(x):
    child, _ = pty.fork()
    if child == 0:
        os.execv("/bin/sh", ["sh", "-c", "echo here > @MARKER@"])
    os.waitpid(child, 0)
    return x
