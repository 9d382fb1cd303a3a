# @ODDCODEC@
"""Declares an encoding that isn't one of text.

stopped by: the intake, which looks before Python does
witness: neighbour
control: naive
"""

NUMBER = 1


def square(x):
    return NUMBER
