"""Returns right numbers in a shape of its own, cut off from its input.

stopped by: shapes compared before values
witness: mark
control: naive
"""

import numpy as np


def square(x):
    return (np.asarray(x) * np.asarray(x))[None, None]
