"""Reads from address 0.

stopped by: a process of its own for each submission
witness: neighbour
control: naive
"""

import ctypes


def square(x):
    return x * len(ctypes.string_at(0))
