"""Fills memory with one array, faster than anybody looks.

stopped by: the kernel's limit on a process's data, or the watch
witness: swollen
control: open
"""

import time

import numpy as np


def square(x):
    filled = np.ones(2200 << 17)
    time.sleep(0.3)
    return filled[0] * x * 0
