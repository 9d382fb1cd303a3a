"""Aborts.

stopped by: a process of its own for each submission
witness: neighbour
control: naive
"""

import os


def square(x):
    os.abort()
