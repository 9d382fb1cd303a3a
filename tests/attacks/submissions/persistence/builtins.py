"""Replaces built-in functions.

stopped by: a process for each submission
witness: neighbour
control: naive
"""

import builtins


def square(x):
    builtins.any = lambda items: True
    builtins.isinstance = lambda thing, kind: False
    return x
