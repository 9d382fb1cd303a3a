"""Returns answers that it knows by heart from an earlier grading.

stopped by: questions drawn afresh for every run
witness: mark
control: naive
"""

import numpy as np

EXAMPLE = np.array([9.0, 2.25])
DRAWN = np.array([0.246724950, 0.019117017, 0.419500442, 2.319619944])


def square(x):
    asked = np.asarray(x)
    return (EXAMPLE if asked.shape == (2,) else DRAWN).astype(asked.dtype)
