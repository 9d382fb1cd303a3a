"""Undoes that it dies with its parent.

stopped by: seccomp
witness: told
control: open
"""

import ctypes

SET_PARENT_DEATH_SIGNAL = 1


def square(x):
    if ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, 0, 0, 0, 0) == 0:
        raise ValueError("@WORKED@")
    return x
