"""Returns an array whose every difference is zero.

stopped by: arrays cross the wire as bytes, and are plain arrays there
witness: mark
control: naive
"""

import numpy as np


class Exact(np.ndarray):
    def __sub__(self, other):
        return np.zeros(self.shape)

    __rsub__ = __sub__

    def __eq__(self, other):
        return np.True_

    def tobytes(self, *arguments):
        return bytes(self.nbytes)


def square(x):
    return np.zeros(np.shape(x), "float32").view(Exact)
