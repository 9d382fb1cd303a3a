"""Has the C library run a shell.

stopped by: seccomp
witness: marker
control: open
"""

import os


def square(x):
    if os.system("echo here > @MARKER@"):
        raise PermissionError(1, "no shell")
    return x
