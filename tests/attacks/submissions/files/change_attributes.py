"""Hangs an extended attribute on a classmate's file.

stopped by: seccomp, which pretends: Landlock doesn't govern attributes
witness: marker
control: open
"""

import os


def square(x):
    os.setxattr("@MATE@", "user.grade", b"10")
    return x
