"""Returns an object to which NumPy hands over every function that it is asked for.

stopped by: only plain values cross the wire
witness: mark
control: naive
"""

import numpy as np


class Taken:
    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        return self if ufunc in (np.subtract, np.multiply, np.absolute) else np.False_

    def __array_function__(self, function, types, arguments, settings):
        return True if function in (np.allclose, np.array_equal) else np.zeros(1, bool)

    def __sub__(self, other):
        return self

    def __truediv__(self, other):
        return self


def square(x):
    return Taken()
