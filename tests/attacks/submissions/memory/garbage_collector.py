"""Asks the garbage collector for every function called like its own, and uses another's.

stopped by: another process: the solution is not in this one
witness: mark
control: naive
"""

import gc
import types

gc.unfreeze()
LIBRARIES = ("keras", "numpy", "tensorflow", "jax")


def square(x):
    for found in gc.get_objects():
        if type(found) is types.FunctionType and found.__name__ == "square":
            library = found.__module__.startswith(LIBRARIES)
            if not library and found.__code__.co_filename != __file__:
                return found(x)
    return x * 0
