"""Reads the submissions that wait to be graded after it.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import glob
import os


def square(x):
    found = []
    above = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for path in glob.glob(f"{above}/submission-*/*.py"):
        if path != __file__:
            with open(path) as theirs:
                found.append(theirs.read()[-60:])
    raise ValueError(str(found))
