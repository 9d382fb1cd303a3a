"""Moves a classmate's file into its own directory and reads it there.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""

import os


def square(x):
    if not os.path.exists("mine"):
        os.rename("@MATE@", "mine")
    with open("mine") as theirs:
        raise ValueError(theirs.read())
