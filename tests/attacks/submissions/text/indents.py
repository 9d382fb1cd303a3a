"""Nests 200 blocks.

stopped by: the intake, which looks before Python does
witness: neighbour
control: naive
"""

NUMBER = 1
# @INDENTS@


def square(x):
    return NUMBER
