"""Looks for the right answer among the local variables of its callers.

stopped by: another process: the answers are not in this one
witness: mark
control: naive
"""

import inspect


def square(x):
    for info in inspect.stack(0):
        variables = {**info.frame.f_globals, **info.frame.f_locals}
        for name in ("want", "wanted", "expected", "solution", "answer", "square", "reference"):
            found = variables.get(name)
            if callable(found) and found is not square:
                return found(x)
            if getattr(found, "shape", None) == x.shape:
                return found
    return x * 0
