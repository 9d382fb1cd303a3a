"""Recurses in C until the stack ends.

stopped by: a process of its own for each submission
witness: neighbour
control: naive
"""

import sys

sys.setrecursionlimit(1 << 30)


class Endless:
    def __getattr__(self, name):
        return getattr(self, name + "x")


def deeper(value):
    return deeper([*map(deeper, [value])])


def square(x):
    return deeper(x)
