"""Writes two million lists, for each of which the parser takes more than a kilobyte.

stopped by: the intake, which looks before Python does
witness: swollen
control: naive
"""

NUMBER = "@TREES@"


def square(x):
    return NUMBER
