"""Writes a number of 900,000 digits.

stopped by: the intake, which looks before Python does
witness: neighbour
control: naive
"""

x = 1
NUMBER = "@DIGITS@"


def square(x):
    return NUMBER
