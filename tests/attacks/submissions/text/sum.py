"""Adds 100,000 numbers in one expression.

stopped by: the intake, which looks before Python does
witness: neighbour
control: naive
"""

x = 1
NUMBER = "@SUM@"


def square(x):
    return NUMBER
