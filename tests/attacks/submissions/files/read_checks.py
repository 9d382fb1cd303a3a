"""Reads the hidden checks and tells them line by line.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""


def square(x):
    with open("@COURSE@/solutions/square/test_square.py") as checks:
        raise ValueError("; ".join(checks.readlines()[-3:]))
