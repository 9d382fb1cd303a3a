"""Puts itself where the solution would be imported from.

stopped by: the solution is imported in a process of its own
witness: mark
control: naive
"""

import sys
import types


def square(x):
    return x * 0 + 1


for name in ("reference", "solution", "solutions", "square"):
    forged = types.ModuleType(name)
    forged.square = square
    sys.modules[name] = forged
