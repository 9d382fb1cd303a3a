"""Replaces itself by another program.

stopped by: seccomp
witness: marker
control: open
"""

import os


def square(x):
    os.execv("/bin/sh", ["sh", "-c", "echo here > @MARKER@"])
