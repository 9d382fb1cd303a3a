"""Finds out whether a file exists that it may not read.

stopped by: the outer wall; without it the report says that this is possible
witness: told
control: open
needs: outer wall
"""

import os


def square(x):
    if os.path.exists("@CANARY@"):
        raise ValueError("@WORKED@")
    return x
