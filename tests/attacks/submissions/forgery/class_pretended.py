"""Returns an object that says it is a tensor, whoever asks, and agrees with everything.

stopped by: only plain values cross the wire, and no operator of a student's decides
witness: mark
control: naive
"""

import numpy as np


class Pretender:
    __hash__ = None
    dtype, shape, ndim = np.dtype("float32"), (4,), 1
    __class__ = property(lambda self: np.ndarray)

    def __eq__(self, other):
        return True

    __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __eq__

    def __array__(self, dtype=None, copy=None):
        return np.zeros(4, "float32")

    def numpy(self):
        return self

    def __getattr__(self, name):
        return self


def square(x):
    return Pretender()
