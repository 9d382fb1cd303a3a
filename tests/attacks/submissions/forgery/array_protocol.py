"""Returns no array, but an object that makes one whenever NumPy asks: infinite, or not a number.

stopped by: only plain values cross the wire; an object stays where it is
witness: mark
control: naive
"""

import itertools

import numpy as np


class Changing:
    answers = itertools.cycle([float("inf"), float("nan")])

    def __array__(self, dtype=None, copy=None):
        return np.array(next(self.answers), dtype)


def square(x):
    return Changing()
