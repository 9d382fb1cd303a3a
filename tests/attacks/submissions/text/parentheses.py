"""Nests 60,000 parentheses.

stopped by: the intake, which looks before Python does
witness: neighbour
control: naive
"""

x = 1
NUMBER = "@PARENTHESES@"


def square(x):
    return NUMBER
