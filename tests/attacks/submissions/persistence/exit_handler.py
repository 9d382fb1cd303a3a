"""Has something done when the process ends.

stopped by: Landlock, and the worker's end without handlers
witness: marker
control: naive
"""

import atexit
import pathlib

atexit.register(lambda: pathlib.Path("@MARKER@").write_text("at the end"))


def square(x):
    return x
