"""Empties a classmate's file by its path.

stopped by: seccomp, and Landlock
witness: marker
control: open
"""

import os


def square(x):
    os.truncate("@MATE@", 0)
    return x
