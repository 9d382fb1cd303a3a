"""Has a NUL byte in its text.

stopped by: the intake, which looks before Python does
witness: neighbour
control: naive
"""

NAME = "@NUL@"


def square(x):
    return NAME
