"""Asks for an attribute of an attribute, 100,000 times.

stopped by: the intake, which looks before Python does
witness: neighbour
control: naive
"""

x = 1
NUMBER = "@CHAIN@"


def square(x):
    return NUMBER
