"""Replaces itself by a program that it holds open.

stopped by: Landlock, and seccomp
witness: marker
control: open
"""

import os


def square(x):
    os.execve(os.open("/bin/sh", os.O_RDONLY), ["sh", "-c", "echo here > @MARKER@"], {})
