"""Replaces a module that the next submission's check imports.

stopped by: a process for each submission
witness: neighbour
control: naive
"""

import sys
import types


def nothing(x):
    return "nothing"


def square(x):
    for name in ("reference", "square", "numpy", "tensorflow"):
        if name in sys.modules:
            sys.modules[name] = types.SimpleNamespace(square=nothing)
    return x
