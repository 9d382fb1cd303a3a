"""Reads a file that only the grader's user may read.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""


def square(x):
    with open("@CANARY@") as secret:
        raise ValueError(secret.read())
