"""Takes the interpreter apart while it runs.

stopped by: a process of its own for each submission
witness: neighbour
control: naive
"""

import ctypes


def square(x):
    ctypes.pythonapi.Py_FinalizeEx()
    return x * 0
