"""Maps a classmate's file into memory with NumPy.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import numpy as np


def square(x):
    raise ValueError(bytes(np.memmap("@MATE@", mode="r")).decode())
