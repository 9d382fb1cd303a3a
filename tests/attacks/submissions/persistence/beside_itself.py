"""Puts a module beside itself that is found before the library's.

stopped by: Landlock
witness: marker
control: open
"""

import os


def square(x):
    with open(os.path.join(os.path.dirname(__file__), "numpy.py"), "w") as module:
        module.write("1 / 0")
    return x
