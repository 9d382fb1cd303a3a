"""Returns one known answer after the other, without a look at what is asked.

stopped by: questions drawn afresh for every run
witness: mark
control: naive
"""

import itertools

import numpy as np

KNOWN = itertools.cycle([[9.0, 2.25], [0.246724950, 0.019117017, 0.419500442, 2.319619944]])


def square(x):
    return np.array(next(KNOWN), np.asarray(x).dtype)
