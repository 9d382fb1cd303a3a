"""Empties a classmate's file by opening it.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""

import os


def square(x):
    os.close(os.open("@MATE@", os.O_RDONLY | os.O_TRUNC))
    return x
